// Slack's mrkdwn and standard Markdown, turned into elements.

import { el, icon } from "./dom.js";
import { person, store } from "./store.js";

const EMOJI = {
  "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎", mute: "🔇", eyes: "👀", white_check_mark: "✅", warning: "⚠️", lock: "🔒", wave: "👋",
  bulb: "💡", mag: "🔍", hourglass: "⌛", hourglass_flowing_sand: "⏳", x: "❌", heavy_check_mark: "✔️", tada: "🎉", page_facing_up: "📄", books: "📚",
  information_source: "ℹ️", speech_balloon: "💬", calendar: "📅", link: "🔗", no_entry: "⛔", construction: "🚧", pray: "🙏", heart: "❤️",
};

const DRAWN = { "+1": "up", thumbsup: "up", "-1": "down", thumbsdown: "down", eyes: "eye", mute: "mute", white_check_mark: "check" };

// The commonest reactions are drawn here, because not every machine has an emoji font.
export const reaction = (name) => (DRAWN[name] ? icon(DRAWN[name], name) : el("span", { class: "emoji" }, emoji(name)));
export const emoji = (name) => EMOJI[name] ?? `:${name}:`;
const plain = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

export function link(address, ...children) {
  if (!/^(https?:|mailto:)/i.test(address)) return el("span", {}, ...children);
  return el("a", { href: plain(address), target: "_blank", rel: "noopener noreferrer" }, ...children);
}

export function mention(id) {
  const one = person(id);
  return el("span", { class: id === store.you ? "mention you" : "mention", title: one.title || null }, `@${one.name.split(" ")[0]}`);
}

const wrap = (tag) => (match, rules) => el(tag, {}, inline(match[1], rules));
const SHARED = [
  [/`([^`\n]+)`/, (match) => el("code", {}, plain(match[1]))],
  [/<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/, (match) => mention(match[1])],
  [/<#(C[A-Z0-9]+)(?:\|([^>]*))?>/, (match) => el("span", { class: "mention" }, `#${store.channels.get(match[1])?.key ?? match[2] ?? match[1]}`)],
  [/<!(here|channel|everyone)>/, (match) => el("span", { class: "mention" }, `@${match[1]}`)],
  [/<!date\^\d+\^[^|>]*\|([^>]+)>/, (match) => plain(match[1])],
  [/<((?:https?:|mailto:)[^|>\s]+)(?:\|([^>]*))?>/, (match) => link(match[1], plain(match[2] || match[1]))],
];
const TAIL = [
  [/:([a-z0-9_+-]+):/, (match) => (EMOJI[match[1]] ? reaction(match[1]) : match[0])],
  [/https?:\/\/[^\s<>]*[^\s<>.,;:!?)'"\]]/, (match) => link(match[0], plain(match[0]))],
];
const MRKDWN = [
  ...SHARED,
  [/(?<![\w*])\*(?=\S)([^*\n]*[^*\s])\*(?![\w*])/, wrap("strong")],
  [/(?<![\w_])_(?=\S)([^_\n]*[^_\s])_(?![\w_])/, wrap("em")],
  [/(?<![\w~])~(?=\S)([^~\n]*[^~\s])~(?![\w~])/, wrap("s")],
  ...TAIL,
];
const MARKDOWN = [
  [/\\([\\`*_{}[\]()#+.!|~>-])/, (match) => match[1]],
  ...SHARED,
  [/\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)\s]+)(?:\s+"[^"]*")?\)/, (match, rules) => link(match[2], inline(match[1], rules))],
  [/\*\*(?=\S)([\s\S]*?\S)\*\*/, wrap("strong")],
  [/(?<![\w*])\*(?=\S)([^*\n]*[^*\s])\*(?![\w*])/, wrap("em")],
  [/(?<![\w_])_(?=\S)([^_\n]*[^_\s])_(?![\w_])/, wrap("em")],
  [/~~(?=\S)([\s\S]*?\S)~~/, wrap("s")],
  ...TAIL,
];

function inline(text, rules) {
  const nodes = [];
  let rest = text;
  while (rest) {
    let first = null;
    for (const [pattern, make] of rules) {
      const match = pattern.exec(rest);
      if (match && (!first || match.index < first.match.index)) first = { match, make };
    }
    const upTo = first ? first.match.index : rest.length;
    const lead = plain(rest.slice(0, upTo));
    lead.split("\n").forEach((line, n) => nodes.push(...(n ? [el("br"), line] : [line])));
    if (!first) break;
    nodes.push(first.make(first.match, rules));
    rest = rest.slice(upTo + first.match[0].length);
  }
  return nodes;
}

const fence = { starts: /^```/, take: (lines) => {
  const one = /^```(.*?)```\s*$/.exec(lines[0]);
  if (one) return [1, el("pre", {}, plain(one[1]))];
  const end = lines.findIndex((line, n) => n > 0 && /```\s*$/.test(line));
  const stop = end < 0 ? lines.length : end + 1;
  return [stop, el("pre", {}, plain(lines.slice(0, stop).join("\n").replace(/^```\w*\n?/, "").replace(/\n?```\s*$/, "")))];
} };

const quote = (rules) => ({ starts: /^(?:>|&gt;)/, take: (lines) => {
  const stop = run(lines, /^(?:>|&gt;)/);
  return [stop, el("blockquote", {}, written(lines.slice(0, stop).map((line) => line.replace(/^(?:>|&gt;)\s?/, "")).join("\n"), rules))];
} });

const list = (rules) => ({ starts: /^\s*(?:[-*•]|\d+[.)])\s+\S/, take: (lines) => {
  const marker = /^\s*(?:[-*•]|\d+[.)])\s+/;
  const stop = run(lines, /^\s*(?:[-*•]|\d+[.)])\s+\S|^\s{2,}\S/);
  const items = [];
  for (const line of lines.slice(0, stop)) {
    if (marker.test(line)) items.push({ deep: /^\s{2,}/.test(line), text: line.replace(marker, "") });
    else if (items.length) items[items.length - 1].text += `\n${line.trim()}`;
  }
  const start = /^\s*(\d+)/.exec(lines[0]);
  const made = items.map((item) => el("li", { class: item.deep ? "deep" : null }, inline(item.text, rules)));
  return [stop, start ? el("ol", { start: start[1] }, made) : el("ul", {}, made)];
} });

const heading = (rules) => ({ starts: /^#{1,6}\s+/, take: (lines) => [1, el("p", { class: "heading" }, inline(lines[0].replace(/^#{1,6}\s+/, ""), rules))] });
const rule = { starts: /^(?:-{3,}|\*{3,})\s*$/, take: () => [1, el("hr")] };
const grid = (rules) => ({ starts: /^\s*\|.*\|\s*$/, take: (lines) => {
  const stop = run(lines, /^\s*\|.*\|\s*$/);
  const rows = lines.slice(0, stop).map((line) => line.trim().slice(1, -1).split("|").map((cell) => cell.trim()));
  const body = rows.filter((row) => !row.every((cell) => /^:?-+:?$/.test(cell)));
  const made = body.map((row, n) => el("tr", {}, row.map((cell) => el(n || body.length === rows.length ? "td" : "th", {}, inline(cell, rules)))));
  return [stop, el("div", { class: "table" }, el("table", {}, made))];
} });

function run(lines, pattern) {
  const stop = lines.findIndex((line) => !pattern.test(line));
  return stop < 0 ? lines.length : stop;
}

function written(text, rules) {
  const kinds = rules === MARKDOWN ? [fence, heading(rules), rule, quote(rules), list(rules), grid(rules)] : [fence, quote(rules), list(rules)];
  const made = [];
  let lines = text.split("\n");
  while (lines.length) {
    const kind = kinds.find((one) => one.starts.test(lines[0]));
    if (kind) {
      const [taken, node] = kind.take(lines);
      made.push(node);
      lines = lines.slice(taken);
      continue;
    }
    const next = lines.findIndex((line, n) => n > 0 && (!line.trim() || kinds.some((one) => one.starts.test(line))));
    const stop = next < 0 ? lines.length : next;
    const paragraph = lines.slice(0, stop).join("\n");
    if (paragraph.trim()) made.push(el("p", {}, inline(paragraph.trim(), rules)));
    lines = lines.slice(stop);
  }
  return made;
}

export const mrkdwn = (text) => written(text, MRKDWN);
export const markdown = (text) => written(text, MARKDOWN);
export const textObject = (one) => (!one ? [] : one.type === "mrkdwn" ? mrkdwn(one.text) : [el("span", {}, one.text ?? "")]);
