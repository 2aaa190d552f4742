/* The tablet at the counter: one question a screen, everything through an outbox.
   A form fixes the UUID and the day of one rating, and was signed by the server beforehand; the
   tablet holds no key. Nothing of an unfinished rating is kept. Plain ES2015. */
(function () {
  "use strict";
  var S = window.BckScreen;
  var known = JSON.parse(document.getElementById("known").textContent);
  var IDLE_MS = 45000;
  var THANKS_MS = 8000;
  var store = S.openStore("bck-kiosk-" + known.device, ["forms", "outbox"]);
  var stage = document.getElementById("stage");
  var drawings = Array.prototype.slice.call(document.querySelectorAll("#faces svg"));
  var language = "vi";
  var answers, drivers, code, screen, timer;
  var stopped = ""; // "revoked", "closed", "no_forms"
  var online = true;
  var busy = false;
  var waiting = 0;
  var shownAt = 0;
  var opened = Date.now();

  function words() { return known.texts[language]; }
  function make(tag, css, text) {
    var node = document.createElement(tag);
    if (css) { node.className = css; }
    if (text) { node.textContent = text; }
    return node;
  }
  function button(css, text, action) {
    var node = make("button", css, text);
    node.type = "button";
    node.addEventListener("click", function () {
      // The next question stands where the last one stood: a double tap must not answer it.
      if (Date.now() - shownAt < 350) { return; }
      action(node);
    });
    return node;
  }
  function title(text) {
    var node = make("h2", "question", text);
    node.tabIndex = -1;
    return node;
  }

  // Screens

  function begin() {
    answers = {};
    drivers = 0;
    code = "";
    language = "vi";
    if (online && Date.now() - opened > 12 * 3600000) { window.location.reload(); return; }
    open("attitude");
  }

  function open(name) {
    screen = name;
    stage.textContent = "";
    stage.className = "stage stage-" + name;
    document.documentElement.lang = language;
    var parts = stopped ? stop() : name === "drivers" ? why() : name === "thanks" ? thanks()
      : name === "code" ? askCode() : question(name);
    parts.forEach(function (part) { stage.appendChild(part); });
    document.getElementById("instead").hidden = !stopped;
    var again = document.getElementById("again");
    again.textContent = words().again;
    again.hidden = Boolean(stopped) || name === "thanks" || (name === "attitude" && !code);
    var other = document.getElementById("language");
    other.textContent = language === "vi" ? "English" : "Tiếng Việt";
    other.lang = language === "vi" ? "en" : "vi";
    other.hidden = name === "thanks";
    var chip = document.getElementById("code-chip");
    chip.textContent = "✓ " + words().code_taken + " …" + code.slice(-4);
    chip.hidden = !code || name === "thanks";
    shownAt = Date.now();
    touch();
    var first = stage.querySelector("h2");
    if (first && name !== "attitude") { first.focus(); }
  }

  function question(item) {
    var number = known.items.indexOf(item) + 1;
    var parts = [
      make("p", "progress", words().progress.replace("{n}", number).replace("{all}", known.items.length)),
      title(words().questions[item])
    ];
    var row = make("div", "faces");
    drawings.forEach(function (drawing, index) {
      var level = index + 1;
      var face = button("face" + (answers[item] === level ? " chosen" : ""), "", function () { answer(item, level); });
      face.appendChild(drawing.cloneNode(true));
      face.appendChild(make("span", "word", words().levels[level]));
      row.appendChild(face);
    });
    parts.push(row);
    var below = make("div", "below");
    if (number > 1) {
      below.appendChild(button("secondary", words().back, function () { open(known.items[number - 2]); }));
      below.appendChild(button("secondary" + (answers[item] === 0 ? " chosen" : ""), words().unknown, function () { answer(item, 0); }));
    } else {
      if (!code) {
        below.appendChild(make("span", "hint", words().have_code));
        below.appendChild(button("secondary", words().enter_code, function () { open("code"); }));
      }
      parts.push(make("p", "promise", words().promise));
    }
    parts.push(below);
    return parts;
  }

  function answer(item, level) {
    answers[item] = level;
    open(known.items[known.items.indexOf(item) + 1] || "drivers");
  }

  function why() {
    var row = make("div", "chips");
    words().drivers.forEach(function (word, place) {
      var bit = 1 << place;
      var chip = make("button", "chip", word);
      chip.type = "button";
      function mark() { chip.setAttribute("aria-pressed", drivers & bit ? "true" : "false"); }
      chip.addEventListener("click", function () { drivers ^= bit; mark(); });
      mark();
      row.appendChild(chip);
    });
    var below = make("div", "below");
    below.appendChild(button("secondary", words().back, function () { open(known.items[known.items.length - 1]); }));
    below.appendChild(button("primary", words().send, submit));
    return [title(words().why), make("p", "hint", words().optional), row, below];
  }

  function askCode() {
    var form = make("form", "code-form");
    var field = make("input", "typed");
    var wrong = make("p", "problem");
    var label = make("label", "hint", words().code_hint);
    field.id = "code-field";
    label.htmlFor = field.id;
    field.autocomplete = "off";
    field.setAttribute("autocapitalize", "characters");
    field.setAttribute("spellcheck", "false");
    wrong.hidden = true;
    wrong.setAttribute("role", "alert");
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      if (!takeCode(field.value)) { wrong.textContent = words().code_wrong; wrong.hidden = false; }
    });
    [label, field, wrong].forEach(function (part) { form.appendChild(part); });
    var below = make("div", "below");
    below.appendChild(button("secondary", words().back, function () { open("attitude"); }));
    var use = make("button", "primary", words().code_ok);
    use.type = "submit";
    below.appendChild(use);
    form.appendChild(below);
    window.setTimeout(function () { field.focus(); }, 0);
    return [title(words().code_title), form];
  }

  function thanks() {
    var below = make("div", "below");
    below.appendChild(button("primary", words().next, begin));
    return [title(words().thanks), make("p", "lead", online ? words().received : words().kept), below];
  }

  function stop() {
    return [title(words()[stopped]), make("p", "lead", words().instead)];
  }

  function touch() {
    window.clearTimeout(timer);
    if (stopped) { return; }
    timer = window.setTimeout(begin, screen === "thanks" ? THANKS_MS : IDLE_MS);
  }

  // A one-time code: only its form is looked at here; the server knows the rest.
  function codeIn(text) {
    var found = text.toUpperCase().replace(/^.*\/R\//, "").replace(/[\s\/-]/g, "")
      .replace(/O/g, "0").replace(/[IL]/g, "1");
    return /^[0-9A-HJKMNP-TV-Z]{26}$/.test(found) ? found : "";
  }
  function takeCode(text) {
    var found = codeIn(text);
    if (!found || stopped) { return false; }
    if (screen === "thanks") { begin(); }
    code = found;
    open(screen === "code" ? "attitude" : screen);
    return true;
  }
  // A scanner types as a keyboard does, only faster, and ends with Enter.
  var scanned = "";
  var lastKey = 0;
  document.addEventListener("keydown", function (event) {
    if (event.target.tagName === "INPUT") { return; }
    var now = Date.now();
    if (now - lastKey > 120) { scanned = ""; }
    lastKey = now;
    if (event.key === "Enter") {
      if (scanned.length >= 26 && takeCode(scanned)) { event.preventDefault(); }
      scanned = "";
    } else if (event.key && event.key.length === 1) { scanned += event.key; }
  });

  // The outbox

  function submit() {
    var rating = { at: Math.floor(S.now() / 1000), levels: answers, drivers: drivers, code: code };
    var today = S.day(S.now());
    // The form leaves its table as the rating enters the outbox: in one step, or not at all.
    store.change(function (tables, done) {
      tables.forms.openCursor().onsuccess = function (event) {
        var cursor = event.target.result;
        if (!cursor) { done(false); return; }
        if (cursor.value !== today) { cursor.continue(); return; }
        rating.token = cursor.key;
        tables.outbox.put(rating, cursor.key);
        cursor.delete();
        done(true);
      };
    }, function (all) {
      var found = Object.keys(all.forms).filter(function (key) { return all.forms[key] === today; })[0];
      if (!found) { return false; }
      delete all.forms[found];
      rating.token = found;
      all.outbox[found] = rating;
      return true;
    }).then(function (taken) {
      if (!taken) { stopped = "no_forms"; open("attitude"); refill(); return; }
      open("thanks");
      flush();
    });
  }

  function refuse(why) {
    stopped = why;
    if (why !== "closed") { store.clear(); }
    window.clearTimeout(timer);
    open("attitude");
    status();
  }

  function status() {
    store.all("outbox").then(function (rows) {
      waiting = rows.length;
      document.getElementById("state").textContent =
        !online && waiting && !stopped ? known.texts.vi.waiting.replace("{n}", waiting) : "";
    });
  }

  function flush() {
    if (busy || stopped === "revoked" || stopped === "unpaired") { return; }
    store.all("outbox").then(function (rows) {
      if (!rows.length || busy) { status(); refill(); return; }
      busy = true;
      var ratings = rows.slice(0, known.largest).map(function (row) { return row[1]; });
      S.ask("POST", known.send, { ratings: ratings }, function (state, data, begun, ended) {
        busy = false;
        online = state > 0 && state < 500;
        if (state === 403 && data && data.refused) { refuse(data.refused); return; }
        if (state !== 200 || !data || !data.results) { status(); return; }
        S.measure(data.now, begun, ended);
        var settled = Object.keys(data.results);
        store.remove("outbox", settled).then(function () {
          if (settled.length) { flush(); } else { status(); }
        });
      });
    });
  }

  // Enough forms for today and tomorrow; asked for when a quarter is used up.
  function refill() {
    if (busy || stopped === "revoked" || stopped === "unpaired") { return; }
    store.all("forms").then(function (rows) {
      var now = S.now();
      var days = [S.day(now), S.day(now + 24 * 3600000)];
      var held = days.map(function (day) {
        return rows.filter(function (row) { return row[1] === day; }).length;
      });
      var old = rows.filter(function (row) { return row[1] < days[0]; }).map(function (row) { return row[0]; });
      if (old.length) { store.remove("forms", old); }
      if (held[0] && stopped === "no_forms") { stopped = ""; begin(); }
      if (!held[0] && !stopped && !online) { stopped = "no_forms"; open("attitude"); }
      if (busy) { return; }
      var wanted = held.map(function (number) {
        return number > known.hold * 0.75 ? 0 : known.hold - number;
      });
      busy = true;
      S.ask("POST", known.forms, { wanted: wanted }, function (state, data, begun, ended) {
        busy = false;
        online = state > 0 && state < 500;
        if (state === 403 && data && data.refused) { refuse(data.refused); return; }
        if (state !== 200 || !data || !data.forms) { status(); return; }
        S.measure(data.now, begun, ended);
        store.change(function (tables) {
          each(data.forms, function (form, day) { tables.forms.put(day, form); });
        }, function (all) {
          each(data.forms, function (form, day) { all.forms[form] = day; });
        }).then(function () {
          if (stopped) { stopped = ""; begin(); }
          status();
        });
      });
    });
  }
  function each(forms, action) {
    Object.keys(forms).forEach(function (day) {
      forms[day].forEach(function (form) { action(form, day); });
    });
  }

  document.getElementById("again").addEventListener("click", begin);
  document.getElementById("language").addEventListener("click", function () {
    language = language === "vi" ? "en" : "vi";
    open(screen);
  });
  ["touchstart", "mousedown", "keydown"].forEach(function (name) {
    document.addEventListener(name, function () {
      if (screen !== "thanks") { touch(); }
    }, { passive: true });
  });
  window.addEventListener("online", flush);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) { flush(); } });
  window.setInterval(flush, 30000);
  S.keepPage(known.worker);
  begin();
  flush();
})();
