// "Who writes": quotes or the pretend model, for everybody who looks at this workspace; and the button that makes the model lie once.

import { el, fill } from "./dom.js";
import { wish } from "./live.js";
import { screen, store } from "./store.js";

const WRITERS = [["quotes", "Quotes"], ["model", "Pretend model"]];

export function drawWriting() {
  const choices = new Map(WRITERS.map(([who]) => [who, el("input", { type: "radio", name: "writer", value: who, on: { change: () => wish("writer", { who }) } })]));
  const hint = el("p", { id: "writing-hint", class: "hint", role: "status" });
  const lie = el("button", { type: "button", class: "lie", "aria-describedby": "writing-hint", on: { click: () => wish("lie", { on: !store.writing.lies }) } }, "Make it lie");
  fill(document.getElementById("writing"),
    el("fieldset", {}, el("legend", {}, "Who writes"),
      el("div", { class: "choice" }, WRITERS.map(([who, label]) => el("label", {}, choices.get(who), el("span", {}, label))))),
    lie, hint);

  // Changed in place: what has the keyboard's focus keeps it.
  screen(() => {
    const { writer, lies } = store.writing;
    if (!choices.has(writer)) {  // a real model was asked for when the demo was started
      fill(document.getElementById("writing"), el("p", { class: "hint" }, `${writer} writes the answers.`));
      return;
    }
    for (const [who, choice] of choices) {
      choice.checked = who === writer;
      choice.disabled = !store.live;
    }
    lie.disabled = writer !== "model" || !store.live;
    lie.setAttribute("aria-pressed", String(lies));
    const now = lies ? "The next answer it writes will hold one false sentence. Ask something new, then look behind the answer." : writer === "model"
      ? "It knows nothing: it rewords the sources it is given." : "Answers are sentences of the handbook, word for word.";
    if (hint.textContent !== now) hint.textContent = now;
  });
}
