// The visitor's terms: counted, remembered in this browser, and told to whoever translates.
import { byId } from "./dom.js";
import { message } from "./messages.js";

const KEY = "glossary";
const field = byId("glossary");

/** The terms as they were typed. */
export function glossary() { return field.value; }

function showTerms() {
  const terms = field.value.split("\n").filter((line) => line.trim() !== "" && !line.trim().startsWith("#"));
  byId("term-count").textContent = terms.length > 0 ? message("count-terms", { count: terms.length }) : "";
}

// the storage may be closed, as in some private windows; then nothing is remembered
function remember() {
  try {
    localStorage.setItem(KEY, field.value);
  } catch { /* see above */ }
}

export function restoreGlossary() {
  try {
    if (field.value === "") field.value = localStorage.getItem(KEY) ?? "";
  } catch { /* see above */ }
  showTerms();
}

/** Has `changed` called when the terms change. */
export function watchGlossary(changed) {
  field.addEventListener("input", () => {
    showTerms();
    remember();
    changed();
  });
}
