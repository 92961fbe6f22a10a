// What the scripts say, in the language of the page.
const messages = JSON.parse(document.getElementById("messages").textContent);
const language = document.documentElement.lang;
const plurals = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(language);

/** The message with this name, its `{name}`s replaced; of several forms the one for `count`. */
export function message(name, values = {}) {
  const found = messages[name];
  const pattern = typeof found === "string" ? found : found[plurals.select(values.count)] ?? found.other;
  return pattern.replace(/\{(\w+)\}/g, (_, key) => typeof values[key] === "number" ? numbers.format(values[key]) : values[key]);
}

/** A number as the language writes it. */
export function number(value) { return numbers.format(value); }
