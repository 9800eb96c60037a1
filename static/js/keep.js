// What was typed outlives a log-in. A form that was sent and answered by the log-in, or by a refusal that is no form,
// waits in this tab for its page to come back. Passwords, codes, files and hidden fields are never kept, and it is
// given back to nobody but the person who typed it.
const KEPT = "kept-form";
const KEPT_MS = 60 * 60 * 1000;
const NEVER_KEPT = "[type=hidden], [type=password], [type=file], [autocomplete=one-time-code], [autocomplete*=password]";
const reader = document.querySelector('meta[name="reader"]')?.content;

// Scripts may change the address while one writes.
function here() {
  return location.pathname + location.search;
}

function readKept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT));
  } catch {
    return null;
  }
}

function writeKept(kept) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(kept));
  } catch {
    // No room, or no storage: then nothing is kept.
  }
}

function forget() {
  sessionStorage.removeItem(KEPT);
}

function formsHere() {
  return [...document.querySelectorAll('main form[method="post"]')];
}

function typed(form) {
  const names = new Set([...form.elements].filter((field) => field.name && !field.matches(NEVER_KEPT)).map((field) => field.name));
  return [...new FormData(form)].filter(([name, value]) => names.has(name) && typeof value === "string");
}

// Whether a person has changed a field since the page came.
function isTouched(form) {
  return [...form.elements].some((field) => {
    if (!field.name || field.matches(NEVER_KEPT)) return false;
    if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
    if (!field.options) return field.value !== field.defaultValue;
    const first = [...field.options].findIndex((option) => option.defaultSelected);
    return !field.multiple && field.selectedIndex !== Math.max(first, 0);
  });
}

function keep(form) {
  const index = formsHere().indexOf(form);
  const fields = index < 0 ? [] : typed(form);
  if (fields.length) writeKept({ reader, page: here(), index, action: form.action, fields, at: Date.now(), state: "sent" });
}

function hold(kept) {
  writeKept({ ...kept, state: "held" });
}

// What the frame sends, such as another language, comes back to this page.
function holdTouched() {
  const form = formsHere().find(isTouched);
  if (!form) return;
  keep(form);
  hold(readKept());
}

// Puts the values into their fields. Rows that a script adds are asked for by the event "kept".
function fill(form, fields) {
  form.dispatchEvent(new CustomEvent("kept", { bubbles: true, detail: { names: fields.map(([name]) => name) } }));
  const filled = [...form.elements].filter((field) => field.name && !field.matches(NEVER_KEPT) && put(field, fields));
  // Only now, since what listens may change other fields.
  for (const field of filled) {
    if ("autosubmit" in field.dataset) continue;
    for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
  }
}

// Returns whether that changed the field.
function put(field, fields) {
  const values = fields.filter(([name]) => name === field.name).map(([, value]) => value);
  if (field.matches("[type=checkbox], [type=radio]")) {
    const was = field.checked;
    field.checked = values.includes(field.value);
    return field.checked !== was;
  }
  if (field.multiple) {
    for (const option of field.options ?? []) option.selected = values.includes(option.value);
    return true;
  }
  if (!values.length || field.value === values[0]) return false;
  field.value = values[0];
  return true;
}

function tell(name, isSaid = true) {
  const notice = document.querySelector(`[data-notice="${name}"]`);
  if (notice) notice.hidden = !isSaid;
}

function giveBack(kept) {
  const form = formsHere()[kept.index];
  if (form?.action !== kept.action) return;
  forget();
  fill(form, kept.fields);
  tell("restored");
}

function settle() {
  const kept = readKept();
  if (!kept) return;
  const refused = document.querySelector("[data-refused]");
  const login = document.querySelector('main form[action$="/accounts/login/"]');
  if (Date.now() - kept.at > KEPT_MS || (reader && reader !== kept.reader)) forget();
  else if (refused) hold(kept);
  else if (!reader) {
    if (login && kept.state === "sent") hold(kept);
    if (login) tell("held");
  } else if (kept.state === "held" && kept.page === here()) giveBack(kept);
  else if (kept.state === "sent") forget();
}

// After the scripts of the page, which may build parts of its forms.
document.addEventListener("DOMContentLoaded", settle);

if (reader) {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.action.endsWith("/logout/")) forget();
    else if (!form.matches("main form")) holdTouched();
    else keep(form);
  });
  // A page that asks by itself says so when the log-in answers, and when it does no more.
  document.addEventListener("logged-out", () => {
    holdTouched();
    tell("held");
  });
  document.addEventListener("logged-in", () => {
    forget();
    tell("held", false);
  });
  // A part of a page that is answered by the log-in takes the page there.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (!event.detail.xhr.getResponseHeader("HX-Redirect")?.includes("/login/")) return;
    const form = event.detail.elt.closest("form") ?? formsHere()[0];
    if (form) keep(form);
  });
}
