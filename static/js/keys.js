// Shortcuts of single keys. They never answer in a field, with a modifier, or after they were switched off (WCAG 2.1.4).
const SEQUENCE_MS = 1200;
const KEYS_OFF = "keys-off";
const FIELDS = "input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable], dialog";
let first = "";
let firstTimer;

// On a layout without Latin letters (Arabic, Cyrillic, …) the place of the key counts.
function letterOf(event) {
  if (event.key.length !== 1) return event.key;
  if (/[\x21-\x7e]/.test(event.key)) return event.key.toUpperCase();
  if (event.key === "؟") return "?";
  if (event.code === "Slash") return event.shiftKey ? "?" : "/";
  return /^Key[A-Z]$/.test(event.code) ? event.code.slice(3) : event.key;
}

function press(selector) {
  const found = [...document.querySelectorAll(selector)].find((each) => each.checkVisibility()) ?? document.querySelector(selector);
  found?.click();
  return Boolean(found);
}

function search() {
  const field = [...document.querySelectorAll("main input[type=search]")].find((each) => each.checkVisibility());
  if (!field) return press("[data-palette]");
  field.focus();
  field.select();
  return true;
}

// The rows of the page's list, each by the link that opens it.
function moveRow(by) {
  const links = [...document.querySelectorAll("main td a.go")];
  const at = links.indexOf(document.activeElement?.closest("tr")?.querySelector("a.go"));
  const link = at < 0 ? links[by > 0 ? 0 : links.length - 1] : links[at + by];
  link?.focus();
  link?.closest("tr").scrollIntoView({ block: "nearest" });
  return Boolean(link);
}

function tickRow() {
  const box = document.activeElement?.closest("main tr")?.querySelector('input[type="checkbox"][name="selected"]');
  box?.click();
  return Boolean(box);
}

// A key that something on the page bears is that one's.
function answer(letter) {
  if (/^[A-Z]$/.test(letter) && press(`main [data-key="${letter}"]`)) return true;
  switch (letter) {
    case "?":
      return press('[data-dialog="shortcuts"]');
    case "/":
      return search();
    case "J":
      return moveRow(1) || press('main [data-key="J"]');
    case "K":
      return moveRow(-1) || press('main [data-key="K"]');
    case "X":
      return tickRow();
    default:
      return /^[A-Z]$/.test(letter) && press(`[data-key="${letter}"]`);
  }
}

function remember(letter) {
  clearTimeout(firstTimer);
  first = letter;
  firstTimer = setTimeout(() => {
    first = "";
  }, SEQUENCE_MS);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.repeat && !/^[jk]$/i.test(event.key)) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.getModifierState("AltGraph")) return;
  if (event.target.closest(FIELDS) || document.querySelector("dialog[open]") || localStorage.getItem(KEYS_OFF)) return;
  const letter = letterOf(event);
  if (event.shiftKey && /^[A-Z]$/.test(letter)) return;
  const before = first;
  remember(letter === "G" && before !== "G" ? "G" : "");
  if (first) return;
  if (before === "G" ? press(`[data-go="${CSS.escape(letter)}"]`) : answer(letter)) event.preventDefault();
});

const switchOfKeys = document.querySelector("[data-keys-on]");
if (switchOfKeys) {
  switchOfKeys.checked = !localStorage.getItem(KEYS_OFF);
  switchOfKeys.addEventListener("change", () => {
    if (switchOfKeys.checked) localStorage.removeItem(KEYS_OFF);
    else localStorage.setItem(KEYS_OFF, "yes");
  });
}
