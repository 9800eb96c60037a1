// The editor's heart: what the invoice adds up to comes from the server, part by part, while one writes.
// The files editor-*.js add lines, clients, keeping and the picture; they meet in window.invoiceEditor.
"use strict";

{
  const TYPING_PAUSE_MS = 300;
  const PAUSE_A_LINE_MS = 1.5; // hundreds of lines take the server longer than somebody types
  const form = document.getElementById("editor");
  let waiting;
  let asking;
  let leaving = false;
  let isLoggedOut = false;
  let stale = false; // something was typed that the server has not reckoned

  // What was written, without what was left empty: an invoice has up to 1,000 lines of thirteen fields.
  function payload() {
    const data = new FormData(form);
    for (const [name, value] of [...data]) {
      if (value === "" && /^items-\d+-(?!name$)/.test(name)) data.delete(name);
    }
    return data;
  }

  function changed(delay = 0) {
    form.dispatchEvent(new CustomEvent("editor:changed", { detail: { delay } }));
  }

  async function post(url, data, signal) {
    return fetch(url, { method: "POST", body: data, signal, redirect: "manual" });
  }

  function reckonSoon(delay) {
    stale = true;
    clearTimeout(waiting);
    waiting = setTimeout(reckon, delay);
  }

  async function reckon() {
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await post(form.dataset.editor, payload(), asking.signal);
      logged(answer.type === "opaqueredirect" || answer.status === 403);
      if (isLoggedOut) return;
      if (!answer.ok) throw new Error(answer.statusText);
      place(new DOMParser().parseFromString(await answer.text(), "text/html").body);
      stale = false;
      show("failed", false);
      form.dispatchEvent(new CustomEvent("editor:reckoned"));
    } catch (error) {
      if (error.name !== "AbortError" && !leaving && navigator.onLine) show("failed", true);
    }
  }

  // What was typed waits for the log-in, as that of other forms does.
  function logged(out) {
    if (out) show("failed", false);
    if (out || isLoggedOut) document.dispatchEvent(new Event(out ? "logged-out" : "logged-in"));
    isLoggedOut = out;
  }

  // Each part takes the place of the one with its id, where it says something else. Hints that did not come are over.
  function place(parts) {
    form.dispatchEvent(new CustomEvent("editor:reckoning"));
    const came = new Set();
    for (const part of [...parts.children]) {
      if (part.matches("data")) {
        write({ field: part.dataset.for, value: part.getAttribute("value"), as: part.dataset.as });
        continue;
      }
      came.add(part.id);
      if (part.dataset.price) write({ field: `id_items-${part.id.slice("amount-".length)}-unit_price`, value: part.dataset.price });
      const old = document.getElementById(part.id);
      if (old && old.outerHTML !== part.outerHTML) old.replaceWith(part);
    }
    for (const hint of form.querySelectorAll(".hint.stop:not(:empty)")) {
      if (!came.has(hint.id)) hint.replaceChildren();
    }
  }

  // What was read stands in its field as the page writes days and amounts, once one has left the field.
  function write({ field: id, value, as }) {
    const field = document.getElementById(id);
    if (!field) return;
    if (as === "placeholder") field.placeholder = value;
    else if (field !== document.activeElement && field.value && field.value !== value) field.value = value;
  }

  function show(name, visible) {
    const notice = document.querySelector(`[data-notice="${name}"]`);
    if (notice) notice.hidden = !visible;
  }

  window.addEventListener("pagehide", () => {
    leaving = true;
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
  });
  form.addEventListener("input", () => {
    reckonSoon(TYPING_PAUSE_MS + PAUSE_A_LINE_MS * form.querySelectorAll(".lines > .row").length);
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-day]")) reckonSoon(0);
  });
  form.addEventListener("editor:changed", (event) => reckonSoon(event.detail.delay));
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(waiting);
    asking?.abort();
  });
  // What was mended in another tab counts.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) reckonSoon(0);
  });

  // What the server said of a field holds until it is changed.
  form.addEventListener("input", (event) => {
    const box = event.target.closest(".in.err");
    if (!box) return;
    box.classList.remove("err");
    document.getElementById(`${event.target.id}_error`)?.remove();
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("select")) event.target.dataset.chosen = "yes";
  });

  // A link to a field leads into it, also where it is folded away.
  function focusOn(id) {
    let field = document.getElementById(id);
    if (id === "id_client_id") field = document.getElementById("client-search") ?? field;
    if (!field) return false;
    const folded = field.closest("details:not([open])");
    if (folded) folded.open = true;
    if (location.hash === "#preview") location.hash = "#editor";
    field.focus();
    field.select?.();
    field.scrollIntoView({ block: "center" });
    return true;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest('.ready a[href^="#"]');
    if (link && focusOn(link.hash.slice(1))) event.preventDefault();
  });

  // What is known to stop the issue is shown before anything is asked.
  document.addEventListener(
    "click",
    (event) => {
      const button = event.target.closest('button[name="act"]:is([value="ask"], [value="send"])');
      const stop = button && document.querySelector("#ready [data-stop] a");
      if (!stop || stale) return;
      event.preventDefault();
      event.stopPropagation();
      button.closest("details")?.removeAttribute("open");
      if (!stop.hash || !focusOn(stop.hash.slice(1))) {
        if (!stop.checkVisibility()) location.hash = "#preview";
        stop.focus();
      }
    },
    true,
  );

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    [...document.querySelectorAll("[data-send]")].find((button) => button.checkVisibility())?.click();
  });

  // A calendar beside a day that is typed.
  for (const button of form.querySelectorAll("[data-pick-day]")) {
    const field = button.parentNode.querySelector("input");
    const picker = document.createElement("input");
    Object.assign(picker, { type: "date", tabIndex: -1, className: "picker" });
    picker.setAttribute("aria-hidden", "true");
    button.before(picker);
    button.hidden = false;
    button.addEventListener("click", () => picker.showPicker());
    picker.addEventListener("input", (event) => event.stopPropagation());
    picker.addEventListener("change", (event) => {
      event.stopPropagation();
      field.value = picker.value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      button.focus();
    });
  }

  for (const hidden of form.querySelectorAll("[data-scripted], .keys")) hidden.hidden = false;

  window.invoiceEditor = { form, payload, changed, post, show, isLeaving: () => leaving };
}
