// The right-hand panel: a thread, or what is behind an answer.

import { behindAnswer } from "./behind.js";
import { makeComposer } from "./composer.js";
import { channelName, rowsOf, stickToEnd } from "./conversation.js";
import { el, fill, icon, keyed } from "./dom.js";
import { statusLine } from "./message.js";
import { here, redraw, screen, store, thread } from "./store.js";

const panel = document.getElementById("panel");
let frame = "";
let list = null;

export function closePanel() {
  if (store.behind) store.behind = "";
  else store.thread = "";
  redraw();
}

function top(title, detail) {
  return el("header", { class: "panel-top" }, el("div", {}, el("h2", {}, title), el("span", { class: "faint" }, detail)),
    el("button", { type: "button", class: "close", "aria-label": "Close panel (Esc)", title: "Close (Esc)", on: { click: closePanel } }, icon("close")));
}

function draw() {
  const channel = here();
  const wanted = !channel ? "" : store.behind ? `behind ${store.behind}` : store.thread ? `thread ${store.you} ${channel.id} ${store.thread}` : "";
  panel.hidden = !wanted;
  if (!wanted) { frame = ""; return; }
  if (store.behind) drawBehind(wanted);
  else drawThread(wanted, channel);
}

function drawBehind(wanted) {
  const [channel, ts] = store.behind.split(" ");
  const message = store.messages.get(channel)?.get(ts);
  const mark = wanted + JSON.stringify(message?.behind ?? null);
  if (frame === mark) return;
  frame = mark;
  panel.setAttribute("aria-label", "Behind this answer");
  fill(panel, top("Behind this answer", "Only the demo shows this"), el("div", { class: "panel-body behind" }, message?.behind ? behindAnswer(message.behind) : "Nothing was recorded."));
}

function drawThread(wanted, channel) {
  const moved = frame !== wanted;
  if (moved) {
    frame = wanted;
    list = el("div", { class: "panel-body", role: "log", "aria-live": "polite", "aria-label": "Thread" });
    panel.setAttribute("aria-label", "Thread");
    const composer = channel.joined ? makeComposer({ channel: channel.id, thread_ts: store.thread, placeholder: "Reply…" }) : null;
    fill(panel, top("Thread", channel.kind === "im" ? "Ibid" : `#${channelName(channel)}`), list, composer);
  }
  const status = store.statuses.get(`${channel.id} ${store.thread}`);
  const rows = rowsOf(thread(channel.id, store.thread), true);
  if (status) rows.push({ key: "status", mark: status.status, make: () => statusLine(status) });
  stickToEnd(list, () => keyed(list, rows), moved);
}

export function drawPanel() {
  screen(draw);
}
