// The fields: by keyboard, by words of the page, with checks that turn as one types, and nothing lost on leaving.
const root = document.getElementById("verify");
const form = document.getElementById("verify-form");
const PAUSE_MS = 350;
const NOT_CONTENT = new Set(["csrfmiddlewaretoken", "version", "base", "printed", "has", "act"]);
const FIELDS = "input:not([type=hidden]), select, textarea";

for (const part of document.querySelectorAll(".pane [data-scripted]")) part.hidden = false;
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (!opener) return;
  const menu = document.getElementById(opener.dataset.open);
  // After what closes menus on a click outside of them.
  setTimeout(() => {
    menu.open = true;
    menu.querySelector("select")?.focus();
  });
});

if (form) start();

function start() {
  const isReadOnly = "readonly" in form.dataset;
  const verify = document.getElementById("verify-button");
  const said = document.getElementById("said");
  const understood = new Map(); // by field: what was typed, and how the page writes it
  let last = null; // the field that had the focus
  let stored = content();
  let leaving = false;
  let waiting;

  function content() {
    return JSON.stringify([...new FormData(form)].filter(([name]) => !NOT_CONTENT.has(name)));
  }

  function isDirty() {
    return !isReadOnly && ("dirty" in form.dataset || content() !== stored);
  }

  function rowOf(element) {
    return element?.closest("[data-row]") ?? null;
  }

  // What bears the place of a field's value: its row, or its own cell of a line.
  function bearerOf(field) {
    return field.closest("[data-line] label") ?? rowOf(field);
  }

  function reach(field) {
    for (let folded = field.closest("details:not([open])"); folded; folded = folded.parentElement.closest("details:not([open])")) {
      if (field.closest("summary")?.parentElement === folded) break;
      folded.open = true;
    }
    field.focus();
    if (field.matches("input")) field.select();
    rowOf(field)?.scrollIntoView({ block: "nearest" });
  }

  // The next field in doubt

  function doubtful() {
    return [...form.querySelectorAll("[data-row]")].filter((row) => row.querySelector(".cf.a") && !("seen" in row.dataset));
  }

  function fieldOf(row) {
    return row.querySelector(FIELDS) && !row.matches(".vlist") ? row.querySelector(FIELDS) : row.querySelector("summary");
  }

  function goOn(from) {
    if (from) from.dataset.seen = "";
    const left = doubtful();
    const next = left.find((row) => from && from.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING) ?? left[0];
    if (next) reach(fieldOf(next));
    else say("left");
  }

  // What the keyboard or the pointer led to, where the page itself shows nothing of it
  function say(name, text = "") {
    const words = said?.dataset[name];
    if (words) said.textContent = words.replace("{text}", text);
  }

  // A key held down, perhaps since the document before, decides nothing here: each press is made for one field.
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Enter" || !event.repeat || (event.target.matches("textarea") && event.shiftKey)) return;
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true },
  );
  // In a text of several lines Enter with Shift begins the next line.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (event.defaultPrevented || !event.target.matches("input, select, textarea, summary") || event.target.closest(".vlines")) return;
    if (event.target.matches("summary") && !event.target.closest("[data-row]")?.querySelector(".cf.a")) return;
    event.preventDefault();
    goOn(rowOf(event.target));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    if (!verify || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    verify.click();
  });

  // Where the field in focus stands on the page

  form.addEventListener("focusin", (event) => {
    if (said) said.textContent = "";
    const row = rowOf(event.target);
    if (!row) return;
    if (event.target.matches(FIELDS)) {
      last = event.target;
      root.classList.add("writing");
    }
    root.dispatchEvent(new CustomEvent("place", { detail: { row: bearerOf(event.target) } }));
  });

  // Words of the page

  function addPrinted(field) {
    const names = new Set(form.elements.printed.value.split(" ").filter(Boolean));
    names.add(field.name);
    form.elements.printed.value = [...names].join(" ");
  }

  function dropPrinted(name) {
    form.elements.printed.value = form.elements.printed.value.split(" ").filter((each) => each && each !== name).join(" ");
  }

  function put(field, text) {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function choose(field, text) {
    const wanted = text.toUpperCase();
    const option = [...field.options].find((each) => each.value && wanted.split(/[^A-Z]+/).includes(each.value.toUpperCase()));
    if (option) put(field, option.value);
  }

  // What a field wants that a text without any figure, in whatever script, cannot be
  function missing(field, text) {
    if (/\p{Nd}/u.test(text)) return "";
    if ("day" in field.dataset) return "day";
    return field.inputMode === "decimal" ? "amount" : "";
  }

  root.addEventListener("picked", ({ detail }) => {
    const field = last?.isConnected ? last : null;
    if (!field || isReadOnly || field.readOnly) return;
    const wanted = missing(field, detail.isMore ? `${field.value} ${detail.text}` : detail.text);
    if (wanted) {
      say(wanted, detail.text);
      return;
    }
    if (said) said.textContent = "";
    if (field.matches("select")) choose(field, detail.text);
    else {
      addPrinted(field);
      put(field, detail.isMore && field.value ? `${field.value} ${detail.text}` : detail.text);
    }
    const row = bearerOf(field);
    row.dataset.place = [detail.page, ...detail.box].join(" ");
    field.focus();
    root.dispatchEvent(new CustomEvent("place", { detail: { row } }));
    check(0);
  });

  // Checks

  function check(delay = PAUSE_MS) {
    if (isReadOnly) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => htmx.trigger("#live", "look"), delay);
  }

  function write(field, text) {
    if (!field || field.value === text) return;
    field.value = text;
    dropPrinted(field.name);
  }

  document.addEventListener("htmx:afterSettle", () => {
    const wasClean = !isDirty();
    understood.clear();
    for (const each of document.querySelectorAll("#understood > data")) {
      const field = form.elements[each.dataset.for];
      const { sent } = each.dataset;
      const text = each.getAttribute("value");
      if (!field || field.value !== sent) continue;
      const isPrinted = form.elements.printed.value.split(" ").includes(field.name);
      if (isPrinted || field !== document.activeElement) write(field, text);
      else understood.set(field, { sent, text });
      dropPrinted(field.name);
    }
    if (wasClean) stored = content();
    sayUnsaved();
  });
  form.addEventListener("focusout", (event) => {
    const known = understood.get(event.target);
    if (known && event.target.value === known.sent) write(event.target, known.text);
  });

  // What is not saved

  function sayUnsaved() {
    const place = document.getElementById("unsaved");
    if (place) place.textContent = isDirty() ? place.dataset.text : "";
  }

  form.addEventListener("input", (event) => {
    event.target.closest(".in.err")?.classList.remove("err");
    event.target.removeAttribute("aria-invalid");
    if (event.isTrusted) dropPrinted(event.target.name);
    sayUnsaved();
    check();
  });
  form.addEventListener("change", () => check());
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    leaving = true;
    clearTimeout(waiting);
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && isDirty()) event.preventDefault();
  });

  // A value of somebody else's, or of an earlier result
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill]");
    const field = button && form.elements[button.dataset.fill];
    if (!field) return;
    event.preventDefault();
    dropPrinted(field.name);
    put(field, button.dataset.value);
    button.closest("small.theirs, small.other")?.remove();
    reach(field);
    check(0);
  });

  sayUnsaved();
  const first = document.getElementById("refused") ?? document.getElementById("lost");
  const wrong = form.querySelector("[aria-invalid]");
  if (wrong) reach(wrong);
  else if (first) first.focus();
  else if (matchMedia("(hover: hover)").matches && !isReadOnly) {
    const row = doubtful()[0];
    reach(row ? fieldOf(row) : form.querySelector(".vf input"));
  }
}
