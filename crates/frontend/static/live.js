// Translation while typing: only sentences that are not known are asked for, and what is under way is given up when
// the text changes.
import { closeAlternatives } from "./alternatives.js";
import { showTargetCount } from "./count.js";
import { byId, form, say, text } from "./dom.js";
import { chosen, forgetDetected, showDetected } from "./languages.js";
import { message } from "./messages.js";
import { outputElement, showTools } from "./output.js";
import { Progress } from "./progress.js";
import { ask } from "./request.js";
import { Assembly, forgetSentences, known, knownSentences, showCurrent } from "./sentences.js";

const LIVE_BYTES = Number(form.dataset.liveBytes);

let asking = null;

/** Gives up what is under way. */
export function stop() { asking?.abort(); }

/** Forgets all translations, as they are of other languages. */
export function forget() {
  known.clear();
  forgetSentences();
}

export async function translate() {
  stop();
  closeAlternatives();
  const value = text.value;
  if (value.trim() === "") {
    clear();
    return;
  }
  if (new TextEncoder().encode(value).length > LIVE_BYTES) {
    say(message("script-live-too-long"));
    return;
  }
  const ours = new AbortController();
  asking = ours;
  const output = outputElement();
  output.setAttribute("aria-busy", "true");
  const assembly = new Assembly(value);
  const progress = new Progress();
  try {
    const asked = { text: value, known: knownSentences(), known_source: chosen.detected };
    await ask(asked, ours.signal, (event) => {
      if (event.event === "detected" && showDetected(event)) known.clear();
      if (event.event !== "sentence") return;
      assembly.add(event);
      if (progress.show(assembly.share)) assembly.showPart();
    });
    assembly.show();
    say(message("script-live-done"));
    showTools(true);
    showCurrent();
  } catch (error) {
    if (ours.signal.aborted) return;
    say(error.message);
    showTargetCount();
  } finally {
    if (asking === ours) {
      progress.end();
      output.removeAttribute("aria-busy");
    }
  }
}

function clear() {
  forgetDetected();
  byId("output")?.replaceChildren();
  forgetSentences();
  showTools(false);
  say();
}
