// Asks the server for sentences as they are translated: one JSON object a line.
import { glossary } from "./glossary.js";
import { chosen } from "./languages.js";

export async function ask(body, signal, onEvent) {
  const response = await fetch("/live", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ source: chosen.source, target: chosen.target, glossary: glossary(), ...body }),
    signal,
  });
  if (!response.ok) throw new Error((await response.json()).message);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      const event = JSON.parse(line);
      if (event.event === "error") throw new Error(event.message);
      onEvent(event);
    }
  }
}
