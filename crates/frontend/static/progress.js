// How far a translation has come, while its sentences come in.
import { byId } from "./dom.js";
import { message } from "./messages.js";

/** What comes at once needs no progress. */
const AT_ONCE_MS = 700;
const bar = byId("live-progress");

/** The progress of one translation. Told how much of it there is, it shows itself if that takes a while. */
export class Progress {
  began = performance.now();

  /** Whether it is worth showing. */
  show(share) {
    const elapsed = performance.now() - this.began;
    if (elapsed < AT_ONCE_MS || share <= 0) return false;
    bar.hidden = false;
    bar.value = share;
    const left = Math.ceil(elapsed * (1 - share) / share / 1000);
    const percent = message("script-live-percent", { percent: Math.floor(100 * share) });
    byId("target-count").textContent = `${percent} · ${message("script-live-left", { count: Math.max(left, 1) })}`;
    return true;
  }

  end() { bar.hidden = true; }
}
