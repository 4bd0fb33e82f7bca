// One message: who said it, what it says, what people did with it.

import { blocks, words } from "./blocks.js";
import { el, icon, when } from "./dom.js";
import { wish } from "./live.js";
import { noteClick } from "./minute.js";
import { person, redraw, store, thread } from "./store.js";
import { reaction } from "./text.js";

const REACTIONS = ["+1", "eyes", "mute"];

export function avatar(one, size = "") {
  if (one.id === store.bot) return el("span", { class: `avatar bot ${size}`, "aria-hidden": "true" }, "ib.");
  const initials = one.name.split(" ").map((word) => word[0]).slice(0, 2).join("");
  const hue = [...one.id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  return el("span", { class: `avatar ${size}`, vars: { "--hue": String(hue) }, "aria-hidden": "true" }, initials);
}

export function badges(one) {
  if (one.bot) return el("span", { class: "badge" }, "app");
  if (one.outside) return el("span", { class: "badge outside" }, "outside");
  return one.guest ? el("span", { class: "badge guest" }, "guest") : null;
}

// Everything that the drawing of a message depends on; when it is the same, the old element stays.
export function markOf(message, inThread, lead) {
  const replies = inThread ? "" : thread(message.channel, message.ts).map((one) => one.ts + one.streaming).join();
  const status = inThread ? null : store.statuses.get(`${message.channel} ${message.ts}`);
  return JSON.stringify([message, inThread, lead, replies, status, store.thread === message.ts]);
}

export function messageRow(message, { inThread, lead }) {
  const one = person(message.user);
  const growing = message.streaming ? "streaming" : "";
  const alone = message.only_for ? "alone" : "";
  const open = !inThread && store.thread === message.ts ? "open" : "";
  return el("article", { class: `message ${lead ? "lead" : ""} ${growing} ${alone} ${open}`, dataset: { ts: message.ts }, "aria-busy": message.streaming ? "true" : null },
    el("div", { class: "margin" }, lead ? avatar(one) : el("time", { class: "faint" }, when(message.ts))),
    el("div", { class: "body" },
      message.only_for ? el("div", { class: "only-you" }, icon("eye"), "Only visible to you") : null,
      lead ? el("div", { class: "byline" }, el("strong", {}, one.name), badges(one), el("time", { class: "faint" }, when(message.ts))) : null,
      tasks(message), content(message), reactions(message), behind(message), inThread ? null : summary(message)),
    tools(message, inThread));
}

function content(message) {
  const act = (action) => {
    noteClick(action);
    wish("click", { channel: message.channel, ts: message.ts, action });
  };
  const typed = !person(message.user).bot || !message.blocks.length;
  const drawn = typed ? [el("div", { class: "block said" }, words(message.text))] : blocks(message.blocks, act);
  if (message.edited && !message.streaming && !message.blocks.some((block) => block.block_id === "streamed")) {
    drawn.push(el("span", { class: "faint edited" }, "(edited)"));
  }
  return el("div", { class: "content" }, drawn);
}

function tasks(message) {
  const shown = message.tasks.filter((task) => task.type === "task_update");
  return shown.length ? el("ul", { class: "tasks" }, shown.map((task) => el("li", { class: task.status }, el("span", { class: "dot" }), task.title, task.output ? ` · ${task.output}` : ""))) : null;
}

function reactions(message) {
  const given = Object.entries(message.reactions);
  return given.length ? el("div", { class: "reactions" }, given.map(([name, users]) => el("button", {
    type: "button", class: users.includes(store.you) ? "mine" : "", title: users.map((id) => person(id).name).join(", "),
    on: { click: () => wish("react", { channel: message.channel, ts: message.ts, name }) },
  }, reaction(name), String(users.length)))) : null;
}

function behind(message) {
  if (!message.behind || message.streaming) return null;
  const show = () => { store.behind = `${message.channel} ${message.ts}`; redraw(); };
  return el("button", { type: "button", class: "behind-button", on: { click: show } }, icon("layers"), "Behind this answer");
}

function summary(message) {
  const replies = thread(message.channel, message.ts).filter((one) => one.ts !== message.ts && !one.only_for);
  const status = store.statuses.get(`${message.channel} ${message.ts}`);
  if (!replies.length) return status ? statusLine(status) : null;
  const last = replies[replies.length - 1];
  const faces = [...new Set(replies.map((one) => one.user))].slice(0, 4).map((id) => avatar(person(id), "tiny"));
  return [
    el("button", { type: "button", class: "summary", on: { click: () => openThread(message) } }, faces,
      el("span", { class: "count" }, replies.length === 1 ? "1 reply" : `${replies.length} replies`),
      el("span", { class: "faint" }, last.streaming ? "answering now…" : `last at ${when(last.ts)}`)),
    status ? statusLine(status) : null,
  ];
}

export function statusLine(status) {
  return el("div", { class: "status", role: "status" }, avatar(person(store.bot), "tiny"), el("span", { class: "shimmer" }, status.status));
}

export function openThread(message) {
  store.thread = message.thread_ts ?? message.ts;
  store.behind = "";
  redraw();
}

function tools(message, inThread) {
  const react = (name) => el("button", {
    type: "button", title: `React with ${name}`, "aria-label": `React with ${name}`, on: { click: () => wish("react", { channel: message.channel, ts: message.ts, name }) },
  }, reaction(name));
  return message.only_for ? null : el("div", { class: "tools" }, REACTIONS.map(react),
    inThread ? null : el("button", { type: "button", title: "Reply in thread", "aria-label": "Reply in thread", on: { click: () => openThread(message) } }, icon("reply")));
}
