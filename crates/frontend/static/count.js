// Counts the text as people count.
import { byId, text } from "./dom.js";
import { message } from "./messages.js";

export function showCount() {
  let characters = 0;
  for (const _ of text.value) characters += 1;
  const words = text.value.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’-]*/gu)?.length ?? 0;
  byId("count").textContent = `${message("count-characters", { count: characters })}, ${message("count-words", { count: words })}`;
  byId("clear").hidden = text.value === "";
}
