// Account pages: a password can be looked at while it is typed. Without scripts it stays hidden, as usual.
"use strict";

const template = document.getElementById("see-password");

function seeing(field) {
  const button = template.content.firstElementChild.cloneNode(true);
  button.setAttribute("aria-controls", field.id);
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  });
  // What is sent is a password again, so that the browser offers to keep it.
  field.form.addEventListener("submit", () => {
    field.type = "password";
    button.setAttribute("aria-pressed", "false");
  });
  return button;
}

for (const field of document.querySelectorAll('.in > input[type="password"]')) field.after(seeing(field));
