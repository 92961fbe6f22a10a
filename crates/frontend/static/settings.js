// Light and dark without a new page. The buttons work without this, too.
const root = document.documentElement;
const scheme = document.querySelector("meta[name=color-scheme]");

for (const button of document.querySelectorAll("button[name=theme]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const theme = button.value;
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    scheme.content = theme === "system" ? "light dark" : theme;
    for (const other of document.querySelectorAll("button[name=theme]")) other.ariaPressed = String(other === button);
    fetch("/settings", { method: "POST", body: new URLSearchParams({ theme }), redirect: "manual" });
  });
}
