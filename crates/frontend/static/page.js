// Conveniences; everything works without them.
const form = document.getElementById("form");
const text = document.getElementById("text");
const count = document.getElementById("count");
const status = document.getElementById("status");

if (form) {
  const submit = form.querySelector("button[type=submit]");
  const label = submit.textContent;
  const hint = status.textContent;
  let busy = false;

  form.addEventListener("submit", (event) => {
    if (busy) {
      event.preventDefault();
      return;
    }
    busy = true;
    submit.setAttribute("aria-disabled", "true");
    submit.textContent = "Translating…";
    status.textContent = "Long texts take a while. If you leave, the translation is still kept in the history.";
  });

  // the page may come back from the browser's cache as it was left
  window.addEventListener("pageshow", () => {
    busy = false;
    submit.removeAttribute("aria-disabled");
    submit.textContent = label;
    status.textContent = hint;
    showCount();
  });

  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(submit);
    }
  });
  submit.title = "Ctrl+Enter";

  let timer;
  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(showCount, 150);
  });
}

function showCount() {
  let characters = 0;
  for (const _ of text.value) characters += 1;
  count.textContent = `${characters.toLocaleString("en")} characters`;
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    const done = await copy(source);
    button.textContent = done ? "Copied" : "Press Ctrl+C";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
}

// navigator.clipboard exists only over TLS and on localhost; elsewhere the selection is copied
async function copy(source) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    const range = document.createRange();
    range.selectNodeContents(source);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return document.execCommand("copy");
  }
}
