// Lines by keyboard, by pointer and from a spreadsheet; one empty line always waits at the end.
"use strict";

{
  const { form, changed } = window.invoiceEditor;
  const lines = document.getElementById("lines");
  const template = document.getElementById("line-template");
  const menu = document.getElementById("line-menu");
  const news = document.getElementById("line-news");
  const KEPT_COLUMNS = "editor-columns";
  const MANY = 60;
  const UNDO_MS = 8000;

  // Of the blank rows that pages without scripts need, one is enough here.
  for (const row of rows().filter(isBlank).slice(1)) row.remove();
  let nextIndex = Math.max(-1, ...rows().map((row) => Number(row.dataset.row))) + 1;

  function rows() {
    return [...lines.querySelectorAll(":scope > .row")];
  }

  function field(row, name) {
    return row?.querySelector(`[name$="-${name}"]`);
  }

  function isBlank(row) {
    return [...row.querySelectorAll("input, textarea")].every((each) => !each.value.trim());
  }

  function nameOf(row) {
    return field(row, "name").value.trim() || news.dataset.nameless;
  }

  function say(text, values) {
    news.textContent = text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
  }

  // A new row is a copy of the template with a number that no other row has, and the columns that show.
  function makeRow(index = nextIndex++) {
    nextIndex = Math.max(nextIndex, index + 1);
    const copy = template.content.cloneNode(true);
    for (const element of copy.querySelectorAll("*")) {
      for (const attribute of element.attributes) {
        if (attribute.value.includes("__row__")) attribute.value = attribute.value.replaceAll("__row__", index);
      }
    }
    const row = copy.querySelector(".row");
    const wanted = columns();
    for (const part of row.querySelectorAll("[data-col]")) if (!wanted.has(part.dataset.col)) part.remove();
    return row;
  }

  function addRow() {
    const row = makeRow();
    lines.append(row);
    return row;
  }

  // The last row is the empty one that waits; it cannot be moved or removed.
  function tidy() {
    let all = rows();
    if (!all.length || !isBlank(all.at(-1))) all = [...all, addRow()];
    while (all.length > 1 && isBlank(all.at(-2)) && !all.at(-2).contains(document.activeElement)) {
      all.at(-1).contains(document.activeElement) ? all.splice(-2, 1)[0].remove() : all.pop().remove();
    }
    for (const row of lines.querySelectorAll(".row.waits")) row.classList.toggle("waits", row === all.at(-1));
    all.at(-1).classList.add("waits");
    lines.classList.toggle("many", all.length > MANY);
  }

  function focusIn(row, name = "name") {
    const target = field(row, name) ?? field(row, "name");
    target?.focus();
    target?.select?.();
  }

  function move(row, by) {
    const all = rows().slice(0, -1);
    const at = all.indexOf(row);
    const to = Math.min(Math.max(at + by, 0), all.length - 1);
    if (at < 0 || to === at) return;
    const focused = document.activeElement;
    if (to > at) all[to].after(row);
    else all[to].before(row);
    if (row.contains(focused)) focused.focus();
    say(news.dataset.moved, { name: nameOf(row), place: to + 1, count: all.length });
    changed();
  }

  function remove(row) {
    if (row.classList.contains("waits")) return;
    const next = row.nextElementSibling;
    const inside = row.contains(document.activeElement) || document.activeElement === document.body;
    const name = nameOf(row);
    row.remove();
    tidy();
    const beside = next?.isConnected ? next : rows().at(-1);
    if (inside) focusIn(beside);
    say(news.dataset.removed, { name });
    offerUndo(news.textContent, () => {
      if (beside.isConnected) beside.before(row);
      else lines.prepend(row);
      tidy();
      focusIn(row);
      changed();
    });
    changed();
  }

  function copy(row) {
    const twin = makeRow();
    for (const each of twin.querySelectorAll("input, select, textarea")) {
      const from = field(row, each.name.replace(/^items-\d+-/, ""));
      if (from) each.value = from.value;
    }
    row.after(twin);
    focusIn(twin);
    changed();
  }

  // A toast of the page's own, gone after a while unless the pointer or the focus is on it.
  function offerUndo(text, undo) {
    const place = document.getElementById("toasts");
    place.querySelector("[data-line-undo]")?.remove();
    const toast = document.createElement("div");
    Object.assign(toast, { className: "toast" });
    toast.dataset.lineUndo = toast.dataset.timed = "";
    const words = document.createElement("bdi");
    words.textContent = text;
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: news.dataset.undo });
    button.addEventListener("click", () => {
      toast.remove();
      undo();
    });
    toast.append(words, button);
    place.append(toast);
    const expire = () => (toast.matches(":hover, :focus-within") ? setTimeout(expire, UNDO_MS / 4) : toast.remove());
    setTimeout(expire, UNDO_MS);
  }

  // Columns

  function boxes() {
    return [...document.querySelectorAll('#columns input[name="columns"]')];
  }

  function columns() {
    return new Set(boxes().filter((box) => box.checked).map((box) => box.value));
  }

  function showColumn(name) {
    const order = [...template.content.querySelectorAll(".lmore > [data-field]")].map((part) => part.dataset.field);
    const place = (part) => order.indexOf(part.dataset.field);
    for (const row of rows()) {
      if (row.querySelector(`[data-col="${name}"]`)) continue;
      const more = row.querySelector(".lmore");
      const parts = [...makeRow(Number(row.dataset.row)).querySelectorAll(`[data-col="${name}"]`)];
      if (name === "tax") row.querySelector("output").before(...parts);
      else more.append(...[...more.querySelectorAll("[data-field]"), ...parts].sort((one, other) => place(one) - place(other)));
    }
    if (name === "tax") withTax(true);
  }

  function hideColumn(name) {
    for (const part of lines.querySelectorAll(`.row [data-col="${name}"]`)) part.remove();
    if (name === "tax") withTax(false);
  }

  function withTax(shown) {
    lines.classList.toggle("no-tax", !shown);
    for (const each of form.querySelectorAll("[data-with-tax]")) each.hidden = !shown;
  }

  function isUsed(name) {
    return [...lines.querySelectorAll(`.row [data-col="${name}"] :is(input, textarea, select)`)].some((each) =>
      each.matches("select") ? each.selectedIndex > 0 : each.value.trim(),
    );
  }

  function setColumn(box, wanted) {
    if (!wanted && isUsed(box.value)) {
      box.checked = true;
      return;
    }
    box.checked = wanted;
    if (wanted) showColumn(box.value);
    else hideColumn(box.value);
  }

  function rememberColumns() {
    try {
      localStorage.setItem(KEPT_COLUMNS, JSON.stringify([...columns()].filter((name) => !["tax", "arabic"].includes(name))));
    } catch {
      // Then they are as they come.
    }
  }

  function recallColumns() {
    try {
      const names = JSON.parse(localStorage.getItem(KEPT_COLUMNS)) ?? [];
      for (const box of boxes()) if (names.includes(box.value) && !box.checked) setColumn(box, true);
    } catch {
      // Then they are as they come.
    }
  }

  // A line's name in Arabic is asked for where the paper will be in two languages.
  function followLanguage() {
    const box = boxes().find((each) => each.value === "arabic");
    const wanted = form.dataset.inTwo.split(" ").includes(form.elements.language.value);
    if (box && box.checked !== wanted) setColumn(box, wanted);
  }

  document.getElementById("columns").addEventListener("change", (event) => {
    event.stopPropagation();
    setColumn(event.target, event.target.checked);
    rememberColumns();
    changed();
  });
  document.getElementById("columns").addEventListener("input", (event) => event.stopPropagation());
  form.elements.language.addEventListener("change", followLanguage);

  // Pasted from a spreadsheet: name, quantity, price; with two columns name and price. Numbers stay as they were
  // written, for the server to read.
  function cells(text) {
    const table = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n").map((line) => line.split("\t").map((cell) => cell.trim()));
    return table.filter((row) => row.some(Boolean));
  }

  function values(row) {
    if (row.length === 1) return { name: row[0] };
    if (row.length === 2) return { name: row[0], unit_price: row[1] };
    return { name: row[0], quantity: row[1], unit_price: row[2] };
  }

  function paste(row, table) {
    const begun = !isBlank(row) && field(row, "name") !== document.activeElement;
    const first = begun ? makeRow() : row;
    const fresh = table.slice(1).map(() => makeRow());
    if (begun) fresh.unshift(first);
    [first, ...fresh.slice(begun ? 1 : 0)].forEach((into, number) => {
      for (const [name, value] of Object.entries(values(table[number]))) field(into, name).value = value;
    });
    row.after(...fresh);
    tidy();
    focusIn(rows().at(-1));
    say(news.dataset.pasted, { count: table.length });
    changed();
  }

  lines.addEventListener("paste", (event) => {
    const row = event.target.closest(".row");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!row || !event.target.matches('[name$="-name"]') || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    paste(row, cells(text));
  });

  // Keyboard

  lines.addEventListener("keydown", (event) => {
    const row = event.target.closest(".row");
    if (!row || event.isComposing) return;
    const name = event.target.name?.replace(/^items-\d+-/, "");
    const ctrl = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && event.target.matches("input") && !ctrl) {
      event.preventDefault();
      if (row.classList.contains("waits") && isBlank(row)) return;
      tidy();
      const next = event.shiftKey ? row.previousElementSibling : row.nextElementSibling;
      if (next?.matches(".row")) focusIn(next, isBlank(next) ? "name" : name);
    } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      move(row, event.key === "ArrowDown" ? 1 : -1);
    } else if (ctrl && event.key === "Backspace" && (name || event.target.matches(".grip"))) {
      event.preventDefault();
      remove(row);
    }
  });

  // An item that was billed before brings its price along, where none is typed yet.
  const known = new Map([...document.getElementById("known-items").options].map((option) => [option.value, option.dataset]));
  lines.addEventListener("input", (event) => {
    const item = event.target.matches('[name$="-name"]') && known.get(event.target.value);
    if (!item || item.currency !== form.elements.currency.value) return;
    const row = event.target.closest(".row");
    for (const [name, value] of [["unit_price", item.price], ["unit", item.unit]]) {
      const place = field(row, name);
      if (place && !place.value) place.value = value;
    }
  });
  lines.addEventListener("input", tidy);
  lines.addEventListener("focusout", () => setTimeout(tidy));

  lines.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remove]");
    if (!button) return;
    event.preventDefault();
    remove(button.closest(".row"));
  });

  // The handle: dragged it carries the line, pressed it opens the menu of the line (for fingers and readers).

  let drag;

  function openMenu(grip) {
    menu.hidden = false;
    grip.after(menu);
    grip.setAttribute("aria-expanded", "true");
    menu.querySelector("button").focus();
  }

  function closeMenu(focus) {
    if (menu.hidden) return;
    const grip = menu.closest(".row")?.querySelector("[data-grip]");
    grip?.removeAttribute("aria-expanded");
    menu.hidden = true;
    lines.after(menu);
    if (focus) grip?.focus();
  }

  lines.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button) return;
    drag = { grip, row: grip.closest(".row"), from: event.clientY, id: event.pointerId, moved: false };
    grip.setPointerCapture(event.pointerId);
  });
  lines.addEventListener("pointermove", (event) => {
    if (!drag || event.pointerId !== drag.id) return;
    if (!drag.moved && Math.abs(event.clientY - drag.from) < 5) return;
    if (!drag.moved) {
      closeMenu();
      drag.moved = true;
      drag.row.classList.add("dragged");
    }
    const over = rows().slice(0, -1).find((row) => {
      const box = row.getBoundingClientRect();
      return row !== drag.row && event.clientY >= box.top && event.clientY <= box.bottom;
    });
    if (over) {
      const box = over.getBoundingClientRect();
      const below = drag.row.compareDocumentPosition(over) & Node.DOCUMENT_POSITION_FOLLOWING;
      const middle = box.top + box.height / 2;
      if (below && event.clientY > middle) over.after(drag.row);
      else if (!below && event.clientY < middle) over.before(drag.row);
    }
    const edge = 60;
    if (event.clientY < edge) window.scrollBy(0, -12);
    else if (event.clientY > innerHeight - edge) window.scrollBy(0, 12);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    lines.addEventListener(end, () => {
      if (!drag) return;
      const { row, grip, moved } = drag;
      drag = undefined;
      row.classList.remove("dragged");
      if (!moved) return;
      grip.dataset.dragged = "yes";
      setTimeout(() => delete grip.dataset.dragged);
      const all = rows().slice(0, -1);
      say(news.dataset.moved, { name: nameOf(row), place: all.indexOf(row) + 1, count: all.length });
      changed();
    });
  }
  lines.addEventListener("click", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || grip.dataset.dragged) return;
    const again = !menu.hidden && grip.closest(".row").contains(menu);
    closeMenu();
    if (!again) openMenu(grip);
  });
  menu.addEventListener("click", (event) => {
    const act = event.target.closest("[data-line]")?.dataset.line;
    const row = menu.closest(".row");
    if (!act || !row) return;
    closeMenu(act === "up" || act === "down");
    if (act === "up" || act === "down") {
      move(row, act === "down" ? 1 : -1);
      row.querySelector("[data-grip]").focus();
    } else if (act === "copy") copy(row);
    else {
      focusIn(row);
      remove(row);
    }
  });
  menu.addEventListener("keydown", (event) => {
    const items = [...menu.querySelectorAll("button")];
    const at = items.indexOf(document.activeElement);
    if (event.key === "Escape" || event.key === "Tab") closeMenu(true);
    else if (event.key === "ArrowDown") items[(at + 1) % items.length].focus();
    else if (event.key === "ArrowUp") items[(at - 1 + items.length) % items.length].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-grip], #line-menu")) closeMenu();
  });

  // Rows in their order, and columns, for what comes back after a log-in.
  form.addEventListener("kept", (event) => {
    for (const name of event.detail.names) {
      const [, index, part] = /^items-(\d+)-(\w+)$/.exec(name) ?? [];
      if (part === "name") lines.append(form.elements[name]?.closest(".row") ?? makeRow(Number(index)));
    }
    for (const box of boxes()) if (!box.checked) showColumn(box.value);
  });

  recallColumns();
  tidy();
  window.invoiceEditor.language = followLanguage;
}
