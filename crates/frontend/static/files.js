// Files: chosen, or dropped anywhere on the page. Whether one can be translated is told before it is sent.
import { byId, say } from "./dom.js";
import { message } from "./messages.js";

const input = byId("file");
const button = byId("translate-file");
const label = button.textContent;
const most = Number(byId("files").dataset.most) * 1024 * 1024;
const endings = input.accept.split(",").map((ending) => ending.trim());

/** What is wrong with a file as far as its name and size tell; the name of a message. */
function fault({ name, size }) {
  if (size > most) return "script-file-large";
  return endings.some((ending) => name.toLowerCase().endsWith(ending)) ? undefined : "script-file-format";
}

function tell() {
  const [file] = input.files;
  button.classList.toggle("primary", Boolean(file));
  if (!file) {
    say();
    return;
  }
  say(message(fault(file) ?? "script-file-ready", { name: file.name }));
}

input.addEventListener("change", tell);

// dropping

const holdsFiles = ({ dataTransfer }) => dataTransfer?.types.includes("Files");

function show(dropping) { document.body.classList.toggle("dropping", dropping); }

document.addEventListener("dragover", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
  show(true);
});

document.addEventListener("dragleave", ({ relatedTarget }) => {
  if (!relatedTarget) show(false);
});

document.addEventListener("drop", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  show(false);
  const { files } = event.dataTransfer;
  if (files.length > 1) {
    say(message("script-file-several"));
    return;
  }
  input.files = files;
  tell();
  button.focus();
});

/** The page may come back as it was left, with a file chosen. */
export function resetFile() {
  button.removeAttribute("aria-disabled");
  button.textContent = label;
  tell();
}
