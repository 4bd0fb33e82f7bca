// The middle of the page: heading, messages of the open channel, and the status below them.

import { blocks } from "./blocks.js";
import { el, fill, icon, keyed } from "./dom.js";
import { wish } from "./live.js";
import { avatar, markOf, messageRow, statusLine } from "./message.js";
import { here, person, redraw, roots, screen, spoken, store } from "./store.js";

const GROUPED_SECONDS = 300;
const log = document.getElementById("log");
let shown = "";

export function rowsOf(messages, inThread) {
  return messages.map((message, n) => {
    const before = messages[n - 1];
    const lead = !before || before.user !== message.user || message.ts - before.ts > GROUPED_SECONDS || Boolean(before.only_for) !== Boolean(message.only_for);
    return { key: message.ts, mark: markOf(message, inThread, lead), make: () => messageRow(message, { inThread, lead }) };
  });
}

export function stickToEnd(box, draw, moved) {
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  draw();
  if (atEnd || moved) box.scrollTop = box.scrollHeight;
}

export function channelName(channel) {
  if (channel.kind === "im") return person(store.bot).name;
  if (channel.kind === "mpim") return channel.members.filter((id) => id !== store.you).map((id) => person(id).name.split(" ")[0]).join(", ");
  return channel.key;
}

function heading() {
  const channel = here();
  const box = document.getElementById("heading");
  if (!channel) return fill(box);
  const count = channel.members.length;
  const sign = channel.kind === "im" ? avatar(person(store.bot), "small") : channel.private ? icon("lock", "Private channel") : el("span", { class: "hash" }, "#");
  const facts = channel.kind === "im"
    ? tabs()
    : [el("span", { class: "topic" }, channel.topic), channel.shared ? el("span", { class: "badge outside" }, "shared with outsiders") : null,
      el("span", { class: "faint", title: channel.members.map((id) => person(id).name).join(", ") }, `${count} members`)];
  return fill(box, el("h1", {}, sign, channelName(channel)), el("div", { class: "facts" }, facts));
}

function tabs() {
  const tab = (name, label) => el("button", {
    type: "button", role: "tab", "aria-selected": String(store.tab === name), class: "tab",
    on: { click: () => { store.tab = name; wish("home", { tab: name }); redraw(); } },
  }, label);
  return el("div", { class: "tabs", role: "tablist" }, tab("messages", "Messages"), tab("home", "Home"));
}

function home(channel) {
  const act = (action) => wish("click_in_view", { view_id: store.home.id, action });
  const inside = store.home ? blocks(store.home.blocks, act) : [el("p", { class: "faint" }, "Ibid has not published a home page.")];
  return { key: `home ${channel.id}`, mark: JSON.stringify(store.home), make: () => el("div", { class: "home" }, inside) };
}

function empty(channel) {
  const text = channel.kind === "im"
    ? "Ask in your own words. Only you see what is said here."
    : `This is the start of #${channel.key}. ${channel.topic ? `${channel.topic}.` : ""}`;
  return { key: "empty", mark: channel.id + store.you, make: () => el("div", { class: "start" }, el("p", {}, text)) };
}

function messages() {
  const channel = here();
  if (!channel) return;
  const moved = shown !== `${store.you} ${channel.id} ${store.tab}`;
  shown = `${store.you} ${channel.id} ${store.tab}`;
  const list = roots(channel.id);
  const orphans = spoken(channel.id).filter((one) => one.only_for && one.thread_ts && one.thread_ts !== one.ts && !store.messages.get(channel.id).has(one.thread_ts));
  const rows = channel.kind === "im" && store.tab === "home" ? [home(channel)] : [empty(channel), ...rowsOf([...list, ...orphans], false)];
  stickToEnd(log, () => keyed(log, rows), moved);
}

function notice() {
  const box = document.getElementById("notice");
  const text = store.live ? store.notice : store.you ? "The playground does not answer. Trying again…" : "";
  box.hidden = !text;
  box.classList.toggle("broken", !store.live);
  if (box.textContent !== text) box.textContent = text;
}

export function drawConversation() {
  screen(notice);
  screen(heading);
  screen(messages);
}

export { statusLine };
