// The form comes to life: it works without any of this.
import { choose, closeAlternatives } from "./alternatives.js";
import { showCount } from "./count.js";
import { byId, form, say, submit, text } from "./dom.js";
import { restoreGlossary, watchGlossary } from "./glossary.js";
import { AUTO, canSwap, chooseLanguages, chosen, restoreLanguages, swap, takeLanguages, watchLanguages } from "./languages.js";
import { forget, stop, translate } from "./live.js";
import { forgetLink, linked } from "./link.js";
import { message } from "./messages.js";
import { resetFile } from "./files.js";
import { outputElement, showTools } from "./output.js";
import { align, sentenceOf, showCurrent } from "./sentences.js";

const PAUSE = 350;
const label = submit.textContent;

let busy = false;
let timer;

// the languages

function changeLanguages() {
  clearTimeout(timer);
  stop();
  takeLanguages();
  forget();
  translate();
}

function swapLanguages() {
  if (!canSwap()) {
    say(chosen.source === AUTO && !chosen.detected
      ? message("script-swap-unknown")
      : message("script-swap-impossible"));
    return;
  }
  const [original, translation] = [text.value, byId("output")?.textContent ?? ""];
  swap();
  if (translation !== "") {
    text.value = translation;
    outputElement().textContent = original;
    showCount();
  }
  changeLanguages();
}

watchLanguages(changeLanguages, swapLanguages);

// the text

byId("clear").addEventListener("click", () => {
  text.value = "";
  text.dispatchEvent(new Event("input"));
  text.focus();
});

function translateSoon() {
  clearTimeout(timer);
  stop();
  timer = setTimeout(() => { showCount(); translate(); }, PAUSE);
}

text.addEventListener("input", () => {
  forgetLink();
  translateSoon();
});
watchGlossary(() => {
  forget();
  translateSoon();
});

text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(submit);
  } else if (event.key === "Escape") {
    closeAlternatives();
  }
});
submit.title = "Ctrl+Enter";

document.addEventListener("selectionchange", showCurrent);
document.addEventListener("click", (event) => {
  const sentence = sentenceOf(event.target);
  if (sentence && getSelection().isCollapsed) choose(sentence);
});

// sending

form.addEventListener("submit", (event) => {
  // a switch of the page, with which the text is only sent along
  if (event.submitter?.getAttribute("formaction")) return;
  if (busy) {
    event.preventDefault();
    return;
  }
  busy = true;
  stop();
  const pressed = event.submitter ?? submit;
  pressed.setAttribute("aria-disabled", "true");
  pressed.textContent = message(pressed === submit ? "script-translating" : "script-file-sending");
});

// the page may come back from the browser's cache as it was left
window.addEventListener("pageshow", () => {
  busy = false;
  restoreLanguages();
  restoreGlossary();
  submit.removeAttribute("aria-disabled");
  submit.textContent = label;
  resetFile();
  openLink();
  showCount();
  const output = byId("output");
  if (output?.textContent) {
    showTools(true);
    align(output);
  } else if (text.value !== "" && !byId("alert")) {
    translate();
  }
});

/** Takes over the text of an address that has one. */
function openLink() {
  // nothing is at the address that the form was sent to with a switch
  if (location.pathname === "/settings") history.replaceState(null, "", "/");
  const found = linked();
  if (found.text === undefined || found.text === text.value) return;
  chooseLanguages(found);
  text.value = found.text;
}

window.addEventListener("hashchange", () => {
  openLink();
  showCount();
  translateSoon();
});
