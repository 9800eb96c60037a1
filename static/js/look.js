// The look of the invoice: a colour of one's own, and the picture while it is being drawn. htmx asks for the picture.
"use strict";

const form = document.getElementById("look-form");
const own = form.elements.own_colour;
const well = form.querySelector("[data-well]");
const HEX = /^#[0-9a-f]{6}$/i;

// A colour that is typed or picked is the one that counts; one of those on offer is shown as it is written.
form.addEventListener("input", (event) => {
  const { name, value } = event.target;
  if (event.target === well) own.value = value.toUpperCase();
  if (event.target === well || event.target === own) form.elements.brand_colour.value = "own";
  else if (name === "brand_colour" && HEX.test(value)) own.value = value;
  if (well && HEX.test(own.value)) well.value = own.value;
});
if (well) well.hidden = false;

// What is chosen and not saved goes along with a logo, and comes back with the page.
document.addEventListener("submit", (event) => {
  const field = event.target.querySelector("[data-chosen]");
  if (!field) return;
  const chosen = new URLSearchParams(new FormData(form));
  for (const name of ["csrfmiddlewaretoken", "version"]) chosen.delete(name);
  field.value = chosen.toString();
});

// A logo goes up as soon as it is chosen or dropped; without scripts there is a button for it.
const drop = document.querySelector("[data-drop]");
if (drop) {
  const box = drop.closest(".drop");
  const { logo } = drop.elements;
  logo.classList.add("vh");
  drop.querySelector("label").hidden = false;
  drop.querySelector("button").hidden = true;
  logo.addEventListener("change", () => drop.requestSubmit());
  for (const name of ["dragover", "dragleave", "drop"]) {
    box.addEventListener(name, (event) => {
      event.preventDefault();
      box.classList.toggle("over", name === "dragover");
      if (name !== "drop" || !event.dataTransfer.files.length) return;
      logo.files = event.dataTransfer.files;
      drop.requestSubmit();
    });
  }
}

// The last picture stays until the next one has come.
let last;

function watch(image) {
  const failed = document.querySelector("[data-shot-failed]");
  const settle = () => {
    last?.remove();
    last = undefined;
    image.parentNode.removeAttribute("aria-busy");
    image.parentNode.hidden = failed.hidden = false;
    (image.naturalWidth ? failed : image.parentNode).hidden = true;
  };
  if (image.complete) settle();
  else {
    image.parentNode.setAttribute("aria-busy", "true");
    image.addEventListener("load", settle, { once: true });
    image.addEventListener("error", settle, { once: true });
  }
}

function shot() {
  return document.querySelector("[data-shot] img:not(.was)");
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const image = shot();
  if (event.detail.target.id === "picture" && image?.naturalWidth) last = image;
});
document.addEventListener("htmx:afterSwap", (event) => {
  const image = shot();
  if (event.detail.target.id !== "picture" || !image) return;
  if (image === last) {
    last = undefined; // nothing was swapped
    return;
  }
  if (last && !image.complete) {
    last.className = "was";
    last.alt = "";
    image.before(last);
  }
  watch(image);
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-shot-again]")) return;
  const image = shot();
  const again = new URL(image.src);
  again.searchParams.set("again", String(Date.now()));
  image.parentNode.hidden = false;
  image.src = again.href;
  watch(image);
});
if (shot()) watch(shot());
