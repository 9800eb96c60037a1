// Comfort on top of pages that work without it: menus, dialogs, busy buttons, toasts, notices.
"use strict";

const TOAST_MS = 6000;
const COPIED_MS = 2000;

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
  if (event.target instanceof HTMLDialogElement) event.target.close();
  else if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
});

// A form goes out once. data-again on the form exempts downloads, which leave the page standing.
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
  if (event.defaultPrevented || form.method !== "post" || "again" in form.dataset) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  // After this turn, so that the pressed button's own name and value still go out.
  setTimeout(() => setBusy(event.submitter, true));
});
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("button[aria-busy]")) setBusy(button, false);
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

// Keys: Ctrl K searches; a link or button with data-key="N" answers to N outside of fields.
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    const field = document.querySelector("[data-search]");
    if (field?.checkVisibility()) field.focus();
    else field?.form.submit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, dialog")) return;
  document.querySelector(`[data-key="${CSS.escape(event.key.toUpperCase())}"]`)?.click();
});

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
  show("failed", !event.detail.successful && event.detail.xhr.status !== 422 && navigator.onLine);
});
window.addEventListener("offline", () => show("offline", true));
window.addEventListener("online", () => show("offline", false));
show("offline", !navigator.onLine);
