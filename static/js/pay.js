// Tells once that the public page was really looked at: visible for two seconds at a stretch.
"use strict";

const LOOKED_AT_MS = 2000;
const page = document.querySelector("[data-seen]");
let timer;

function tell() {
  document.removeEventListener("visibilitychange", watch);
  // In the mode "cors" a request names its origin whatever the page's referrer policy; the server checks it.
  fetch(page.dataset.seen, { method: "POST", mode: "cors", keepalive: true }).catch(() => {});
}

function watch() {
  clearTimeout(timer);
  if (document.visibilityState === "visible") timer = setTimeout(tell, LOOKED_AT_MS);
}

if (page) {
  document.addEventListener("visibilitychange", watch);
  watch();
}
