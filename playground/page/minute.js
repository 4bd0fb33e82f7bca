// The guided first minute: three steps that tick off as they happen.

import { el, fill, icon } from "./dom.js";
import { byKey, here, personByKey, redraw, screen, store } from "./store.js";

const box = document.getElementById("minute");
const memory = JSON.parse(sessionStorage.getItem("minute") ?? "{}");
const progress = { done: memory.done ?? [], asked: memory.asked ?? {}, hidden: memory.hidden ?? false };
const PATIENCE = 5000;
let pressed = 0;
let drawn = "";

function remember() {
  sessionStorage.setItem("minute", JSON.stringify(progress));
  redraw();
}

function done(step) {
  if (progress.done.includes(step)) return;
  progress.done.push(step);
  remember();
}

export function noteClick(action) {
  if (/^source/i.test(action.action_id ?? "") || /^source\b/i.test(action.label ?? "")) pressed = Date.now();
}

// Whether the modal that opens now is the answer to a press on a source.
export const sourcePressed = () => Date.now() - pressed < PATIENCE;

export function noteModal() {
  if (sourcePressed()) done("source");
}

export function noteMessage(message) {
  if (message.user !== store.bot || message.streaming || !message.thread_ts) return;
  const asked = store.messages.get(message.channel)?.get(message.thread_ts);
  if (!asked || asked.user !== store.you) return;
  done("ask");
  const question = worded(asked.text);
  progress.asked[question] = [...new Set([...(progress.asked[question] ?? []), store.you])];
  remember();
  if (progress.asked[question].length > 1) done("switch");
}

// The same question counts as the same, however Ibid was addressed.
const worded = (text) => text.replace(/<@\w+>/g, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim().toLowerCase();

export function drawMinute({ ask, askAs }) {
  screen(() => {
    const plan = store.firstMinute;
    const home = plan.channel ? byKey(plan.channel) : null;
    const inPlace = here() && (here().id === home?.id || (progress.done.includes("ask") && here().kind === "im"));
    const mark = JSON.stringify([plan, progress, inPlace, store.you]);
    if (mark === drawn) return;
    drawn = mark;
    if (!plan.steps || progress.hidden || !inPlace) { fill(box); return; }
    const next = plan.steps.find((step) => !progress.done.includes(step.id));
    fill(box, next ? guide(plan, next, { ask, askAs, home: home ?? here() }) : finished());
  });
}

const hide = () => el("button", { type: "button", class: "close", "aria-label": "Hide the first minute", title: "Hide", on: { click: () => { progress.hidden = true; remember(); } } }, icon("close"));

function guide(plan, next, { ask, askAs, home }) {
  const first = !progress.done.length;
  const steps = plan.steps.map((step, n) => el("li", { class: progress.done.includes(step.id) ? "done" : step === next ? "now" : "", "aria-current": step === next ? "step" : null },
    el("span", { class: "tick" }, progress.done.includes(step.id) ? icon("check", "done") : String(n + 1)), step.title));
  return el("div", { class: `minute ${first ? "first" : ""}` }, hide(),
    first ? el("div", { class: "minute-intro" }, el("h2", {}, plan.title), el("p", {}, plan.intro ?? "")) : null,
    el("ol", { class: "steps" }, steps), el("p", { class: "minute-text" }, next.text),
    next.questions ? el("div", { class: "questions" }, next.questions.map((question) => el("button", { type: "button", class: "question", on: { click: () => ask(home.id, question) } }, question))) : null,
    next.people ? el("div", { class: "questions" }, next.people.map((key) => personByKey(key)).filter(Boolean).map((one) =>
      el("button", { type: "button", class: "question", on: { click: () => askAs(one.key, next.question) } },
        progress.asked[worded(next.question)]?.includes(one.id) ? icon("check", "asked") : null, el("span", { class: "faint" }, `As ${one.name.split(" ")[0]}: `), next.question))) : null);
}

function finished() {
  return el("div", { class: "minute finished" }, hide(), el("span", { class: "tick" }, icon("check", "done")),
    el("p", {}, "That was the first minute. Open “Behind this answer” to see what was found and what was dropped, or look through another window as somebody else."));
}
