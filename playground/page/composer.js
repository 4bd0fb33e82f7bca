// Where a person types: Enter sends, Shift+Enter breaks the line, @ and / complete.

import { el, fill, icon } from "./dom.js";
import { wish } from "./live.js";
import { avatar } from "./message.js";
import { here, person, screen, store } from "./store.js";

export function send(channel, text, threadTs = null) {
  const typed = text.trim();
  if (!typed) return;
  if (typed.startsWith("/")) wish("slash", { channel, text: typed });
  else wish("say", { channel, text: typed, thread_ts: threadTs });
}

export function makeComposer({ channel, thread_ts: threadTs = null, placeholder }) {
  const list = el("ul", { class: "complete", role: "listbox", hidden: true });
  const box = el("textarea", { rows: 1, placeholder, "aria-label": placeholder, spellcheck: true });
  const hint = el("span", { class: "faint" }, "Enter sends, Shift+Enter starts a new line");
  let offered = [];
  let chosen = 0;

  const grow = () => { box.style.height = "auto"; box.style.height = `${Math.min(box.scrollHeight, 180)}px`; };
  const close = () => { offered = []; list.hidden = true; };
  const go = () => {
    if (threadTs && box.value.trim().startsWith("/")) { hint.textContent = "Slash commands do not work in threads. Use the channel."; return; }
    send(channel, box.value, threadTs);
    box.value = "";
    close();
    grow();
  };
  const take = (option) => {
    const at = box.selectionStart;
    const before = box.value.slice(0, at).replace(/(?:@[\w.-]*|^\/.*)$/, option.insert);
    box.value = before + box.value.slice(at);
    box.setSelectionRange(before.length, before.length);
    close();
    box.focus();
  };
  const paint = () => {
    list.hidden = !offered.length;
    fill(list, offered.map((option, n) => el("li", {
      role: "option", "aria-selected": String(n === chosen), on: { mousedown: (event) => { event.preventDefault(); take(option); } },
    }, option.face ?? null, el("strong", {}, option.label), el("span", { class: "faint" }, option.detail ?? ""))));
  };
  const offer = () => {
    grow();
    const before = box.value.slice(0, box.selectionStart);
    const at = /(?:^|\s)@([\w.-]*)$/.exec(before);
    offered = at ? mentions(at[1]) : /^\/[^\n]*$/.test(before) && !threadTs ? commands(before) : [];
    chosen = 0;
    paint();
  };
  const key = (event) => {
    if (offered.length && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      chosen = (chosen + (event.key === "ArrowDown" ? 1 : offered.length - 1)) % offered.length;
      paint();
    } else if (offered.length && (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey))) {
      event.preventDefault();
      take(offered[chosen]);
    } else if (offered.length && event.key === "Escape") {
      event.stopPropagation();
      close();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      go();
    }
  };
  box.addEventListener("input", offer);
  box.addEventListener("keydown", key);
  box.addEventListener("blur", () => setTimeout(close, 100));
  const at = el("button", { type: "button", class: "at", title: "Mention Ibid", "aria-label": "Mention Ibid", on: { click: () => {
    box.value = `@Ibid ${box.value}`;
    box.focus();
  } } }, "@Ibid");
  return el("form", { class: "composer", on: { submit: (event) => { event.preventDefault(); go(); } } }, list, box,
    el("div", { class: "composer-foot" }, at, hint, el("button", { class: "send", "aria-label": "Send", title: "Send" }, icon("send"))));
}

function mentions(typed) {
  const members = new Set(here()?.members ?? []);
  return [person(store.bot), ...[...store.people.values()].filter((one) => members.has(one.id) && one.id !== store.bot && one.id !== store.you)]
    .filter((one) => one.name.toLowerCase().startsWith(typed.toLowerCase()) || one.key.startsWith(typed.toLowerCase())).slice(0, 6)
    .map((one) => ({ label: one.name, detail: one.title, face: avatar(one, "tiny"), insert: `@${one.id === store.bot ? one.name : one.key} ` }));
}

function commands(typed) {
  const known = store.firstMinute.commands ?? store.commands.map((command) => ({ command, text: "" }));
  return known.filter((one) => one.command.startsWith(typed) && one.command !== typed.trim()).map((one) => ({ label: one.command, detail: one.text, insert: `${one.command} ` }));
}

let made = "";

export function drawComposer() {
  screen(() => {
    const channel = here();
    const place = document.getElementById("composer");
    const wanted = !channel ? "" : `${store.you} ${channel.id} ${channel.joined} ${store.tab}`;
    if (made === wanted) return;
    made = wanted;
    if (!channel || (channel.kind === "im" && store.tab === "home")) fill(place);
    else if (!channel.joined) {
      fill(place, el("div", { class: "join" }, el("span", {}, "You are looking at ", el("strong", {}, `#${channel.key}`)),
        el("button", { type: "button", class: "button primary", on: { click: () => wish("join", { channel: channel.id }) } }, "Join channel")));
    } else fill(place, makeComposer({ channel: channel.id, placeholder: channel.kind === "im" ? "Ask Ibid" : `Message #${channel.key}` }), prompts(channel));
  });
}

function prompts(channel) {
  const given = store.prompts[channel.id];
  if (!given) return null;
  return el("div", { class: "prompts" }, given.title ? el("span", { class: "faint" }, given.title) : null,
    given.prompts.map((one) => el("button", { type: "button", class: "chip", on: { click: () => send(channel.id, one.message) } }, one.title)));
}

export function forgetComposer() {
  made = "";
}
