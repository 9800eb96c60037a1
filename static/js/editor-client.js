// The client: found by typing, shown as a card, made on the spot. The select that works without scripts keeps the value.
"use strict";

{
  const { form, changed, post } = window.invoiceEditor;
  const SEARCH_PAUSE_MS = 120;
  const place = form.querySelector("[data-combo]");
  const select = place.querySelector("select");
  const box = place.querySelector(".in");
  const card = document.getElementById("client-card");
  const change = card.querySelector("[data-change-client]");
  const fresh = document.getElementById("new-client");
  const input = document.createElement("input");
  const list = document.createElement("ul");
  let asked = 0;
  let timer;
  let making;

  Object.assign(input, { type: "text", id: "client-search", autocomplete: "off", placeholder: place.dataset.label, dir: "auto" });
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": "client-list", "aria-autocomplete": "list" })) {
    input.setAttribute(name, value);
  }
  const describedBy = select.getAttribute("aria-describedby");
  if (describedBy) input.setAttribute("aria-describedby", describedBy);
  Object.assign(list, { id: "client-list", className: "pop options", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", place.dataset.label);
  select.hidden = true;
  select.before(input);
  box.after(list);
  place.querySelector("label").htmlFor = input.id;
  place.classList.add("combo");
  change.hidden = false;

  // Card, field or fields of a new client: one of the three shows.
  function view(which) {
    card.hidden = which !== "card";
    box.hidden = which !== "field";
    fresh.hidden = which !== "new";
    place.querySelector("label").htmlFor = which === "field" ? input.id : change.id;
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(option) {
    for (const each of list.children) each.setAttribute("aria-selected", String(each === option));
    if (option) input.setAttribute("aria-activedescendant", option.id);
    option?.scrollIntoView({ block: "nearest" });
  }

  async function search() {
    const mine = ++asked;
    let answer;
    try {
      answer = await fetch(`${place.dataset.combo}?q=${encodeURIComponent(input.value.trim())}`);
    } catch {
      return;
    }
    if (mine !== asked || !answer.ok || document.activeElement !== input) return;
    list.innerHTML = await answer.text();
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(list.firstElementChild);
  }

  // A new invoice speaks the client's language and counts in their currency, unless that was chosen by hand.
  function follow({ language, currency }) {
    if (form.elements.invoice.value) return;
    for (const [name, value] of Object.entries({ language, currency })) {
      const field = form.elements[name];
      if (value && !field.dataset.chosen) field.value = value;
    }
    window.invoiceEditor.language();
  }

  function choose(element) {
    const { id, name } = element.dataset;
    if (!select.querySelector(`option[value="${CSS.escape(id)}"]`)) select.add(new Option(name, id));
    select.value = id;
    follow(element.dataset);
    card.querySelector(".whom").replaceChildren(element.querySelector("template").content.cloneNode(true));
    document.getElementById("id_client_id_error")?.remove();
    box.classList.remove("err");
    view("card");
    changed();
  }

  function begin(name) {
    select.value = "";
    view("new");
    const field = document.getElementById("id_client_name");
    field.value = name;
    document.getElementById(name ? "id_client_email" : "id_client_name").focus();
    changed();
  }

  function pick(option) {
    close();
    input.value = "";
    if (option.dataset.id) {
      choose(option);
      goOn();
    } else begin(option.dataset.name);
  }

  // Whoever has chosen a client goes on with the lines.
  function goOn() {
    const names = [...form.querySelectorAll('.lines [name$="-name"]')];
    (names.find((each) => !each.value) ?? change).focus();
  }

  // Made at once, so that the draft can be kept; what is wrong shows at its field.
  function make() {
    const given = ["id_client_name", "id_client_email"].some((id) => document.getElementById(id).value.trim());
    if (!given) return Promise.resolve(false);
    making ??= ask().finally(() => {
      making = undefined;
    });
    return making;
  }

  async function ask() {
    try {
      const answer = await post(fresh.dataset.new, new FormData(form));
      if (!answer.ok && answer.status !== 422) return false;
      const parts = new DOMParser().parseFromString(await answer.text(), "text/html").body;
      if (answer.status === 422) {
        const inside = fresh.contains(document.activeElement);
        document.getElementById("new-client-fields").replaceWith(...parts.children);
        if (inside) fresh.querySelector(".err input")?.focus();
        return false;
      }
      for (const field of fresh.querySelectorAll("input")) field.value = "";
      choose(parts.firstElementChild);
      return true;
    } catch {
      return false; // the whole form still makes it
    }
  }

  // A client who is being made is not made twice by the form.
  form.addEventListener("submit", (event) => {
    if (!making) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    making.then(() => form.requestSubmit(event.submitter));
  });

  input.addEventListener("input", (event) => {
    event.stopPropagation();
    clearTimeout(timer);
    timer = setTimeout(search, SEARCH_PAUSE_MS);
  });
  input.addEventListener("click", () => list.hidden && search());
  input.addEventListener("blur", () => {
    asked++;
    clearTimeout(timer);
    close();
    if (select.value) view("card");
  });
  input.addEventListener("keydown", async (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter") {
      event.preventDefault();
      clearTimeout(timer);
      if (input.value.trim() !== (list.lastElementChild?.dataset.name ?? "")) await search();
      const option = list.querySelector('[aria-selected="true"]');
      if (option && !list.hidden) pick(option);
    } else if (event.key === "Escape") {
      if (list.hidden && select.value) view("card");
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) {
        search();
        return;
      }
      const all = [...list.children];
      const at = all.findIndex((each) => each.getAttribute("aria-selected") === "true");
      mark(all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
    }
  });
  // Before the input loses its focus.
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) pick(option);
  });
  change.id = "change-client";
  change.addEventListener("click", () => {
    view("field");
    input.focus();
  });
  fresh.querySelector("[data-add-client]").addEventListener("click", async () => {
    if (await make()) goOn();
  });
  fresh.querySelector("[data-drop-client]").addEventListener("click", () => {
    for (const field of fresh.querySelectorAll("input")) field.value = "";
    view("field");
    input.focus();
    changed();
  });
  fresh.addEventListener("keydown", async (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing || event.target.matches("button")) return;
    event.preventDefault();
    if (await make()) goOn();
  });
  // Whoever goes on writing has said who it is.
  fresh.addEventListener("focusout", (event) => {
    const to = event.relatedTarget;
    if (to && form.contains(to) && !fresh.contains(to) && !to.matches("button, a")) make();
  });

  const begun = [...fresh.querySelectorAll("input")].some((field) => field.value) || (select.options.length < 2 && !select.value);
  view(select.value ? "card" : begun ? "new" : "field");
  if (!select.value && !begun && !location.hash && !document.querySelector(".err")) input.focus({ preventScroll: true });
}
