// The pane of the translation, and what can be done with it: copying and downloading.
import { showTargetCount } from "./count.js";
import { byId } from "./dom.js";
import { chosen } from "./languages.js";
import { message } from "./messages.js";

export function outputElement() {
  const existing = byId("output");
  if (existing) return existing;
  const output = document.createElement("div");
  Object.assign(output, { id: "output", className: "output", lang: chosen.target, dir: "auto" });
  byId("empty").replaceWith(output);
  return output;
}

export function showTools(shown) {
  byId("copy").hidden = !shown;
  byId("download").hidden = !shown;
  byId("others").hidden = !shown;
  showTargetCount();
}

// navigator.clipboard exists only over TLS and on localhost; elsewhere the selection is copied
async function copy(output) {
  try {
    await navigator.clipboard.writeText(output.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(output);
    return document.execCommand("copy");
  }
}

const copyLabel = byId("copy").textContent;
byId("copy").addEventListener("click", async ({ target: button }) => {
  const done = await copy(byId("output"));
  button.textContent = message(done ? "script-copied" : "script-copy-by-hand");
  setTimeout(() => { button.textContent = copyLabel; }, 2000);
});

byId("download").addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([byId("output").textContent], { type: "text/plain" }));
  link.download = "translation.txt";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
});
