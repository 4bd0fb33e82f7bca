// The left side: workspace, channels, direct messages.

import { channelName } from "./conversation.js";
import { el, fill, icon } from "./dom.js";
import { wish } from "./live.js";
import { avatar } from "./message.js";
import { person, redraw, screen, store } from "./store.js";

const box = document.getElementById("sidebar");
let drawn = "";

export function openChannel(id) {
  if (store.channel !== id) { store.thread = ""; store.behind = ""; store.tab = "messages"; }
  store.channel = id;
  store.unread.delete(id);
  const channel = store.channels.get(id);
  if (channel?.kind === "im") wish("home", { tab: "messages" });
  sessionStorage.setItem("channel", channel?.key ?? "");
  redraw();
}

function row(channel) {
  const sign = channel.kind === "im" ? avatar(person(store.bot), "tiny") : channel.private ? icon("lock", "private") : el("span", { class: "hash" }, "#");
  const classes = ["channel", channel.id === store.channel ? "current" : "", channel.joined ? "" : "unjoined", store.unread.has(channel.id) ? "unread" : ""].join(" ");
  return el("li", {}, el("button", { type: "button", class: classes, "aria-current": channel.id === store.channel ? "page" : null, on: { click: () => openChannel(channel.id) } },
    sign, el("span", { class: "name" }, channelName(channel)), channel.kind === "im" ? el("span", { class: "badge" }, "app") : null,
    channel.shared ? el("span", { class: "shared", title: "Shared with another company" }, icon("link", "shared with another company")) : null));
}

function draw() {
  const channels = [...store.channels.values()];
  const mark = JSON.stringify([store.channel, store.you, [...store.unread], channels, store.team]);
  if (mark === drawn) return;
  drawn = mark;
  const rooms = channels.filter((one) => !["im", "mpim"].includes(one.kind));
  const direct = channels.filter((one) => one.kind === "im" && one.members.includes(store.you)).concat(channels.filter((one) => one.kind === "mpim"));
  fill(box, el("div", { class: "team" }, el("span", { class: "team-name" }, store.team.name), el("span", { class: "pretend" }, "a pretend workspace")),
    direct.length ? [el("h2", {}, "Direct messages"), el("ul", {}, direct.map(row))] : null,
    el("h2", {}, "Channels"), el("ul", {}, rooms.filter((one) => one.joined).map(row)),
    rooms.some((one) => !one.joined) ? [el("h2", {}, "Other public channels"), el("ul", {}, rooms.filter((one) => !one.joined).map(row))] : null);
}

export function drawSidebar() {
  screen(draw);
}
