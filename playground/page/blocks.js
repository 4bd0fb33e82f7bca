// Block Kit: each block type has one function that draws it.

import { agreed } from "./confirm.js";
import { el, icon } from "./dom.js";
import { link, markdown, mention, mrkdwn, reaction, textObject } from "./text.js";

// act(action) is called with {action_id, block_id, value, label} when something is pressed.
export function blocks(list, act) {
  return list.map((block) => (DRAWN[block.type] ?? unknown)(block, act)).filter(Boolean);
}

const DRAWN = {
  section: (block, act) => el("div", { class: "block section" },
    el("div", { class: "said" }, block.text ? textObject(block.text) : null,
      block.fields ? el("div", { class: "fields" }, block.fields.map((one) => el("div", {}, textObject(one)))) : null),
    block.accessory ? element(block.accessory, block, act) : null),
  markdown: (block) => el("div", { class: "block said" }, markdown(block.text)),
  header: (block) => el("h3", { class: "block header" }, block.text.text),
  divider: () => el("hr", { class: "block" }),
  context: (block) => el("div", { class: "block context" }, block.elements.map((one) =>
    one.type === "image" ? el("span", { class: "picture" }, one.alt_text) : el("div", {}, textObject(one)))),
  image: (block) => el("div", { class: "block picture" }, block.alt_text),
  actions: (block, act) => el("div", { class: "block actions" }, block.elements.map((one) => element(one, block, act))),
  context_actions: (block, act) => el("div", { class: "block actions small" }, block.elements.map((one) => element(one, block, act))),
  rich_text: (block) => el("div", { class: "block said" }, block.elements.map(rich)),
  table: (block) => el("div", { class: "block table" }, el("table", {}, block.rows.map((row, n) =>
    el("tr", {}, row.map((cell) => el(n ? "td" : "th", {}, cell.type === "rich_text" ? cell.elements.map(rich) : cell.text ?? "")))))),
  alert: (block) => el("div", { class: `block alert ${block.level ?? "default"}` }, textObject(block.text)),
  input: (block) => input(block),
};

const unknown = (block) => el("div", { class: "block context" }, `(a block of type ${block.type})`);

function element(one, block, act) {
  const press = (more) => act?.({ action_id: one.action_id, block_id: block.block_id, ...more });
  if (one.type === "button") {
    const label = one.text.text;
    const pressed = async () => {
      if (one.confirm && !(await agreed(one.confirm))) return;
      if (one.url && /^https?:/i.test(one.url)) window.open(one.url, "_blank", "noopener");
      press({ value: one.value ?? null, label });
    };
    return el("button", { type: "button", class: `button ${one.style ?? ""}`, "aria-label": one.accessibility_label || null, on: { click: pressed } }, ...inlineEmoji(label));
  }
  if (one.type === "feedback_buttons") {
    const thumb = (side, shape) => el("button", {
      type: "button", class: "thumb", title: side.text.text, "aria-label": side.accessibility_label || side.text.text,
      on: { click: (event) => { mark(event.currentTarget); press({ value: side.value ?? null, label: side.text.text }); } },
    }, icon(shape));
    return el("span", { class: "thumbs" }, thumb(one.positive_button, "up"), thumb(one.negative_button, "down"));
  }
  if (one.type === "icon_button") {
    return el("button", { type: "button", class: "thumb", on: { click: () => press({ value: one.value ?? null, label: one.text.text }) } }, one.text.text);
  }
  if (one.options) return choice(one, (value) => press({ value }));
  return null;
}

const inlineEmoji = (label) => label.split(/(:[a-z0-9_+-]+:)/).map((part) => (/^:.*:$/.test(part) ? reaction(part.slice(1, -1)) : part));

function mark(button) {
  for (const one of button.parentElement.children) one.classList.toggle("pressed", one === button);
}

function choice(one, picked) {
  const options = one.options.map((option) => el("option", { value: option.value }, option.text.text));
  const first = one.placeholder ? el("option", { value: "", disabled: true, selected: !one.initial_option }, one.placeholder.text) : null;
  const select = el("select", { class: "select", "aria-label": one.placeholder?.text ?? "Choose", on: { change: () => picked?.(select.value) } }, first, options);
  if (one.initial_option) select.value = one.initial_option.value;
  return select;
}

function rich(part) {
  const styled = (node, style = {}) => {
    let inner = node;
    for (const [name, tag] of [["bold", "strong"], ["italic", "em"], ["strike", "s"], ["code", "code"]]) if (style[name]) inner = el(tag, {}, inner);
    return inner;
  };
  const leaf = (one) => {
    if (one.type === "user") return mention(one.user_id);
    if (one.type === "link") return styled(link(one.url, one.text || one.url), one.style);
    if (one.type === "emoji") return reaction(one.name);
    const lines = (one.text ?? "").split("\n");
    return styled(el("span", {}, lines.flatMap((line, n) => (n ? [el("br"), line] : [line]))), one.style);
  };
  if (part.type === "rich_text_list") return el(part.style === "ordered" ? "ol" : "ul", {}, part.elements.map((one) => el("li", {}, one.elements.map(leaf))));
  if (part.type === "rich_text_quote") return el("blockquote", {}, part.elements.map(leaf));
  if (part.type === "rich_text_preformatted") return el("pre", {}, part.elements.map(leaf));
  return el("p", {}, part.elements.map(leaf));
}

// About as high as what stands in it.
const tall = (text) => Math.min(16, Math.max(4, (text ?? "").split("\n").reduce((sum, line) => sum + 1 + Math.floor(line.length / 75), 1)));

function input(block) {
  const one = block.element;
  const name = block.block_id;
  const label = `field-${name}`;
  let field;
  if (one.type === "plain_text_input") {
    const common = { id: label, class: "field", dataset: { block: name }, placeholder: one.placeholder?.text ?? null, maxlength: one.max_length ? String(one.max_length) : null };
    field = one.multiline ? el("textarea", { ...common, rows: tall(one.initial_value) }, one.initial_value ?? "") : el("input", { ...common, value: one.initial_value ?? "" });
  } else if (one.type === "static_select") {
    field = choice(one);
    field.id = label;
    field.dataset.block = name;
  } else if (one.type === "checkboxes" || one.type === "radio_buttons") {
    const many = one.type === "checkboxes";
    const chosen = new Set((one.initial_options ?? [one.initial_option]).filter(Boolean).map((option) => option.value));
    field = el("div", { class: "choices", dataset: { block: name, many: many ? "yes" : "no" } }, one.options.map((option) => el("label", {},
      el("input", { type: many ? "checkbox" : "radio", name: label, value: option.value, checked: chosen.has(option.value) }), " ", option.text.text)));
  } else field = el("input", { id: label, class: "field", type: one.type === "datepicker" ? "date" : "text", dataset: { block: name }, value: one.initial_date ?? "" });
  return el("div", { class: "block input" },
    el("label", { for: label }, block.label.text, block.optional ? el("span", { class: "faint" }, " (optional)") : null),
    field, block.hint ? el("div", { class: "faint" }, block.hint.text) : null, el("div", { class: "error", dataset: { error: name }, role: "alert" }));
}

export function entered(form) {
  const values = {};
  for (const field of form.querySelectorAll("[data-block]")) {
    if (!field.dataset.many) values[field.dataset.block] = field.value;
    else {
      const chosen = [...field.querySelectorAll("input:checked")].map((one) => one.value);
      values[field.dataset.block] = field.dataset.many === "yes" ? chosen : chosen[0] ?? null;
    }
  }
  return values;
}

// What was typed before, put back: into a modal that was changed meanwhile, or that lay below another one.
export function retype(form, values) {
  for (const field of form.querySelectorAll("[data-block]")) {
    const value = values[field.dataset.block];
    if (!field.dataset.many && typeof value === "string") field.value = value;
  }
}

export const typed = (state) => Object.fromEntries(Object.entries(state?.values ?? {}).map(([block, elements]) => {
  const one = Object.values(elements)[0] ?? {};
  return [block, one.selected_option?.value ?? one.selected_date ?? one.value ?? ""];
}));

export const words = (text) => mrkdwn(text ?? "");
