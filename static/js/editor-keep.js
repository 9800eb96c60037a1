// The draft keeps itself: after a pause, one at a time, and never over what somebody else saved.
"use strict";

{
  const { form, payload, post, isLeaving } = window.invoiceEditor;
  const PAUSE_MS = 1200;
  const LONGEST_MS = 8000;
  const AGAIN_MS = 10000;
  const NOT_CONTENT = new Set(["csrfmiddlewaretoken", "once", "version", "invoice", "columns", "page", "client_name", "client_email", "client_type"]);
  let kept = content();
  let timer;
  let since = 0;
  let saving;
  let stopped = Boolean(document.getElementById("trouble"));

  function content() {
    return JSON.stringify([...payload()].filter(([name]) => !NOT_CONTENT.has(name)));
  }

  function word(name) {
    const place = document.getElementById("saved");
    const text = document.createElement("span");
    text.textContent = place.dataset[name];
    place.replaceChildren(text);
  }

  function keepSoon(delay = PAUSE_MS) {
    clearTimeout(timer);
    since ||= Date.now();
    timer = setTimeout(keep, Math.max(0, Math.min(delay, since + LONGEST_MS - Date.now())));
  }

  function keep() {
    clearTimeout(timer);
    if (stopped || saving) return saving;
    since = 0;
    const now = content();
    if (now === kept) return undefined;
    saving = send(now).finally(() => {
      saving = undefined;
    });
    return saving;
  }

  async function send(now) {
    let answer;
    try {
      answer = await post(form.dataset.keep, payload());
    } catch {
      if (!isLeaving()) {
        word("offline");
        timer = setTimeout(keep, AGAIN_MS);
      }
      return;
    }
    if (answer.type === "opaqueredirect" || answer.status === 403) {
      word("login");
      timer = setTimeout(keep, AGAIN_MS);
    } else if (answer.status === 409) trouble(await answer.text());
    else if (answer.ok) {
      place(await answer.text());
      if (answer.status === 200) {
        kept = now;
        begun(document.getElementById("saved").dataset);
        if (content() !== kept) keepSoon();
      }
    } else {
      word("waiting");
      timer = setTimeout(keep, AGAIN_MS);
    }
  }

  function place(html) {
    for (const part of [...new DOMParser().parseFromString(html, "text/html").body.children]) {
      document.getElementById(part.id)?.replaceWith(part);
    }
  }

  // From now on this page writes the draft that it made.
  function begun({ invoice, version, url }) {
    form.elements.version.value = version;
    if (form.elements.invoice.value === invoice) return;
    form.elements.invoice.value = invoice;
    form.action = url;
    history.replaceState(history.state, "", url);
  }

  function trouble(html) {
    stopped = true;
    word("waiting");
    const place = document.getElementById("trouble-place");
    place.innerHTML = html;
    document.getElementById("trouble").focus();
  }

  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-drop]")) kept = content();
    if (!event.target.closest("[data-mine]")) return;
    event.preventDefault();
    const note = document.getElementById("trouble");
    if (note.dataset.version) form.elements.version.value = note.dataset.version;
    note.remove();
    stopped = false;
    kept = "";
    keep();
  });

  form.addEventListener("input", () => keepSoon());
  form.addEventListener("change", () => keepSoon());
  form.addEventListener("editor:changed", () => keepSoon());
  window.addEventListener("online", () => keepSoon(0));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) keep();
  });

  // What the server writes anew into the fields is what was typed, as it was read.
  let clean = false;
  form.addEventListener("editor:reckoning", () => {
    clean = content() === kept;
  });
  form.addEventListener("editor:reckoned", () => {
    if (clean) kept = content();
  });

  // What is on its way arrives before the form goes; the form then writes the same draft.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!saving) {
      kept = content();
      stopped = true;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    stopped = true;
    saving.then(() => {
      if (!document.getElementById("trouble")) form.requestSubmit(submitter);
    });
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) stopped = false;
  });

  // Whoever leaves by a link takes the last words along.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.button || link?.target || link?.getAttribute("href").startsWith("#");
    if (!link || elsewhere || event.defaultPrevented || stopped || "drop" in link.dataset || content() === kept) return;
    event.preventDefault();
    await saving;
    await keep();
    location.href = link.href;
  });

  window.addEventListener("beforeunload", (event) => {
    if (content() !== kept && (saving || JSON.parse(content()).some(([name, value]) => /-(name|unit_price)$/.test(name) && value))) event.preventDefault();
  });
}
