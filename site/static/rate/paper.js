// Typing slips without a mouse: a digit goes on to the next cell, Enter to the next slip.
// Enter never sends: a half-typed batch would be finished by the scanner of a code.
(() => {
  const form = document.getElementById("paper");
  if (!form) return;
  const levels = [...form.querySelectorAll(".paper-level")];
  const next = (field) => {
    const fields = [...form.querySelectorAll("input:not([type=hidden]), textarea")];
    const found = fields[fields.indexOf(field) + 1];
    if (found) { found.focus(); if (found.select) found.select(); }
  };
  form.addEventListener("keydown", (event) => {
    const field = event.target;
    const level = field.classList.contains("paper-level");
    if (event.key === "Enter" && field.tagName !== "BUTTON" && field.tagName !== "A") {
      event.preventDefault();
      const row = field.closest("tr").nextElementSibling;
      const first = row ? row.querySelector(".paper-level") : form.querySelector("[name=finish]");
      first.focus();
      if (first.select) first.select();
    } else if (level && event.key === " ") {
      event.preventDefault();
      field.value = "";
      next(field);
    } else if (level && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !/[0-5]/.test(event.key)) {
      event.preventDefault();
    }
  });
  form.addEventListener("input", (event) => {
    if (levels.includes(event.target) && event.target.value) next(event.target);
  });
  let sending = false;
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { sending = true; });
  window.addEventListener("beforeunload", (event) => {
    if (changed && !sending) event.preventDefault();
  });
  const wrong = form.querySelector(".paper-wrong .paper-level");
  const empty = levels.find((field) => !field.value);
  const begin = wrong || empty || levels[0];
  if (begin) begin.focus();
})();
