// Lists of rows, such as lines: added, removed and walked through by keyboard. Without this, buttons do it by the server.
for (const list of document.querySelectorAll("#verify-form [data-list]")) start(list);

function start(list) {
  const lines = list.querySelector("[data-lines]");
  const template = list.querySelector("template");
  const form = list.closest("form");
  const name = list.dataset.list;

  function rows() {
    return [...lines.children];
  }

  // Names count on without gaps, as the server counts.
  function number() {
    rows().forEach((row, place) => {
      for (const field of row.querySelectorAll("input")) field.name = field.name.replace(/-\d+-/, `-${place}-`);
      const button = row.querySelector("[data-remove]");
      if (button) button.value = `remove-${name}-${place}`;
    });
  }

  function changed() {
    lines.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function add() {
    const copy = template.content.cloneNode(true);
    for (const element of copy.querySelectorAll("*")) {
      for (const attribute of element.attributes) {
        if (attribute.value.includes("__place__")) attribute.value = attribute.value.replaceAll("__place__", rows().length);
      }
    }
    lines.append(copy);
    return lines.lastElementChild;
  }

  function focusIn(row, part = 0) {
    const field = row?.querySelectorAll("input")[part];
    field?.focus();
    field?.select();
  }

  function remove(row) {
    const beside = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    number();
    if (beside) focusIn(beside);
    else list.querySelector("[data-add]")?.focus();
    changed();
  }

  list.addEventListener("click", (event) => {
    if (event.target.closest("[data-add]")) {
      event.preventDefault();
      focusIn(add());
    }
    const removing = event.target.closest("[data-remove]");
    if (removing) {
      event.preventDefault();
      remove(removing.closest("[data-line]"));
    }
  });

  lines.addEventListener("keydown", (event) => {
    if (event.isComposing || !event.target.matches("input") || event.target.readOnly) return;
    const row = event.target.closest("[data-line]");
    const part = [...row.querySelectorAll("input")].indexOf(event.target);
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const next = row.nextElementSibling;
      if (next) focusIn(next, part);
      else focusIn(add());
    } else if (event.key === "Backspace" && (event.ctrlKey || event.metaKey) && template) {
      event.preventDefault();
      remove(row);
    }
  });

  // What was typed before a log-in comes back into rows that are there.
  form.addEventListener("kept", (event) => {
    const places = event.detail.names.map((each) => each.match(new RegExp(`^${name}-(\\d+)-`))?.[1]).filter(Boolean).map(Number);
    while (template && places.length && rows().length <= Math.max(...places)) add();
  });
}
