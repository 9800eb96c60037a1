// The command palette: Ctrl K opens it, typing asks the server (htmx); what else it answers to is in palette-choices.js.
const palette = document.getElementById("palette");
const paletteTerm = document.getElementById("palette-term");

// A dialog gives the focus back by itself when it closes.
function openPalette(term = "") {
  if (palette.open) return;
  import(palette.dataset.choices);
  for (const menu of document.querySelectorAll("details.more[open]")) menu.open = false;
  paletteTerm.value = term;
  palette.showModal();
  paletteTerm.focus();
  paletteTerm.dispatchEvent(new CustomEvent("palette-open"));
}

function otherDialog() {
  return document.querySelector("dialog[open]:not(#palette)");
}

// The same key has another name on a Mac.
if (/Mac|iP(hone|ad)/.test(navigator.platform)) {
  for (const key of document.querySelectorAll(".find kbd, #shortcuts kbd")) key.textContent = key.textContent.replace(/Ctrl ?/, "⌘");
}

if (palette) {
  document.addEventListener("keydown", (event) => {
    const letter = event.key.toLowerCase() === "k" || event.code === "KeyK";
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || !letter || otherDialog()) return;
    event.preventDefault();
    if (palette.open) palette.close();
    else openPalette();
  });
  // Whatever leads to the search: [data-palette] itself, or the field in it.
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-palette]") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    openPalette();
  });
  document.addEventListener("input", (event) => {
    const field = event.target.closest("[data-palette] input");
    if (!field) return;
    openPalette(field.value);
    field.value = "";
  });
  paletteTerm.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault(); // a search field would be emptied first
    palette.close();
  });
  // A page that comes back from the browser's memory has no open palette.
  window.addEventListener("pagehide", () => palette.close());
}
