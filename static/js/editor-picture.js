// The picture of the PDF, the mail and the pay page: asked for after a pause, one at a time, only what is looked at;
// the last one stays until the next has come.
"use strict";

{
  const { form, payload, post } = window.invoiceEditor;
  const PAUSE_MS = 500;
  const AGAIN_MS = 5000;
  const frame = document.getElementById("paper");
  const pages = document.getElementById("pages");
  const asOf = document.getElementById("as-of");
  let page = 1;
  let timer;
  let drawing = false;
  let wanted = false;
  let shown = "";

  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
  }

  function drawSoon(delay = PAUSE_MS) {
    clearTimeout(timer);
    timer = setTimeout(draw, delay);
  }

  function isSeen() {
    return frame.checkVisibility() && !document.hidden;
  }

  function asked() {
    const data = payload();
    for (const name of ["once", "version", "csrfmiddlewaretoken"]) data.delete(name);
    data.set("page", page);
    return data;
  }

  async function draw() {
    if (!isSeen()) return;
    if (drawing) {
      wanted = true;
      return;
    }
    const data = asked();
    const content = JSON.stringify([...data]);
    if (content === shown) return;
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    drawing = true;
    frame.setAttribute("aria-busy", "true");
    try {
      const answer = await post(frame.dataset.picture, data);
      if (answer.status === 200) {
        await put(answer);
        shown = content;
      } else if (answer.status === 429) drawSoon(AGAIN_MS);
    } catch {
      drawSoon(AGAIN_MS);
    } finally {
      drawing = false;
      frame.removeAttribute("aria-busy");
      if (wanted) drawSoon(0);
      wanted = false;
    }
  }

  async function put(answer) {
    const image = new Image();
    image.src = await address(await answer.blob());
    await image.decode();
    const [now, count] = [answer.headers.get("X-Page"), Number(answer.headers.get("X-Pages"))];
    page = Number(now);
    image.alt = fill(frame.dataset.alt, { page: now });
    image.className = "sheet1";
    frame.replaceChildren(image);
    asOf.textContent = fill(frame.dataset.asOf, { time: answer.headers.get("X-As-Of") });
    pages.hidden = count < 2;
    pages.querySelector("span").textContent = fill(frame.dataset.of, { page: now, pages: count });
    pages.querySelector('[data-page="-1"]').disabled = page <= 1;
    pages.querySelector('[data-page="1"]').disabled = page >= count;
  }

  function address(blob) {
    return new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.addEventListener("load", () => resolve(reader.result));
      reader.addEventListener("error", reject);
      reader.readAsDataURL(blob);
    });
  }

  // The mail and the page come as they are.
  const seen = new Map();

  async function bring(side) {
    const data = asked();
    const content = JSON.stringify([...data]);
    if (seen.get(side) === content) return;
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    try {
      const answer = await post(side.dataset.url, data);
      if (answer.status !== 200) return;
      side.innerHTML = await answer.text();
      seen.set(side, content);
    } catch {
      // The last one stays.
    }
  }

  function refresh(delay) {
    const side = form.querySelector("[data-side]:not([hidden])");
    if (!side.dataset.url) drawSoon(delay);
    else if (side.checkVisibility()) bring(side);
  }

  form.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-tab]");
    if (!tab) return;
    for (const each of form.querySelectorAll("[data-tab]")) each.setAttribute("aria-pressed", String(each === tab));
    for (const side of form.querySelectorAll("[data-side]")) side.hidden = side.dataset.side !== tab.dataset.tab;
    asOf.hidden = tab.dataset.tab !== "pdf";
    refresh(0);
  });

  pages.addEventListener("click", (event) => {
    const step = event.target.closest("[data-page]")?.dataset.page;
    if (!step) return;
    page = Math.max(1, page + Number(step));
    drawSoon(0);
  });
  form.addEventListener("editor:reckoned", () => refresh());
  window.addEventListener("hashchange", () => refresh(50));
  window.addEventListener("resize", () => refresh());
  document.addEventListener("visibilitychange", () => refresh());
  drawSoon(50);
}
