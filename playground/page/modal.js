// Modals: the app's views as a dialog with fields, errors, Submit and Close.

import { blocks, entered, retype, typed } from "./blocks.js";
import { el, fill, icon } from "./dom.js";
import { wish } from "./live.js";
import { sourcePressed } from "./minute.js";
import { store } from "./store.js";

const dialog = document.getElementById("modal");

export function showModal(view, forWindow) {
  if (!view?.id) return hideModal();
  if (forWindow && forWindow !== store.window) return undefined;
  if (view.errors) return showErrors(view.errors);
  const act = (action) => wish("click_in_view", { view_id: view.id, action, values: entered(form) });
  const form = el("form", { class: "modal-form", method: "dialog", on: { submit: (event) => {
    event.preventDefault();
    wish("submit", { view_id: view.id, values: entered(form) });
  } } },
    el("header", {}, el("h2", {}, view.title.text), el("button", { type: "button", class: "close", "aria-label": "Close (Esc)", on: { click: () => closed(view) } }, icon("close"))),
    el("div", { class: sourcePressed() ? "modal-body source" : "modal-body" }, blocks(view.blocks, act)),
    el("footer", {}, el("button", { type: "button", class: "button", on: { click: () => closed(view) } }, view.close?.text ?? (view.submit ? "Cancel" : "Close")),
      view.submit ? el("button", { class: "button primary" }, view.submit.text) : null));
  retype(form, dialog.dataset.view === view.id ? entered(dialog) : typed(view.state));
  dialog.dataset.view = view.id;
  fill(dialog, form);
  dialog.oncancel = (event) => { event.preventDefault(); closed(view); };
  dialog.setAttribute("aria-label", view.title.text);
  if (!dialog.open) dialog.showModal();
  dialog.querySelector(".modal-body mark, .modal-body strong")?.scrollIntoView({ block: "nearest" });
  return undefined;
}

function closed(view) {
  wish("close", { view_id: view.id });
  hideModal();
}

export function hideModal() {
  if (dialog.open) dialog.close();
  dialog.dataset.view = "";
  fill(dialog);
}

function showErrors(errors) {
  for (const place of dialog.querySelectorAll("[data-error]")) place.textContent = errors[place.dataset.error] ?? "";
}
