// The elements of the form that its modules share.
export const byId = (id) => document.getElementById(id);
export const form = byId("form");
export const text = byId("text");
export const submit = form.querySelector("button[type=submit]");

const status = byId("status");
const hint = status.textContent;

/** Tells the visitor how it stands; nothing brings back what the page says of itself. */
export function say(message = hint) { status.textContent = message; }
