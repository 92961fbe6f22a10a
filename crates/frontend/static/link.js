// A link with the text in it, for whoever asks for one. What follows the # of an address never leaves the browser.
import { byId, say, text } from "./dom.js";
import { chosen } from "./languages.js";
import { message } from "./messages.js";

/** What the address has: text, source and target, each if it is there. */
export function linked() {
  return Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
}

/** Takes a text out of the address once it is another. */
export function forgetLink() {
  if (linked().text !== undefined) history.replaceState(null, "", location.pathname + location.search);
}

byId("link").addEventListener("click", async () => {
  const { source, target } = chosen;
  const address = new URL("/", location);
  address.hash = new URLSearchParams({ text: text.value, source, target });
  history.replaceState(null, "", address);
  try {
    // closed but over TLS and on localhost; then the address can be copied where it stands
    await navigator.clipboard.writeText(address.href);
    say(message("script-link-copied"));
  } catch {
    say(message("script-link-shown"));
  }
});
