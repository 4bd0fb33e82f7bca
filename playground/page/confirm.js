// Asks before a button counts: resolves to whether the person agreed.

import { el } from "./dom.js";
import { textObject } from "./text.js";

export function agreed(asked) {
  return new Promise((resolve) => {
    const answer = (yes) => () => { resolve(yes); box.close(); };
    const box = el("dialog", { class: "modal confirm", "aria-label": asked.title.text, on: { close: () => { resolve(false); box.remove(); } } },
      el("header", {}, el("h2", {}, asked.title.text)),
      el("div", { class: "modal-body" }, textObject(asked.text)),
      el("footer", {}, el("button", { type: "button", class: "button", on: { click: answer(false) } }, asked.deny.text),
        el("button", { type: "button", class: `button ${asked.style ?? "primary"}`, on: { click: answer(true) } }, asked.confirm.text)));
    document.body.append(box);
    box.showModal();
  });
}
