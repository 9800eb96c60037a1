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
