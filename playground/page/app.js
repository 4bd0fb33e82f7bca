// Starts the page: connects as the person in the address, keeps the store up to date, wires the screens.

import { drawComposer, forgetComposer, send } from "./composer.js";
import { drawConversation } from "./conversation.js";
import { connect, wish } from "./live.js";
import { openThread } from "./message.js";
import { drawMinute, noteMessage, noteModal } from "./minute.js";
import { hideModal, showModal } from "./modal.js";
import { closePanel, drawPanel } from "./panel.js";
import { drawSidebar, openChannel } from "./sidebar.js";
import { byKey, direct, keep, redraw, spoken, store, welcome } from "./store.js";
import { drawWho } from "./who.js";
import { drawWriting } from "./writing.js";

const FIRST_PERSON = "priya";
let afterwards = null;

const told = {
  hello(hello) {
    welcome(hello);
    forgetComposer();
    const wanted = sessionStorage.getItem("channel") || new URLSearchParams(location.search).get("in") || store.firstMinute.channel;
    const kept = store.channels.get(store.channel) ?? (wanted?.startsWith("dm-") ? direct() : byKey(wanted));
    openChannel((kept ?? [...store.channels.values()].find((one) => one.joined))?.id ?? "");
    if (!store.messages.get(store.channel)?.has(store.thread)) store.thread = "";
    document.title = `${store.team.name} · Ibid playground`;
    const todo = afterwards;
    afterwards = null;
    todo?.();
  },
  message({ message, channel }) {
    if (channel) store.channels.set(channel.id, channel);
    const known = store.messages.get(message.channel)?.has(message.ts);
    keep(message);
    noteMessage(message);
    if (!known && message.channel !== store.channel) store.unread.add(message.channel);
    if (!known && message.user === store.bot && message.channel === store.channel) follow(message);
  },
  removed({ channel, ts }) { store.messages.get(channel)?.delete(ts); },
  status(status) {
    const key = `${status.channel} ${status.thread_ts}`;
    if (!status.status) { store.statuses.delete(key); return; }
    store.statuses.set(key, status);
    if (status.channel === store.channel) follow({ channel: status.channel, thread_ts: status.thread_ts });
  },
  channel({ channel }) {
    if (channel.seen) store.channels.set(channel.id, channel);
    else store.channels.delete(channel.id);
    if (!store.channels.has(store.channel)) openChannel([...store.channels.keys()][0] ?? "");
  },
  people({ people }) { store.people = new Map(people.map((one) => [one.id, one])); },
  prompts({ channel, title, prompts }) { store.prompts[channel] = { title, prompts }; forgetComposer(); },
  notice({ text }) { store.notice = text; },
  writing({ writer, lies }) { store.writing = { writer, lies }; },
  home({ view }) { store.home = view; },
  view({ view, window: forWindow }) {
    showModal(view, forWindow);
    if (view?.id) noteModal();
  },
  refused({ error }) { toast(`Not possible here: ${error.replaceAll("_", " ")}`); },
};

// The answer to one's own question opens beside it, as long as one is not reading something else.
function follow(message) {
  const asked = store.messages.get(message.channel)?.get(message.thread_ts);
  const newest = spoken(message.channel).filter((one) => one.user === store.you && one.ts === (one.thread_ts ?? one.ts)).at(-1);
  if (asked?.user === store.you && asked.ts === newest?.ts && store.thread !== asked.ts && !store.behind) openThread(asked);
}

function toast(text) {
  const box = document.getElementById("toast");
  box.textContent = text;
  box.hidden = false;
  setTimeout(() => { box.hidden = true; }, 4000);
}

function listen(as) {
  connect(as, (change) => { told[change.kind]?.(change); redraw(); }, () => { store.live = false; redraw(); });
}

function become(key, then = null) {
  if (store.people.get(store.you)?.key === key && then) { then(); return; }
  afterwards = then;
  const address = new URL(location);
  address.searchParams.set("as", key);
  history.pushState({}, "", address);
  store.thread = "";
  store.behind = "";
  store.unread.clear();
  hideModal();
  listen(key);
}

const ask = (channel, question) => {
  if (!store.channels.get(channel)?.joined) wish("join", { channel });
  send(channel, `@Ibid ${question}`);
};
const askAs = (key, question) => become(key, () => {
  const channel = direct();
  if (!channel) return;
  openChannel(channel.id);
  send(channel.id, question);
});

drawSidebar();
drawConversation();
drawPanel();
drawComposer();
drawWho(become);
drawMinute({ ask, askAs });
drawWriting();
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !document.getElementById("modal").open) closePanel(); });
window.addEventListener("popstate", () => listen(new URLSearchParams(location.search).get("as") || FIRST_PERSON));
listen(new URLSearchParams(location.search).get("as") || FIRST_PERSON);
