// Where a picture of the paper does not come, its text shows instead.
"use strict";

function showText() {
  const text = document.querySelector("[data-text]");
  if (text) text.open = true;
}

document.addEventListener("error", (event) => {
  if (event.target instanceof HTMLImageElement && "sheet" in event.target.dataset) {
    event.target.hidden = true;
    showText();
  }
}, true);
for (const image of document.querySelectorAll("[data-sheet]")) {
  if (image.complete && !image.naturalWidth && image.loading !== "lazy") {
    image.hidden = true;
    showText();
  }
}

// A way on that stands on this page is seen once the menu has closed.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".menu a[href*='#']");
  if (link) link.closest("details").open = false;
});
