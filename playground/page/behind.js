// "Behind this answer": what was found, what each line rests on, what was dropped and why.

import { el, icon } from "./dom.js";
import { person, store } from "./store.js";
import { link } from "./text.js";

const percent = (share) => `${Math.round(Math.max(0, Math.min(1, Number(share) || 0)) * 100)}%`;
const asText = (value) => (value === null || value === undefined || value === "" ? "–" : Array.isArray(value) ? value.join(", ") : typeof value === "object" ? Object.entries(value).map(([k, v]) => `${k}: ${v}`).join(", ") : String(value));

export function behindAnswer(record) {
  return [
    record.question ? el("blockquote", { class: "asked" }, record.question) : null,
    facts(record),
    confidence(record),
    title("Lines", count(record.lines, (line) => line.shown, "shown", "dropped")),
    el("ol", { class: "lines" }, (record.lines ?? []).map(line)),
    title("Passages", count(record.passages, (one) => one.used, "used", "not used")),
    el("ol", { class: "passages" }, (record.passages ?? []).map(passage)),
    timing(record.milliseconds ?? {}),
  ].filter(Boolean);
}

const title = (name, detail) => el("h3", {}, name, el("span", { class: "faint" }, detail));

function count(list = [], test, yes, no) {
  const good = list.filter(test).length;
  return `${good} ${yes} · ${list.length - good} ${no}`;
}

function facts(record) {
  const rows = [["Asked by", store.people.has(record.asker) ? person(record.asker).name : record.asker], ["Can be read by", record.readers], ["May use", record.labels], ["As of", record.as_of], ["Outcome", record.outcome],
    ["Written by", record.writer ? writer(record.writer) : null], ["Tried before", tried(record.tried)], ["Remembered", record.cached ? "the draft came from the cache, and was checked again" : null],
    ["Tokens", tokens(record.tokens)], ["Prompt", record.prompt_hash ? String(record.prompt_hash).slice(0, 12) : null]];
  return el("dl", { class: "facts" }, rows.filter(([, value]) => value !== undefined && value !== null).map(([name, value]) => [el("dt", {}, name), el("dd", {}, value instanceof Node ? value : asText(value))]));
}

const writer = (name) => (name === "quotes" ? "quotes, word for word" : name);
const WHY_NOT = {
  unreachable: "could not be reached", "too slow": "took too long", busy: "was too busy", refused: "refused to answer", "no such model": "does not exist at its address",
  "broke off": "broke off", "cut short": "was cut short", "not an answer": "sent something that is no answer",
};

// Who was to speak first, and why somebody else did.
function tried(list) {
  return list?.length ? el("ul", { class: "tried" }, list.map((one) => el("li", {}, el("strong", {}, writer(one.writer)), ` ${WHY_NOT[one.reason] ?? one.reason ?? ""}`))) : null;
}

function tokens(spent) {
  if (!spent) return null;
  const read = Number(spent.prompt ?? 0).toLocaleString("en");
  const cached = Number(spent.cached ?? 0);
  return `${read} read${cached ? ` (${cached.toLocaleString("en")} of them from the model's own cache)` : ""}, ${Number(spent.written ?? 0).toLocaleString("en")} written`;
}

function confidence({ confidence: sure, threshold }) {
  if (typeof sure !== "number") return null;
  const enough = typeof threshold !== "number" || sure >= threshold;
  return el("div", { class: `confidence ${enough ? "enough" : "short"}` },
    el("div", { class: "scale", vars: { "--sure": percent(sure), "--mark": percent(threshold ?? 0) } }, el("i"), el("b")),
    el("span", {}, `Confidence ${sure.toFixed(2)}`), typeof threshold === "number" ? el("span", { class: "faint" }, `answers from ${threshold.toFixed(2)}`) : null);
}

// A dropped line is struck through for the eye, and said to be dropped to who does not see it.
function line(one) {
  const reason = one.reason ? el("div", { class: "reason" }, one.shown ? one.reason : `Never shown: ${/^[a-z]+s\b/.test(one.reason) ? "it " : ""}${one.reason}.`) : null;
  return el("li", { class: one.shown ? "shown" : "dropped" }, icon(one.shown ? "check" : "close", one.shown ? "Shown" : "Dropped"),
    el("div", {}, el(one.shown ? "span" : "del", { class: "text" }, one.text ?? ""), (one.sources ?? []).map((n) => el("sup", {}, `[${n}]`)), reason));
}

function passage(one) {
  const bar = (name, value) => typeof value === "number"
    ? el("span", { class: "bar", vars: { "--share": percent(value) }, title: `${name} ${value.toFixed(3)}` }, el("i"), `${name} ${value.toFixed(2)}`) : null;
  const heading = one.url ? link(one.url, one.title ?? "") : el("span", {}, one.title ?? "");
  return el("li", { class: one.used ? "used" : "" },
    el("div", { class: "passage-top" }, el("span", { class: "number" }, String(one.n ?? "")), heading, one.clause ? el("span", { class: "faint" }, one.clause) : null, one.used ? el("span", { class: "badge" }, "used") : null),
    el("div", { class: "bars" }, bar("score", one.score), bar("meaning", one.dense), bar("words", one.keyword)),
    el("details", {}, el("summary", {}, (one.text ?? "").slice(0, 110) + ((one.text ?? "").length > 110 ? "…" : "")), el("p", {}, one.text ?? "")));
}

function timing(milliseconds) {
  const parts = Object.entries(milliseconds).filter(([, ms]) => typeof ms === "number");
  if (!parts.length) return null;
  return [title("Time", `${Math.round(parts.find(([name]) => name === "total")?.[1] ?? parts.reduce((sum, [, ms]) => sum + ms, 0))} ms`),
    el("dl", { class: "facts" }, parts.filter(([name]) => name !== "total").map(([name, ms]) => [el("dt", {}, name), el("dd", {}, `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`)]))];
}
