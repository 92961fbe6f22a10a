// Translation while typing, and conveniences. The form works without any of it.
const form = document.getElementById("form");
const text = document.getElementById("text");
const status = document.getElementById("status");
const submit = form.querySelector("button[type=submit]");
// languages can be chosen where there is more than one pair
const from = document.getElementById("from");
const to = document.getElementById("to");
const pairs = from && JSON.parse(form.dataset.pairs);
const AUTO = "auto";
let source = from?.value ?? form.dataset.source;
let target = to?.value ?? form.dataset.target;
/** The language of the text as it was found out last. */
let detected = source === AUTO && byId("detected").textContent ? form.dataset.source : undefined;
const LIVE_BYTES = Number(form.dataset.liveBytes);
const PAUSE = 350;
const ALTERNATIVES = 4;
const label = submit.textContent;
const hint = status.textContent;

let busy = false;
let asking = null;
let timer;
/** Translations of sentences, by sentence; what the visitor chose among others stays chosen. */
const known = new Map();
/** The sentences of the text as it was translated last: where each starts and ends in it, and its element. */
let sentences = [];

function byId(id) { return document.getElementById(id); }

// counting

function showCount() {
  let characters = 0;
  for (const _ of text.value) characters += 1;
  const words = text.value.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’-]*/gu)?.length ?? 0;
  const number = (n) => n.toLocaleString("en");
  byId("count").textContent = `${number(characters)} characters, ${number(words)} words`;
  byId("clear").hidden = text.value === "";
}

// live translation

function outputElement() {
  const existing = byId("output");
  if (existing) return existing;
  const output = document.createElement("div");
  Object.assign(output, { id: "output", className: "output", lang: target, dir: "auto" });
  byId("empty").replaceWith(output);
  return output;
}

function showTools(shown) {
  byId("copy").hidden = !shown;
  byId("download").hidden = !shown;
  byId("target-count")?.remove();
}

async function ask(body, signal, onEvent) {
  const response = await fetch("/live", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ source, target, ...body }),
    signal,
  });
  if (!response.ok) throw new Error((await response.json()).message);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) onEvent(JSON.parse(line));
  }
}

async function translate() {
  asking?.abort();
  closeAlternatives();
  const value = text.value;
  if (value.trim() === "") {
    clearOutput();
    status.textContent = hint;
    return;
  }
  if (new TextEncoder().encode(value).length > LIVE_BYTES) {
    status.textContent = "This text is too long to be translated while you type. Press Translate.";
    return;
  }
  const ours = new AbortController();
  asking = ours;
  const output = outputElement();
  output.setAttribute("aria-busy", "true");
  const before = sentences.map(({ start, end, from }) => from.slice(start, end));
  const result = { at: 0, sentences: [], nodes: [] };
  try {
    const asked = { text: value, known: before.filter((sentence) => known.has(sentence)), known_source: detected };
    await ask(asked, ours.signal, (event) => {
      if (event.event === "error") throw new Error(event.message);
      if (event.event === "detected") showDetected(event);
      if (event.event === "sentence") add(result, value, event);
    });
    result.nodes.push(value.slice(result.at));
    output.replaceChildren(...result.nodes);
    sentences = result.sentences;
    status.textContent = "Translated while you type. Press Translate to keep it in the history.";
    showTools(true);
    showCurrent();
  } catch (error) {
    if (ours.signal.aborted) return;
    status.textContent = error.message;
  }
  if (asking === ours) output.removeAttribute("aria-busy");
}

function add(result, value, { gap, length, text: translation }) {
  const start = result.at + gap;
  const end = start + length;
  const sentence = value.slice(start, end);
  if (translation !== undefined) known.set(sentence, translation);
  const element = document.createElement("span");
  element.className = "sentence";
  element.textContent = known.get(sentence) ?? sentence;
  result.nodes.push(value.slice(result.at, start), element);
  result.sentences.push({ start, end, from: value, element });
  result.at = end;
}

/** Tells the sentences of a stored translation apart. */
function align(output) {
  const value = text.value;
  const translation = output.textContent;
  const result = { at: 0, sentences: [], nodes: [] };
  let at = 0;
  for (const [gap, length, translated] of JSON.parse(output.dataset.alignment)) {
    at += gap;
    if (length > 0) add(result, value, { gap, length, text: translation.slice(at, at + translated) });
    at += translated;
  }
  result.nodes.push(value.slice(result.at));
  output.replaceChildren(...result.nodes);
  sentences = result.sentences;
}

function clearOutput() {
  if (from) forgetDetected();
  byId("output")?.replaceChildren();
  sentences = [];
  showTools(false);
}

// a sentence and its counterpart

function current() {
  const at = text.selectionStart;
  return sentences.find(({ start, end, from }) => from === text.value && start <= at && at <= end);
}

function showCurrent() {
  const now = document.activeElement === text ? current() : undefined;
  for (const sentence of sentences) sentence.element.classList.toggle("current", sentence === now);
}

async function choose(sentence) {
  text.focus();
  text.setSelectionRange(sentence.start, sentence.end);
  showCurrent();
  const original = sentence.from.slice(sentence.start, sentence.end);
  const others = new Set();
  if (language() === target) return;
  try {
    await ask({ text: original, source: language(), alternatives: ALTERNATIVES }, undefined, (event) => {
      if (event.event !== "sentence") return;
      others.add(event.text);
      for (const other of event.alternatives ?? []) others.add(other);
    });
  } catch (error) {
    status.textContent = error.message;
    return;
  }
  if (!sentences.includes(sentence)) return;
  others.delete(sentence.element.textContent);
  showAlternatives(sentence, original, others);
}

function showAlternatives(sentence, original, others) {
  const items = [...others].map((other) => {
    const button = document.createElement("button");
    button.type = "button";
    button.lang = target;
    button.textContent = other;
    button.addEventListener("click", () => {
      known.set(original, other);
      sentence.element.textContent = other;
      closeAlternatives();
    });
    const item = document.createElement("li");
    item.append(button);
    return item;
  });
  byId("alternatives").querySelector("ul").replaceChildren(...items);
  byId("alternatives").hidden = items.length === 0;
  byId("alternatives").scrollIntoView({ block: "nearest" });
}

function closeAlternatives() { byId("alternatives").hidden = true; }

// languages

/** The language of the text: as it was chosen, or as it was found out. */
function language() { return source === AUTO ? detected ?? AUTO : source; }

function showDetected({ language: found, label }) {
  if (found !== detected) known.clear();
  detected = found;
  text.lang = found;
  if (byId("detected").textContent !== label) byId("detected").textContent = label;
  showSwap();
}

function forgetDetected() {
  detected = undefined;
  byId("detected").textContent = "";
  showSwap();
}

/** Offers the languages that the source is translated to, and takes the first if the chosen one is not among them. */
function showTargets() {
  const possible = pairs[source] ?? [];
  for (const option of to.options) option.disabled = option.hidden = !possible.includes(option.value);
  if (!possible.includes(to.value) && possible.length > 0) [to.value] = possible;
}

function canSwap() {
  const now = language();
  return now !== AUTO && now !== target && Boolean(pairs[target]?.includes(now));
}

function showSwap() {
  const swap = byId("swap");
  swap.hidden = false;
  // not disabled, which would take the focus away
  swap.setAttribute("aria-disabled", String(!canSwap()));
}

/** Takes over the languages as they are chosen now. */
function takeLanguages() {
  source = from.value;
  showTargets();
  target = to.value;
  known.clear();
  sentences = [];
  if (source === AUTO) text.removeAttribute("lang");
  else text.lang = source;
  const output = byId("output");
  if (output) output.lang = target;
  forgetDetected();
  if (byId("new")) byId("new").search = new URLSearchParams({ source, target });
  // a reload of the form keeps the choice
  if (location.pathname === "/") history.replaceState(null, "", `/?${new URLSearchParams({ source, target })}`);
}

function changeLanguages() {
  clearTimeout(timer);
  asking?.abort();
  takeLanguages();
  translate();
}

function swapLanguages() {
  if (!canSwap()) {
    status.textContent = source === AUTO && !detected
      ? "The languages can be swapped once the language of the text is known."
      : "There is no model for the other direction.";
    return;
  }
  const [original, translation] = [text.value, byId("output")?.textContent ?? ""];
  const other = language();
  from.value = target;
  for (const option of to.options) option.disabled = option.hidden = false;
  to.value = other;
  if (translation !== "") {
    text.value = translation;
    outputElement().textContent = original;
    showCount();
  }
  changeLanguages();
}

if (from) {
  from.addEventListener("change", changeLanguages);
  to.addEventListener("change", changeLanguages);
  byId("swap").addEventListener("click", swapLanguages);
}

// copying and downloading

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

byId("copy").addEventListener("click", async ({ target: button }) => {
  const done = await copy(byId("output"));
  button.textContent = done ? "Copied" : "Press Ctrl+C";
  setTimeout(() => { button.textContent = "Copy"; }, 2000);
});

byId("download").addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([byId("output").textContent], { type: "text/plain" }));
  link.download = "translation.txt";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
});

// the form

byId("clear").addEventListener("click", () => {
  text.value = "";
  text.dispatchEvent(new Event("input"));
  text.focus();
});

text.addEventListener("input", () => {
  clearTimeout(timer);
  asking?.abort();
  timer = setTimeout(() => { showCount(); translate(); }, PAUSE);
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
  const sentence = sentences.find(({ element }) => element === event.target);
  if (sentence && getSelection().isCollapsed) choose(sentence);
});

form.addEventListener("submit", (event) => {
  if (busy) {
    event.preventDefault();
    return;
  }
  busy = true;
  asking?.abort();
  submit.setAttribute("aria-disabled", "true");
  submit.textContent = "Translating…";
});

// the page may come back from the browser's cache as it was left
window.addEventListener("pageshow", () => {
  busy = false;
  if (from) {
    showTargets();
    target = to.value;
    showSwap();
  }
  submit.removeAttribute("aria-disabled");
  submit.textContent = label;
  status.textContent = hint;
  showCount();
  const output = byId("output");
  if (!output?.textContent) return;
  showTools(true);
  if (output.dataset.alignment && sentences.length === 0) align(output);
});
