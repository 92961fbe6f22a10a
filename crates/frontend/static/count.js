// Counts the text as people count.
import { byId, text } from "./dom.js";

const number = (n) => n.toLocaleString("en");

export function showCount() {
  let characters = 0;
  for (const _ of text.value) characters += 1;
  const words = text.value.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’-]*/gu)?.length ?? 0;
  byId("count").textContent = `${number(characters)} characters, ${number(words)} words`;
  byId("clear").hidden = text.value === "";
}
