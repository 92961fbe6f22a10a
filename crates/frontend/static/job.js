// Keeps the page of a long text up to date. Without it the page reloads itself.
import { message, number } from "./messages.js";

const job = document.getElementById("job");
const output = document.getElementById("output");
const address = job.dataset.address;
// how its language was found out is in the address
const detected = location.search.replace("?", "&");
const PAUSE = 1000;
const show = (id, text) => { document.getElementById(id).textContent = text; };

let next = 0;

async function update() {
  const response = await fetch(`${address}/progress?from=${next}${detected}`);
  if (response.redirected) {
    location.replace(response.url);
    return;
  }
  if (!response.ok) throw new Error(String(response.status));
  const progress = await response.json();
  if (progress.job.state !== "open") {
    location.reload();
    return;
  }
  if (next === 0 && progress.pieces.length > 0) {
    output.textContent = "";
    document.getElementById("cut")?.remove();
  }
  output.append(progress.pieces.map((piece) => piece.target).join(""));
  const more = progress.next > next && progress.pieces.length > 16;
  next = progress.next;
  describe(progress.job);
  setTimeout(step, more ? 0 : PAUSE);
}

function describe({ percent, left, sentences, reused }) {
  document.getElementById("progress").value = percent;
  show("percent", `${percent} %`);
  show("sentences", number(sentences));
  show("reused", number(reused));
  const status = left ?? message("script-job-waiting");
  if (document.getElementById("status").textContent !== status) show("status", status);
  document.title = document.title.replace(/^\d+/, percent);
}

async function step() {
  try {
    await update();
  } catch {
    // the frontend may be restarting
    show("status", message("script-job-away"));
    setTimeout(step, 5 * PAUSE);
  }
}

step();
