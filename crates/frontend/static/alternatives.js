// Other translations of a sentence, to choose among.
import { byId, say, text } from "./dom.js";
import { chosen, language } from "./languages.js";
import { message } from "./messages.js";
import { ask } from "./request.js";
import { current, known, original, sentenceOf, showCurrent } from "./sentences.js";

const ALTERNATIVES = 4;

export async function choose(sentence) {
  text.focus();
  text.setSelectionRange(sentence.start, sentence.end);
  showCurrent();
  if (language() === chosen.target) return;
  const others = new Set();
  try {
    const asked = { text: original(sentence), source: language(), alternatives: ALTERNATIVES };
    await ask(asked, undefined, (event) => {
      if (event.event !== "sentence") return;
      others.add(event.text);
      for (const other of event.alternatives ?? []) others.add(other);
    });
  } catch (error) {
    say(error.message);
    return;
  }
  // it may have changed meanwhile
  if (sentenceOf(sentence.element) !== sentence) return;
  others.delete(sentence.element.textContent);
  show(sentence, others);
  return others.size > 0;
}

function show(sentence, others) {
  const items = [...others].map((other) => {
    const button = document.createElement("button");
    button.type = "button";
    button.lang = chosen.target;
    button.textContent = other;
    button.addEventListener("click", () => {
      known.set(original(sentence), other);
      sentence.element.textContent = other;
      leave();
    });
    const item = document.createElement("li");
    item.append(button);
    return item;
  });
  byId("alternatives").querySelector("ul").replaceChildren(...items);
  byId("alternatives").hidden = items.length === 0;
  byId("alternatives").scrollIntoView({ block: "nearest" });
}

export function closeAlternatives() { byId("alternatives").hidden = true; }

function leave() {
  closeAlternatives();
  text.focus();
}

// by the keyboard: for the sentence that the cursor is in

byId("others").addEventListener("click", async () => {
  const sentence = current();
  if (!sentence) say(message("script-no-sentence"));
  else if (await choose(sentence)) byId("alternatives").querySelector("button").focus();
  else say(message("script-no-others"));
});

byId("alternatives").addEventListener("keydown", ({ key }) => { if (key === "Escape") leave(); });
