// The editor's comfort: lines by keyboard, a client by typing. All reckoning is the server's.
"use strict";

const TYPING_PAUSE_MS = 300;
const SEARCH_PAUSE_MS = 150;
const editor = document.querySelector("[data-editor]");
const lines = document.getElementById("lines");
const template = document.getElementById("line-template");
let nextIndex = Math.max(-1, ...rows().map((row) => Number(row.dataset.row))) + 1;

function rows() {
  return [...lines.querySelectorAll(".row")];
}

function isBlank(row) {
  return [...row.querySelectorAll("input, textarea")].every((field) => !field.value.trim());
}

// What the invoice adds up to comes from the server: parts of this page, each put in the place of the one with its id.
let waiting;
let asking;

function reckonSoon(delay) {
  clearTimeout(waiting);
  waiting = setTimeout(reckon, delay);
}

async function reckon() {
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(editor.dataset.editor, {
      method: "POST",
      body: new FormData(editor),
      signal: asking.signal,
      redirect: "error",
    });
    if (!answer.ok) throw new Error(answer.statusText);
    const parts = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of [...parts.body.children]) document.getElementById(part.id)?.replaceWith(part);
    showFailure(false);
  } catch (error) {
    if (error.name !== "AbortError" && !leaving) showFailure(true);
  }
}

function showFailure(visible) {
  const notice = document.querySelector('[data-notice="failed"]');
  if (notice) notice.hidden = !visible;
}

let leaving = false;
window.addEventListener("pagehide", () => {
  leaving = true;
});
window.addEventListener("pageshow", () => {
  leaving = false;
});
editor.addEventListener("input", () => reckonSoon(TYPING_PAUSE_MS));
editor.addEventListener("submit", () => {
  leaving = true;
  clearTimeout(waiting);
  asking?.abort();
});

function rearranged() {
  reckonSoon(0);
}

// A new row is a copy of the template with a number that no other row has.
function addRow() {
  const copy = template.content.cloneNode(true);
  const index = String(nextIndex++);
  for (const element of copy.querySelectorAll("*")) {
    for (const attribute of element.attributes) {
      if (attribute.value.includes("__row__")) attribute.value = attribute.value.replaceAll("__row__", index);
    }
  }
  lines.append(copy);
  showArabic();
  return rows().at(-1);
}

// A line's name in Arabic is asked for where the paper will be in two languages.
function showArabic() {
  const wanted = editor.dataset.inTwo.split(" ").includes(editor.elements.language.value);
  for (const field of lines.querySelectorAll("[data-arabic]")) field.hidden = !wanted;
}

function focusIn(row, name = "name") {
  row?.querySelector(`[name$="-${name}"]`)?.focus();
}

function remove(row) {
  const all = rows();
  const beside = all[all.indexOf(row) + 1] ?? all[all.indexOf(row) - 1];
  row.remove();
  focusIn(beside ?? addRow());
  rearranged();
}

function move(row, down) {
  const other = down ? row.nextElementSibling : row.previousElementSibling;
  if (!other?.matches(".row")) return;
  const focused = document.activeElement;
  if (down) other.after(row);
  else other.before(row);
  focused?.focus();
  rearranged();
}

// Of the blank rows that pages without scripts need, one is enough here.
for (const row of rows().filter(isBlank).slice(1)) row.remove();
for (const hint of document.querySelectorAll(".keys")) hint.hidden = false;

editor.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add], [data-remove], [data-move]");
  if (!button) return;
  event.preventDefault();
  const row = button.closest(".row");
  if ("add" in button.dataset) focusIn(addRow());
  else if ("remove" in button.dataset) remove(row);
  else {
    move(row, button.dataset.move === "down");
    button.focus();
  }
});

lines.addEventListener("keydown", (event) => {
  const row = event.target.closest(".row");
  if (!row || event.isComposing) return;
  const name = event.target.name?.replace(/^items-\d+-/, "");
  if (event.key === "Enter" && event.target.matches("input") && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    const next = row.nextElementSibling ?? (isBlank(row) ? null : addRow());
    focusIn(next, next && isBlank(next) ? "name" : name);
  } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    move(row, event.key === "ArrowDown");
  } else if ((event.ctrlKey || event.metaKey) && event.key === "Backspace" && name) {
    event.preventDefault();
    remove(row);
  }
});

editor.addEventListener("change", (event) => {
  if (event.target.matches("select")) event.target.dataset.chosen = "yes";
  if (event.target.name === "language") showArabic();
});

// What the server said of a field holds until it is changed.
editor.addEventListener("input", (event) => {
  const box = event.target.closest(".in.err");
  if (!box) return;
  box.classList.remove("err");
  document.getElementById(`${event.target.id}_error`)?.remove();
});

// The client: a list that is searched by typing takes the place of the select, which keeps the value.
function combo(place) {
  const select = place.querySelector("select");
  const newClient = document.getElementById("new-client");
  const input = document.createElement("input");
  const list = document.createElement("ul");
  let asked = 0;
  let timer;

  const chosenName = () => (select.value ? select.selectedOptions[0].textContent : "");
  Object.assign(input, { type: "text", id: "client-search", autocomplete: "off", placeholder: place.dataset.label });
  input.dir = "auto";
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", "client-list");
  input.setAttribute("aria-autocomplete", "list");
  Object.assign(list, { id: "client-list", className: "pop options", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", place.dataset.label);
  select.hidden = true;
  select.before(input);
  place.querySelector(".in").after(list);
  place.querySelector("label").htmlFor = input.id;
  place.classList.add("combo");

  function showChoice() {
    input.value = chosenName();
    newClient.hidden = Boolean(select.value) || !newClient.dataset.wanted;
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
    const term = input.value === chosenName() ? "" : input.value;
    let answer;
    try {
      answer = await fetch(`${place.dataset.combo}?q=${encodeURIComponent(term)}`);
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
  function follow(option) {
    if (editor.elements.invoice) return;
    for (const name of ["language", "currency"]) {
      const field = editor.elements[name];
      if (option.dataset[name] && !field.dataset.chosen) field.value = option.dataset[name];
    }
    showArabic();
  }

  function choose(option) {
    const { id, name } = option.dataset;
    follow(option);
    if (id && !select.querySelector(`option[value="${CSS.escape(id)}"]`)) select.add(new Option(name, id));
    select.value = id;
    if (!id) {
      newClient.dataset.wanted = "yes";
      document.getElementById("id_client_name").value = name;
    }
    close();
    showChoice();
    rearranged();
    if (!id) document.getElementById(name ? "id_client_email" : "id_client_name").focus();
  }

  input.addEventListener("input", (event) => {
    event.stopPropagation();
    clearTimeout(timer);
    timer = setTimeout(search, SEARCH_PAUSE_MS);
  });
  input.addEventListener("focus", () => {
    input.select();
    search();
  });
  input.addEventListener("blur", () => {
    asked++;
    close();
    showChoice();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      const option = list.querySelector('[aria-selected="true"]');
      if (option && !list.hidden) choose(option);
    } else if (event.key === "Escape") close();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) {
        search();
        return;
      }
      const at = [...list.children].findIndex((each) => each.getAttribute("aria-selected") === "true");
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(list.children[(at + step + list.children.length) % list.children.length]);
    }
  });
  // Before the input loses its focus.
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
  if ([...newClient.querySelectorAll("input")].some((field) => field.value)) newClient.dataset.wanted = "yes";
  showChoice();
}

for (const place of document.querySelectorAll("[data-combo]")) combo(place);
