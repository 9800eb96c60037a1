// The pages as pictures: the boxes of their words, where the values of fields stand, zoom, and turning pages.
// A word that is clicked, or several that are dragged over, go to the field in focus by the event "picked".
const root = document.getElementById("verify");
const view = document.getElementById("view");
const doc = document.getElementById("doc");
const figures = [...view.querySelectorAll(".pg")];
const SVG = "http://www.w3.org/2000/svg";
const SIDE = 1000; // of the boxes' own space, which is stretched over the picture
const DRAG_PX = 5;
const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3];
const KEPT_ZOOM = "verify-zoom";
const still = matchMedia("(prefers-reduced-motion: reduce)");
let words = {};
let focused = null; // the element whose value is being looked at

for (const part of root.querySelectorAll(".doc [data-scripted]")) part.hidden = false;

function rect(box, css) {
  const [left, top, right, bottom] = box.map((side) => side * SIDE);
  const found = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ x: left, y: top, width: right - left, height: bottom - top, class: css })) {
    found.setAttribute(name, value);
  }
  return found;
}

// Words are drawn once their page is near: a long document has tens of thousands.
function drawWords(figure) {
  const found = words[figure.dataset.page];
  if (!found || figure.dataset.drawn) return;
  figure.dataset.drawn = "yes";
  const svg = figure.querySelector("svg");
  const layer = document.createElementNS(SVG, "g");
  layer.append(
    ...found.map(([, ...box], index) => {
      const each = rect(box, "w");
      each.dataset.index = index;
      return each;
    }),
  );
  svg.prepend(layer);
}

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      target.dataset.near = "yes";
      drawWords(target);
    }
  },
  { root: null, rootMargin: "400px" },
);
for (const figure of figures) near.observe(figure);

async function fetchWords() {
  try {
    const answer = await fetch(root.dataset.words, { headers: { Accept: "application/json" } });
    if (answer.ok && answer.headers.get("Content-Type")?.includes("json")) words = await answer.json();
  } catch {
    // Without words the fields are filled by typing.
  }
  for (const figure of figures) if (figure.dataset.near) drawWords(figure);
  root.dataset.ready = "yes";
}

// Where values stand

function placeOf(row) {
  const [page, ...box] = (row?.dataset.place ?? "").split(" ").map(Number); // page, left, top, right, bottom
  return box.length === 4 && box.every(Number.isFinite) ? { page, box } : null;
}

function drawPlaces() {
  for (const old of view.querySelectorAll(".hit")) old.remove();
  for (const row of root.querySelectorAll("[data-place]")) {
    // The frame of a whole list would hide its cells.
    if (row.matches(".vlist") && row !== focused) continue;
    const place = placeOf(row);
    const svg = place && document.querySelector(`#page-${place.page} > svg`);
    if (!svg) continue;
    const doubt = row.querySelector(":scope > .cf.a, :scope > span > .cf.a") && !("seen" in row.dataset) ? " dbt" : "";
    svg.append(rect(place.box, `hit${doubt}${row === focused ? " foc" : ""}`));
  }
}

// Only the pictures move, never the page under the fields.
function showPlace(row) {
  const place = placeOf(row);
  const figure = place && document.getElementById(`page-${place.page}`);
  if (!figure) return;
  const [left, top, right, bottom] = place.box;
  const from = figure.offsetTop - view.offsetTop + top * figure.offsetHeight;
  const to = figure.offsetTop - view.offsetTop + bottom * figure.offsetHeight;
  const start = figure.offsetLeft - view.offsetLeft + left * figure.offsetWidth;
  const end = figure.offsetLeft - view.offsetLeft + right * figure.offsetWidth;
  const isSeen =
    from >= view.scrollTop + 12 && to <= view.scrollTop + view.clientHeight - 12 &&
    start >= view.scrollLeft && end <= view.scrollLeft + view.clientWidth;
  if (isSeen) return;
  view.scrollTo({
    top: Math.max(0, from - view.clientHeight / 3),
    left: start - (view.clientWidth - (end - start)) / 2,
    behavior: still.matches ? "instant" : "smooth",
  });
}

root.addEventListener("place", (event) => {
  focused = event.detail.row;
  drawPlaces();
  if (focused) showPlace(focused);
});
document.addEventListener("htmx:afterSettle", drawPlaces);
drawPlaces();

// Picking words

function whole(boxes) {
  const at = (index) => boxes.map((box) => box[index]);
  return [Math.min(...at(0)), Math.min(...at(1)), Math.max(...at(2)), Math.max(...at(3))];
}

function pick(figure, found, isMore) {
  if (!found.length) return;
  const detail = {
    text: found.map(([text]) => text).join(" "),
    page: Number(figure.dataset.page),
    box: whole(found.map(([, ...box]) => box)),
    isMore,
  };
  root.dispatchEvent(new CustomEvent("picked", { detail }));
}

function point(figure, event) {
  const box = figure.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
}

let drag = null;

view.addEventListener("pointerdown", (event) => {
  const figure = event.target.closest("svg")?.closest(".pg");
  if (!figure || event.button !== 0 || event.pointerType === "touch") return;
  drag = { figure, from: point(figure, event), x: event.clientX, y: event.clientY, mark: null };
});

view.addEventListener("pointermove", (event) => {
  if (!drag) return;
  if (!drag.mark && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < DRAG_PX) return;
  const to = point(drag.figure, event);
  drag.mark?.remove();
  drag.box = [
    Math.min(drag.from[0], to[0]), Math.min(drag.from[1], to[1]),
    Math.max(drag.from[0], to[0]), Math.max(drag.from[1], to[1]),
  ];
  drag.mark = rect(drag.box, "drag");
  drag.figure.querySelector("svg").append(drag.mark);
});

window.addEventListener("pointerup", (event) => {
  const done = drag;
  drag = null;
  if (!done?.mark) return;
  done.mark.remove();
  const [left, top, right, bottom] = done.box;
  const inside = (words[done.figure.dataset.page] ?? []).filter(([, l, t, r, b]) => {
    const [x, y] = [(l + r) / 2, (t + b) / 2];
    return x >= left && x <= right && y >= top && y <= bottom;
  });
  done.figure.dataset.dragged = "yes";
  setTimeout(() => delete done.figure.dataset.dragged, 0);
  pick(done.figure, inside, event.shiftKey);
});
window.addEventListener("pointercancel", () => {
  drag?.mark?.remove();
  drag = null;
});

// The field keeps the focus.
view.addEventListener("mousedown", (event) => {
  if (event.target.closest(".pg svg")) event.preventDefault();
});

view.addEventListener("click", (event) => {
  const word = event.target.closest(".w");
  const figure = word?.closest(".pg");
  if (!figure || figure.dataset.dragged) return;
  pick(figure, [words[figure.dataset.page][word.dataset.index]], event.shiftKey);
});

// Pictures that do not come

function mind(figure) {
  const picture = figure.querySelector("img");
  const note = figure.querySelector(".note");
  const failed = (isFailed) => {
    figure.classList.toggle("failed", isFailed);
    note.hidden = !isFailed;
  };
  picture.addEventListener("error", () => failed(true));
  picture.addEventListener("load", () => failed(false));
  if (picture.complete && !picture.naturalWidth && picture.loading !== "lazy") failed(true);
  note.querySelector("[data-again]").addEventListener("click", () => {
    const address = picture.src.split("?")[0];
    picture.src = `${address}?again=${Date.now()}`;
  });
}
figures.forEach(mind);

// Zoom and pages

let zoom = 1;

function setZoom(value) {
  zoom = Math.min(Math.max(value, ZOOMS[0]), ZOOMS.at(-1));
  const middle = (view.scrollTop + view.clientHeight / 2) / view.scrollHeight;
  view.style.setProperty("--zoom", zoom);
  view.scrollTop = middle * view.scrollHeight - view.clientHeight / 2;
  document.getElementById("zoom").textContent = `${Math.round(zoom * 100)}%`;
  try {
    localStorage.setItem(KEPT_ZOOM, zoom);
  } catch {
    // Then it begins anew.
  }
}

function fit() {
  const { paddingInlineStart, paddingInlineEnd } = getComputedStyle(view);
  const room = view.clientWidth - parseFloat(paddingInlineStart) - parseFloat(paddingInlineEnd);
  const [figure] = figures;
  setZoom((zoom * room) / figure.offsetWidth);
}

for (const button of root.querySelectorAll("[data-zoom]")) {
  button.addEventListener("click", () => {
    if (button.dataset.zoom === "fit") fit();
    else if (button.dataset.zoom === "in") setZoom(ZOOMS.find((each) => each > zoom + 0.01) ?? zoom);
    else setZoom(ZOOMS.findLast((each) => each < zoom - 0.01) ?? zoom);
  });
}
const keptZoom = Number(localStorage.getItem(KEPT_ZOOM));
if (keptZoom >= ZOOMS[0] && keptZoom !== 1 && innerWidth >= 640) setZoom(keptZoom);

const place = document.getElementById("page-place");

function current() {
  const line = view.scrollTop + view.clientHeight / 3;
  return figures.findLast((figure) => figure.offsetTop - view.offsetTop <= line) ?? figures[0];
}

function sayPage() {
  const text = place.dataset.text;
  place.textContent = text.replace("{page}", current().dataset.page).replace("{count}", figures.length);
  for (const button of root.querySelectorAll("[data-turn]")) {
    button.disabled = !figures[figures.indexOf(current()) + Number(button.dataset.turn)];
  }
}

if (figures.length < 2) root.querySelector(".pager-s").hidden = true;
else {
  sayPage();
  view.addEventListener("scroll", sayPage, { passive: true });
}
for (const button of root.querySelectorAll("[data-turn]")) {
  button.addEventListener("click", () => {
    const next = figures[figures.indexOf(current()) + Number(button.dataset.turn)];
    view.scrollTo({ top: next.offsetTop - view.offsetTop - 12, behavior: still.matches ? "instant" : "smooth" });
  });
}

const fold = root.querySelector("[data-fold]");
fold.addEventListener("click", () => {
  const isFolded = doc.classList.toggle("folded");
  fold.setAttribute("aria-expanded", String(!isFolded));
});

fetchWords();
