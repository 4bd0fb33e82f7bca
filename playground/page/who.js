// "You are": who is looking through this window, and the switch to somebody else.

import { el, fill, icon } from "./dom.js";
import { avatar, badges } from "./message.js";
import { screen, store, you } from "./store.js";

const box = document.getElementById("who");
let drawn = "";

const place = (one) => [one.country, one.contract && one.contract !== "permanent" ? one.contract : ""].filter(Boolean).join(" · ");
const about = (one) => [one.title, place(one)].filter(Boolean).join(" · ");
const groups = (one) => one.groups.length
  ? one.groups.map((name) => el("span", { class: "chip" }, name))
  : el("span", { class: "chip none" }, one.outside ? "another company" : one.guest ? "no group, a guest" : "no group");

export function drawWho(become) {
  const close = () => box.querySelector("details")?.removeAttribute("open");
  const row = (one) => el("li", {}, el("button", {
    type: "button", disabled: one.deactivated, "aria-current": one.id === store.you ? "true" : null, on: { click: () => { close(); become(one.key); } },
  }, avatar(one), el("span", { class: "about" }, el("strong", {}, one.name, " ", badges(one), one.admin ? el("span", { class: "badge" }, "admin") : null), el("span", { class: "faint" }, one.deactivated ? "left the company" : about(one))),
  el("span", { class: "chips" }, one.groups.map((name) => el("span", { class: "chip" }, name)))));

  screen(() => {
    const mark = JSON.stringify([store.you, [...store.people.values()]]);
    if (mark === drawn || !store.you) return;
    drawn = mark;
    const one = you();
    fill(box, el("details", { class: "switch" },
      el("summary", { "aria-label": `You are ${one.name}. Switch person` }, el("span", { class: "label" }, "You are"), avatar(one, "small"),
        el("span", { class: "about" }, el("strong", {}, one.name, " ", badges(one)), el("span", { class: "faint" }, about(one))),
        el("span", { class: "chips" }, groups(one)), icon("chevron")),
      el("ul", { class: "people" }, [...store.people.values()].filter((person) => !person.bot).map(row))));
  });
  document.addEventListener("click", (event) => { if (!box.contains(event.target)) close(); });
  box.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); close(); } });
}
