// Files dropped on the list of documents: each goes up by itself, with how far it is, and htmx asks how far its reading is.
"use strict";

const AT_ONCE = 2; // files that go up side by side
const form = document.getElementById("upload");
const input = form.elements.file;
const drop = input.closest("[data-file-drop]");
const rows = document.getElementById("files");
const most = Number(form.dataset.most); // bytes
const head = Number(form.dataset.head); // bytes within which a PDF says that it is one
const { lang } = document.documentElement;
const said = document.getElementById("file-words").content;
const waiting = [];
let going = 0;

const word = (name) => said.querySelector(`[data-for="${name}"]`).textContent;

function size(bytes) {
  const [value, unit] = bytes < 1024 ? [bytes, "byte"] : bytes < 1024 ** 2 ? [bytes / 1024, "kilobyte"] : [bytes / 1024 ** 2, "megabyte"];
  const written = { style: "unit", unit, unitDisplay: unit === "byte" ? "long" : "short", maximumFractionDigits: 1, numberingSystem: "latn" };
  return new Intl.NumberFormat(lang, written).format(value);
}

function rowOf(template, file, words) {
  const row = document.getElementById(template).content.firstElementChild.cloneNode(true);
  row.querySelector("[data-name]").textContent = file.name;
  row.querySelector("[data-size]").textContent = size(file.size);
  row.querySelector("[data-words]").textContent = words;
  return row;
}

function refuse(row, file, words, again) {
  const refused = rowOf("file-refused", file, words);
  const button = refused.querySelector("[data-retry]");
  button.hidden = !again;
  button.addEventListener("click", () => {
    const fresh = rowOf("file-row", file, word("waiting"));
    refused.replaceWith(fresh);
    waiting.push([file, fresh]);
    next();
  });
  row.replaceWith(refused);
}

// What the server would refuse after all has been sent is refused before.
async function problem(file) {
  if (!file.size) return "empty";
  if (file.size > most) return "too_large";
  const bytes = await file.slice(0, head).arrayBuffer().catch(() => null);
  if (!bytes) return "failed";
  return new TextDecoder("latin1").decode(bytes).includes("%PDF-") ? "" : "not_a_pdf";
}

function send(file, row) {
  const request = new XMLHttpRequest();
  const bar = row.querySelector(".prog .v");
  const words = row.querySelector("[data-words]");
  const body = new FormData();
  body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.append("file", file);
  words.textContent = word("sending");
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.setAttribute("width", String((100 * event.loaded) / event.total));
  });
  request.upload.addEventListener("load", () => {
    words.textContent = word("reading");
  });
  request.addEventListener("loadend", () => {
    going -= 1;
    answered(request, file, row);
    next();
  });
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  request.send(body);
}

function answered(request, file, row) {
  const login = request.getResponseHeader("HX-Redirect");
  if (login) {
    location.assign(login);
    return;
  }
  if (request.status !== 201 && request.status !== 422) {
    refuse(row, file, word(request.status === 429 ? "busy" : "failed"), true);
    return;
  }
  const made = document.createElement("template");
  made.innerHTML = request.responseText.trim();
  const fresh = made.content.firstElementChild;
  row.replaceWith(fresh);
  if (request.status === 201) document.body.dispatchEvent(new CustomEvent("uploaded"));
}

function next() {
  while (going < AT_ONCE && waiting.length) {
    const [file, row] = waiting.shift();
    going += 1;
    send(file, row);
  }
}

async function take(files) {
  for (const file of files) {
    const row = rowOf("file-row", file, word("waiting"));
    rows.append(row);
    const wrong = await problem(file);
    if (wrong) refuse(row, file, word(wrong), false);
    else waiting.push([file, row]);
    next();
  }
}

input.addEventListener("change", () => {
  const files = [...input.files];
  input.value = "";
  take(files);
});

// Anywhere on the page: a drop beside the place would otherwise leave the page for the file.
const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
let depth = 0;

function over(event, by) {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  depth = Math.max(depth + by, 0);
  drop.classList.toggle("over", depth > 0);
}

document.addEventListener("dragenter", (event) => over(event, 1));
document.addEventListener("dragleave", (event) => over(event, -1));
document.addEventListener("dragover", (event) => over(event, 0));
document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  depth = 0;
  drop.classList.remove("over");
  take([...event.dataTransfer.files]);
});

// Files on their way would be lost with the page.
window.addEventListener("beforeunload", (event) => {
  if (going || waiting.length) event.preventDefault();
});

// A list in which rows are ticked is not shown anew under the hand.
document.addEventListener("htmx:beforeRequest", (event) => {
  const ticked = event.detail.elt.id === "found" && event.detail.elt.querySelector("[name=selected]:checked, details[open]");
  if (ticked) event.preventDefault();
});
