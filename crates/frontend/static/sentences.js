// The sentences of the text and of its translation: which belongs to which, and what is known of them already.
import { text } from "./dom.js";
import { outputElement } from "./output.js";

/** Translations of sentences, by sentence; what the visitor chose among others stays chosen. */
export const known = new Map();
/** The sentences as they were translated last: where each starts and ends in its text, and its element. */
let sentences = [];

/** The sentence as it stands in the text. */
export const original = ({ start, end, from }) => from.slice(start, end);

/** A translation of `value` that is put together sentence by sentence. */
export class Assembly {
  at = 0;
  sentences = [];
  nodes = [];

  constructor(value) { this.value = value; }

  add({ gap, length, text: translation }) {
    const start = this.at + gap;
    const end = start + length;
    const sentence = this.value.slice(start, end);
    if (translation !== undefined) known.set(sentence, translation);
    const element = document.createElement("span");
    element.className = "sentence";
    element.textContent = known.get(sentence) ?? sentence;
    this.nodes.push(this.value.slice(this.at, start), element);
    this.sentences.push({ start, end, from: this.value, element });
    this.at = end;
  }

  /** How much of the text it covers, from 0 to 1. */
  get share() { return this.at / this.value.length; }

  /** Shows what there is so far. */
  showPart() {
    outputElement().replaceChildren(...this.nodes);
    sentences = this.sentences;
  }

  show() {
    this.nodes.push(this.value.slice(this.at));
    this.showPart();
  }
}

/** Tells the sentences of a stored translation apart. */
export function align(output) {
  if (!output.dataset.alignment || sentences.length > 0) return;
  const assembly = new Assembly(text.value);
  const translation = output.textContent;
  let at = 0;
  let between = 0;
  for (const [gap, length, translated] of JSON.parse(output.dataset.alignment)) {
    at += gap;
    // a long text was translated in pieces, each of which ends with a gap alone
    between += gap;
    if (length === 0) continue;
    assembly.add({ gap: between, length, text: translation.slice(at, at + translated) });
    at += translated;
    between = 0;
  }
  assembly.show();
}

export function forgetSentences() { sentences = []; }

/** The sentences of the last translation whose own translations are known. */
export function knownSentences() { return sentences.map(original).filter((sentence) => known.has(sentence)); }

export function sentenceOf(element) { return sentences.find((sentence) => sentence.element === element); }

/** The sentence that the cursor is in. */
export function current() {
  const at = text.selectionStart;
  return sentences.find(({ start, end, from }) => from === text.value && start <= at && at <= end);
}

/** Marks the counterpart of the current sentence. */
export function showCurrent() {
  const now = document.activeElement === text ? current() : undefined;
  for (const sentence of sentences) sentence.element.classList.toggle("current", sentence === now);
}
