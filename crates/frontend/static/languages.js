// The languages: which are chosen, which of them the text was found to be in, and what else can be chosen.
import { byId, form, text } from "./dom.js";

export const AUTO = "auto";

// there is a choice only where there is more than one pair
const from = byId("from");
const to = byId("to");
const pairs = from && JSON.parse(form.dataset.pairs);

/** The pair that is chosen, and the language of the text as it was found out last. */
export const chosen = {
  source: from?.value ?? form.dataset.source,
  target: to?.value ?? form.dataset.target,
  detected: undefined,
};
if (chosen.source === AUTO && byId("detected").textContent) chosen.detected = form.dataset.source;

/** The language of the text: as it was chosen, or as it was found out. */
export function language() { return chosen.source === AUTO ? chosen.detected ?? AUTO : chosen.source; }

/** Whether another language was found out than before. */
export function showDetected({ language: found, label }) {
  const changed = found !== chosen.detected;
  chosen.detected = found;
  text.lang = found;
  // what has not changed is not read out again
  if (byId("detected").textContent !== label) byId("detected").textContent = label;
  showSwap();
  return changed;
}

export function forgetDetected() {
  if (!from) return;
  chosen.detected = undefined;
  byId("detected").textContent = "";
  showSwap();
}

/** Offers the languages that the source is translated to, and takes the first if the chosen one is not among them. */
function showTargets() {
  const possible = pairs[chosen.source] ?? [];
  for (const option of to.options) option.disabled = option.hidden = !possible.includes(option.value);
  if (!possible.includes(to.value) && possible.length > 0) [to.value] = possible;
  chosen.target = to.value;
}

export function canSwap() {
  const now = language();
  return now !== AUTO && now !== chosen.target && Boolean(pairs[chosen.target]?.includes(now));
}

function showSwap() {
  const swap = byId("swap");
  swap.hidden = false;
  // not disabled, which would take the focus away
  swap.setAttribute("aria-disabled", String(!canSwap()));
}

/** Exchanges the languages, where [`canSwap`] says so. */
export function swap() {
  const other = language();
  from.value = chosen.target;
  for (const option of to.options) option.disabled = option.hidden = false;
  to.value = other;
}

/** Chooses these languages as far as they can be chosen. */
export function chooseLanguages({ source, target }) {
  if (!from) return;
  for (const [select, code] of [[from, source], [to, target]]) {
    if ([...select.options].some((option) => option.value === code)) select.value = code;
  }
  takeLanguages();
}

/** Takes over the languages as they are chosen now. */
export function takeLanguages() {
  chosen.source = from.value;
  showTargets();
  const { source, target } = chosen;
  if (source === AUTO) text.removeAttribute("lang");
  else text.lang = source;
  const output = byId("output");
  if (output) output.lang = target;
  forgetDetected();
  if (byId("new")) byId("new").search = new URLSearchParams({ source, target });
  // a reload of the form keeps the choice
  if (location.pathname === "/" && location.hash === "") history.replaceState(null, "", `/?${new URLSearchParams({ source, target })}`);
}

/** After the browser has filled the form in again by itself. */
export function restoreLanguages() {
  if (!from) return;
  showTargets();
  showSwap();
}

/** Has `changed` called when a visitor chooses another language, and `swapped` to exchange them. */
export function watchLanguages(changed, swapped) {
  if (!from) return;
  from.addEventListener("change", changed);
  to.addEventListener("change", changed);
  byId("swap").addEventListener("click", swapped);
}
