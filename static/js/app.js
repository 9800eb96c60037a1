// Comfort on top of pages that work without it: menus, dialogs, busy buttons, toasts, notices.
"use strict";

const TOAST_MS = 6000;
const COPIED_MS = 2000;
const SENT_MS = 15000;

// Menus are <details class="more">: close on Escape, on a click outside, and when another opens.
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.more[open]")) {
    if (!except || !menu.contains(except)) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest("details.more[open]");
  closeMenus();
  menu?.querySelector("summary").focus();
});

// [data-dialog="id"] opens that <dialog>; without JavaScript it is a link to a page that asks the same.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (!dialog || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  closeMenus();
  dialog.showModal();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
});
// A press on what is behind a dialog closes it; one on its own edge does not.
document.addEventListener("mousedown", (event) => {
  if (!(event.target instanceof HTMLDialogElement)) return;
  const box = event.target.getBoundingClientRect();
  const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!inside) event.target.close();
});

// Light or dark changes at once, on the page as it stands; the server keeps the choice.
document.addEventListener("submit", async (event) => {
  const theme = event.submitter?.name === "theme" && event.submitter.value;
  if (!theme || event.defaultPrevented) return;
  event.preventDefault();
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const button of document.querySelectorAll("button[name=theme][aria-pressed]")) {
    button.setAttribute("aria-pressed", String(button.value === theme));
  }
  const { form } = event.submitter;
  const body = new FormData(form, event.submitter);
  await fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true }).catch(() => show("failed", true));
});

// A form goes out once, and not at all without a network. data-again on the form exempts downloads, which leave the page standing.
function setBusy(button, busy) {
  if (!button) return;
  if (busy) {
    button.style.inlineSize = `${button.offsetWidth}px`;
    button.setAttribute("aria-busy", "true");
  } else {
    button.style.removeProperty("inline-size");
    button.removeAttribute("aria-busy");
  }
  button.disabled = busy;
  const word = button.querySelector("[data-busy]");
  if (word) [word.textContent, word.dataset.busy] = [word.dataset.busy, word.textContent];
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (!navigator.onLine) {
    event.preventDefault();
    show("offline", true);
    document.querySelector('[data-notice="offline"]')?.scrollIntoView({ block: "center" });
    return;
  }
  if ("again" in form.dataset) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  // After this turn, so that the pressed button's own name and value still go out.
  setTimeout(() => setBusy(event.submitter, true));
  // A page that was stopped on its way lets the form go out again.
  setTimeout(() => sendable(form), SENT_MS);
});

function sendable(form) {
  delete form.dataset.sent;
  for (const field of form.elements) if (field.matches("button[aria-busy]")) setBusy(field, false);
}

window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) sendable(form);
});

// [data-autosubmit] sends its form as soon as a choice is made.
document.addEventListener("change", (event) => {
  if ("autosubmit" in event.target.dataset) event.target.form.requestSubmit();
});

// [data-copy="id"] copies the value or the words of that element.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  const source = button && document.getElementById(button.dataset.copy);
  if (!source) return;
  await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
  const word = button.querySelector("[data-done]");
  if (!word || word.dataset.was) return;
  word.dataset.was = word.textContent;
  word.textContent = word.dataset.done;
  setTimeout(() => {
    word.textContent = word.dataset.was;
    delete word.dataset.was;
  }, COPIED_MS);
});

// Toasts leave after six seconds, but never from under a pointer or the focus.
function expire(toast) {
  if (toast.matches(":hover, :focus-within")) setTimeout(() => expire(toast), TOAST_MS / 3);
  else toast.remove();
}

function startToasts(root) {
  for (const toast of root.querySelectorAll(".toast:not([data-timed])")) {
    toast.dataset.timed = "yes";
    setTimeout(() => expire(toast), TOAST_MS);
  }
}

startToasts(document);
document.addEventListener("htmx:load", (event) => startToasts(event.detail.elt.parentNode ?? document));

// htmx: the token for writing, busy buttons, and a word when the server cannot be reached.
function show(name, visible) {
  const notice = document.querySelector(`[data-notice="${name}"]`);
  if (notice) notice.hidden = !visible;
}

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]');
  if (event.detail.verb !== "get" && token) event.detail.headers["X-CSRFToken"] = token.content;
});

const senders = new WeakMap();
document.addEventListener("htmx:beforeRequest", (event) => {
  const button = event.detail.requestConfig.triggeringEvent?.submitter;
  if (!button) return;
  senders.set(event.detail.xhr, button);
  setBusy(button, true);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const button = senders.get(event.detail.xhr);
  if (button?.isConnected) setBusy(button, false);
  if (event.detail.successful) show("failed", false);
});
for (const name of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(name, () => show("failed", navigator.onLine));
}
window.addEventListener("offline", () => show("offline", true));
window.addEventListener("online", () => show("offline", false));
show("offline", !navigator.onLine);
