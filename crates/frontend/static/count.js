// Counts texts as people count.
import { byId, text } from "./dom.js";
import { message } from "./messages.js";

const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}'’-]*/gu;

function counted(value) {
  let characters = 0;
  for (const _ of value) characters += 1;
  const words = value.match(WORD)?.length ?? 0;
  return `${message("count-characters", { count: characters })}, ${message("count-words", { count: words })}`;
}

export function showCount() {
  byId("count").textContent = counted(text.value);
  for (const id of ["clear", "link"]) byId(id).hidden = text.value === "";
}

/** Counts the translation, if there is one. */
export function showTargetCount() {
  const value = byId("output")?.textContent ?? "";
  byId("target-count").textContent = value === "" ? "" : counted(value);
}
