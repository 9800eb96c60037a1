// The list of invoices: ticking rows, the bar of what can be done with them, filters without empty words.
"use strict";

const SCALE = 4; // decimals of stored amounts

const boxes = (form) => [...form.querySelectorAll('input[name="selected"]')];

// Sums are of whole ten-thousandths, so that no cent is lost; they are written as the server writes amounts.
function scaled(text) {
  const [whole, part = ""] = text.split(".");
  return BigInt(whole + part.slice(0, SCALE).padEnd(SCALE, "0"));
}

function written(amount, { sample, figure, digits }) {
  const plain = amount.toString().replace("-", "").padStart(SCALE + 1, "0");
  const whole = plain.slice(0, -SCALE).replace(/\B(?=(\d{3})+$)/g, figure[1]);
  const part = digits ? figure.at(-digits - 1) + plain.slice(-SCALE).slice(0, digits) : "";
  return sample.replace(figure, (amount < 0n ? "\u2212" : "") + whole + part);
}

function sums(ticked, forms) {
  const found = new Map();
  for (const box of ticked) {
    const { currency, amount } = box.dataset;
    found.set(currency, (found.get(currency) ?? 0n) + scaled(amount));
  }
  return forms.filter((form) => found.get(form.currency)).map((form) => written(found.get(form.currency), form));
}

function refresh(form) {
  const all = boxes(form);
  const ticked = all.filter((box) => box.checked);
  const bar = form.querySelector("[data-bar]");
  const page = form.querySelector("[data-page]");
  const every = bar.querySelector("[data-all]");
  const whole = ticked.length === all.length;
  page.checked = whole;
  page.indeterminate = ticked.length > 0 && !whole;
  if (every) {
    every.closest("label").hidden = !whole;
    if (!whole) every.checked = false;
  }
  bar.classList.toggle("any", ticked.length > 0);
  bar.querySelector(".said").hidden = ticked.length === 0;
  bar.querySelector("[data-count]").textContent = every?.checked ? every.dataset.all : ticked.length;
  const shown = every?.checked ? [] : sums(ticked, JSON.parse(bar.dataset.forms));
  bar.querySelector("[data-sums]").replaceChildren(
    ...shown.flatMap((text) => {
      const isolated = document.createElement("bdi");
      isolated.textContent = text;
      return [" · ", isolated];
    }),
  );
  if (!ticked.length) bar.querySelector("details[open]")?.removeAttribute("open");
}

function tick(form, chosen, checked) {
  for (const box of chosen) box.checked = checked;
  refresh(form);
}

let last = null; // the box ticked last, from which Shift reaches

document.addEventListener("click", (event) => {
  const form = event.target.closest("[data-selection]");
  if (!form) return;
  if (event.target.closest("[data-none]")) {
    tick(form, boxes(form), false);
    return;
  }
  if (event.target.name !== "selected") return;
  const all = boxes(form);
  const [from, to] = [all.indexOf(last), all.indexOf(event.target)].sort((a, b) => a - b);
  if (event.shiftKey && from >= 0) tick(form, all.slice(from, to + 1), event.target.checked);
  last = event.target;
});

// A range of boxes, not of words.
document.addEventListener("mousedown", (event) => {
  if (event.shiftKey && event.target.name === "selected") event.preventDefault();
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-selection]");
  if (!form) return;
  if ("page" in event.target.dataset) tick(form, boxes(form), event.target.checked);
  else refresh(form);
});

// Escape lets go of what is ticked, unless a menu is open that it closes.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || document.querySelector("details.more[open], dialog[open]")) return;
    for (const form of document.querySelectorAll("[data-selection]")) tick(form, boxes(form), false);
  },
  true,
);

// A browser that goes back keeps what was ticked.
window.addEventListener("pageshow", () => document.querySelectorAll("[data-selection]").forEach(refresh));

// Addresses say only what narrows.
document.addEventListener("formdata", (event) => {
  if (!event.target.matches("[data-filters]")) return;
  for (const [name, value] of [...event.formData]) if (!value) event.formData.delete(name);
});
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.detail.elt.closest("[data-filters]")) return;
  const { parameters } = event.detail;
  for (const name of Object.keys(parameters)) if (!parameters[name].length) delete parameters[name];
});

// A file that was waited for comes by itself.
document.addEventListener("htmx:load", (event) => {
  const found = event.detail.elt.querySelector?.("[data-download]");
  if (found) location.assign(found.href);
});
