/* Comfort for the rating form; everything works without it. Plain ES2015, for old in-app browsers.
   A draft lives in sessionStorage: it survives a reload, and goes with the tab, so that on a
   shared phone nobody finds another person's answers. */
(function () {
  "use strict";
  var LONGEST_DRAFT_MS = 12 * 3600 * 1000;
  var done = document.getElementById("done");
  var form = document.querySelector("form[data-code]");

  function store(action) {
    try { return action(window.sessionStorage); } catch (error) { return null; } // private mode
  }
  function key(code) { return "rate:" + code; }

  if (done) {
    store(function (s) { s.removeItem(key(done.getAttribute("data-code"))); });
  }
  if (!form) { return; }

  var code = form.getAttribute("data-code");
  var radios = Array.prototype.slice.call(form.querySelectorAll("input[type=radio]"));
  var fields = Array.prototype.slice.call(form.querySelectorAll("fieldset"));
  var comment = document.getElementById("comment");
  var restored = document.getElementById("restored");
  var send = form.querySelector("button[type=submit]");
  var summary = document.getElementById("summary");

  function save() {
    var draft = { at: Date.now(), comment: comment.value, chosen: {} };
    radios.forEach(function (radio) {
      if (radio.checked) { draft.chosen[radio.name] = radio.value; }
    });
    store(function (s) { s.setItem(key(code), JSON.stringify(draft)); });
  }

  function restore() {
    var text = store(function (s) { return s.getItem(key(code)); });
    var draft = null;
    try { draft = JSON.parse(text); } catch (error) { draft = null; }
    if (!draft || !draft.chosen || !(Date.now() - draft.at < LONGEST_DRAFT_MS)) { return; }
    var any = false;
    radios.forEach(function (radio) {
      if (draft.chosen[radio.name] === radio.value) { radio.checked = true; any = true; }
    });
    if (draft.comment && !comment.value) { comment.value = String(draft.comment); any = true; }
    restored.hidden = !any;
  }

  document.getElementById("restart").addEventListener("click", function () {
    radios.forEach(function (radio) { radio.checked = false; });
    comment.value = "";
    store(function (s) { s.removeItem(key(code)); });
    restored.hidden = true;
    radios[0].focus();
  });

  // After a tap (not an arrow key, which passes over answers) show the next open question.
  var tapped = false;
  ["mousedown", "touchstart"].forEach(function (name) {
    form.addEventListener(name, function () { tapped = true; }, { passive: true });
  });
  form.addEventListener("keydown", function () { tapped = false; });

  function showNext(field) {
    var next = fields[fields.indexOf(field) + 1] || form.querySelector(".comment");
    var bottom = (next.classList.contains("comment") ? form : next).getBoundingClientRect().bottom;
    if (next.querySelector("input:checked") || bottom <= window.innerHeight) { return; }
    var still = !window.matchMedia || !window.matchMedia("(prefers-reduced-motion: no-preference)").matches;
    var top = field.getBoundingClientRect().bottom + window.pageYOffset;
    if (still || !("scrollBehavior" in document.documentElement.style)) {
      window.scrollTo(0, top);
    } else {
      window.scrollTo({ top: top, behavior: "smooth" });
    }
  }

  form.addEventListener("change", function (event) {
    save();
    if (tapped && event.target.type === "radio") {
      showNext(fields.filter(function (field) { return field.contains(event.target); })[0]);
    }
  });
  comment.addEventListener("input", save);

  // One press is one submission; the server would count a second one once all the same.
  var sending = false;
  var label = send.textContent;
  form.addEventListener("submit", function (event) {
    if (sending) { event.preventDefault(); return; }
    sending = true;
    send.textContent = form.getAttribute("data-busy");
    send.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", function () {
    sending = false;
    send.textContent = label;
    send.removeAttribute("aria-disabled");
  });

  if (form.hasAttribute("data-kept")) { save(); } else { restore(); }
  if (summary) { summary.focus(); }
})();
