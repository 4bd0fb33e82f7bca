// What this window knows: who is looking, the channels, the messages; screens redraw when it changes.

const emptied = () => ({
  you: "", bot: "", team: { name: "" }, people: new Map(), channels: new Map(), messages: new Map(), statuses: new Map(),
  prompts: {}, home: null, notice: "", writing: { writer: "quotes", lies: false }, firstMinute: {}, commands: [], window: "", live: false,
});

export const store = {
  ...emptied(),
  channel: "", thread: "", behind: "", tab: "messages", unread: new Set(),
};

let scheduled = false;
const screens = [];

export function screen(draw) {
  screens.push(draw);
}

export function redraw() {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    for (const draw of screens) draw();
  });
}

export const person = (id) => store.people.get(id) ?? { id, key: id, name: id === "USLACKBOT" ? "Slackbot" : id, groups: [], bot: id === "USLACKBOT" };
export const you = () => person(store.you);
export const here = () => store.channels.get(store.channel);
export const direct = () => [...store.channels.values()].find((channel) => channel.kind === "im" && channel.members.includes(store.you));
export const byKey = (key) => [...store.channels.values()].find((channel) => channel.key === key);
export const personByKey = (key) => [...store.people.values()].find((one) => one.key === key);

export function spoken(channel) {
  return [...(store.messages.get(channel)?.values() ?? [])].sort((a, b) => (a.ts < b.ts ? -1 : 1));
}

export const roots = (channel) => spoken(channel).filter((message) => !message.thread_ts || message.thread_ts === message.ts);
export const thread = (channel, ts) => spoken(channel).filter((message) => message.ts === ts || message.thread_ts === ts);

export function keep(message) {
  if (!store.messages.has(message.channel)) store.messages.set(message.channel, new Map());
  store.messages.get(message.channel).set(message.ts, message);
}

export function welcome(hello) {
  Object.assign(store, emptied(), {
    you: hello.you, bot: hello.bot, team: hello.team, prompts: hello.prompts, home: hello.home, notice: hello.notice, writing: hello.writing,
    firstMinute: hello.first_minute, commands: hello.commands, window: hello.window, live: true,
  });
  store.people = new Map(hello.people.map((one) => [one.id, one]));
  store.channels = new Map(hello.channels.map((one) => [one.id, one]));
  hello.messages.forEach(keep);
  for (const status of hello.statuses) store.statuses.set(`${status.channel} ${status.thread_ts}`, status);
}
