// What one does in the open palette: arrows choose, Enter opens. It comes when it is first opened.
const palette = document.getElementById("palette");
const paletteTerm = document.getElementById("palette-term");
const paletteFound = document.getElementById("palette-found");
const paletteFailed = palette.querySelector("[data-palette-failed]");

function options() {
  return [...paletteFound.querySelectorAll("[role=option]")];
}

function chosen() {
  return paletteFound.querySelector('[aria-selected="true"]');
}

function choose(option) {
  for (const each of options()) each.setAttribute("aria-selected", String(each === option));
  if (option) paletteTerm.setAttribute("aria-activedescendant", option.id);
  else paletteTerm.removeAttribute("aria-activedescendant");
}

function step(by) {
  const all = options();
  if (!all.length) return;
  const option = all[(all.indexOf(chosen()) + by + all.length) % all.length];
  choose(option);
  // The first option comes with the name of its group.
  (option === all[0] ? paletteFound.firstElementChild : option).scrollIntoView({ block: "nearest" });
}

paletteTerm.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && chosen() && !paletteFound.classList.contains("htmx-request")) {
    event.preventDefault();
    chosen().click();
  }
});
// Before the field loses the focus.
paletteFound.addEventListener("mousedown", (event) => event.preventDefault());
paletteFound.addEventListener("mousemove", (event) => {
  const option = event.target.closest("[role=option]");
  if (option && option !== chosen()) choose(option);
});
paletteFound.addEventListener("click", (event) => {
  if (event.target.closest("button[role=option]")) palette.close();
});

paletteFound.addEventListener("htmx:afterSwap", () => {
  paletteFailed.hidden = true;
  paletteFound.scrollTop = 0;
  choose(options()[0]);
});
for (const name of ["htmx:sendError", "htmx:responseError"]) {
  paletteTerm.addEventListener(name, () => {
    paletteFailed.hidden = false;
  });
}

choose(options()[0]);
