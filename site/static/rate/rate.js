/* Comfort for the rating pages; everything works without it. Plain ES2015, for old in-app browsers.
   Three things are kept on the device: a draft (localStorage, without the contact), ratings that
   could not be sent (IndexedDB), and the choice of large letters. All end after seven days, or at
   sending, or at "Xoá". The same file runs as a worker that sends once a closed browser is back
   on line, where a browser can do that; it caches nothing. */
(function () {
  "use strict";
  var WEEK_MS = 7 * 24 * 3600 * 1000;
  var CLAIM_MS = 30000; // one tab sends; a claim outlives the longest wait for an answer
  var ANSWER_MS = 20000;
  var channel = self.BroadcastChannel ? new BroadcastChannel("ratings") : null; // tells other tabs
  var REFUSED = [400, 404, 410, 413, 422];

  // The outbox: {token, state: unsent|sent|refused, code, name, action, body, draft, until,
  // claimed, next, reason, thanks}. A transaction of IndexedDB excludes every other tab.

  function transact(mode, work) {
    return new Promise(function (resolve, reject) {
      var opening = self.indexedDB.open("ratings", 1);
      opening.onupgradeneeded = function () {
        opening.result.createObjectStore("outbox", { keyPath: "token" });
      };
      opening.onerror = opening.onblocked = reject;
      opening.onsuccess = function () {
        var database = opening.result, result = null;
        var transaction = database.transaction("outbox", mode);
        transaction.oncomplete = function () { database.close(); resolve(result); };
        transaction.onerror = transaction.onabort = function () { database.close(); reject(); };
        work(transaction.objectStore("outbox"), function (value) { result = value; });
      };
    });
  }
  function put(item) { return transact("readwrite", function (store) { store.put(item); }); }
  function remove(token) { return transact("readwrite", function (store) { store.delete(token); }); }
  function all() {
    return transact("readonly", function (store, give) {
      store.getAll().onsuccess = function (event) { give(event.target.result); };
    });
  }
  /* Change an item if it is still there; ``change`` returns false to leave it as it is. */
  function alter(token, change) {
    return transact("readwrite", function (store, give) {
      store.get(token).onsuccess = function (event) {
        var item = event.target.result;
        if (item && change(item) !== false) { store.put(item); give(item); }
      };
    });
  }
  function claim(token) {
    return alter(token, function (item) {
      var free = item.state === "unsent" && Date.now() - item.claimed >= CLAIM_MS;
      if (free) { item.claimed = Date.now(); }
      return free;
    });
  }

  /* → {kind: sent, thanks} | {kind: refused, status} | {kind: later, wait, reason}. */
  function post(item) {
    var late = new Promise(function (resolve, reject) { setTimeout(reject, ANSWER_MS); });
    var answer = fetch(item.action, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8" },
      body: item.body
    });
    return Promise.race([answer, late]).then(function (got) {
      // A network that asks for a login answers too; only our thank-you page means "stored".
      if (got.ok && /\/cam-on\/?\?t=/.test(got.url)) { return { kind: "sent", thanks: got.url }; }
      if (REFUSED.indexOf(got.status) >= 0) { return { kind: "refused", status: got.status }; }
      var wait = Number(got.headers.get("Retry-After")) || 30;
      return { kind: "later", wait: wait, reason: got.ok ? "offline" : "busy" };
    }, function () { return { kind: "later", wait: 0, reason: "offline" }; });
  }

  function record(token, result) {
    return alter(token, function (item) {
      item.claimed = 0;
      item.sending = false;
      if (result.kind === "later") {
        item.next = Date.now() + result.wait * 1000;
        item.reason = result.reason;
        return;
      }
      item.state = result.kind;
      item.body = item.action = ""; // no code of a receipt beside the address of its thanks
      if (result.kind === "sent") {
        item.thanks = result.thanks;
        item.draft = null;
      } else {
        item.reason = { 422: "422", 404: "410", 410: "410" }[result.status] || "other";
      }
    }).then(function () { if (channel) { channel.postMessage(token); } });
  }

  /* Send what is due, one after the other; forget what is over. */
  function flush() {
    return all().then(function (items) {
      var now = Date.now();
      return items.reduce(function (before, item) {
        return before.then(function () {
          if (now > item.until) {
            if (item.state !== "unsent") { return remove(item.token); }
            return alter(item.token, function (old) {
              old.state = "refused"; old.reason = "late"; old.body = ""; old.draft = null;
              old.until = now + WEEK_MS;
            });
          }
          if (item.state !== "unsent" || item.next > now) { return null; }
          return claim(item.token).then(function (mine) {
            return mine && post(mine).then(function (result) { return record(mine.token, result); });
          });
        });
      }, Promise.resolve());
    });
  }

  if (typeof document === "undefined") {
    self.addEventListener("sync", function (event) {
      event.waitUntil(flush().then(all).then(function (items) {
        if (items.some(function (item) { return item.state === "unsent"; })) {
          throw new Error("not sent yet"); // the browser tries again later
        }
      }));
    });
    return;
  }

  var script = document.currentScript && document.currentScript.src;
  var able = !!(window.indexedDB && window.fetch && window.Promise && IDBObjectStore.prototype.getAll);
  var done = document.getElementById("done");
  var box = document.getElementById("outbox");
  var form = document.getElementById("rating");

  function local(action) {
    try { return action(window.localStorage); } catch (error) { return null; } // blocked
  }
  function parsed(text) {
    try { return JSON.parse(text); } catch (error) { return null; }
  }
  function key(code) { return "rate:" + code; }
  function dropDraft(code) { local(function (s) { s.removeItem(key(code)); }); }
  function each(list, action) { Array.prototype.forEach.call(list, action); }

  // The worker must be there before the network goes: it comes with the first answer, and the
  // thank-you page takes it away. Without it the pages alone send.

  var workers = window.SyncManager && script && navigator.serviceWorker;
  function worker(action) {
    if (workers) { workers.getRegistration(script).then(action).catch(function () {}); }
  }

  // Large letters

  var large = document.getElementById("large");
  if (local(function (s) { return s.getItem("large-letters"); })) { large.checked = true; }
  large.addEventListener("change", function () {
    local(function (s) {
      if (large.checked) { s.setItem("large-letters", "1"); } else { s.removeItem("large-letters"); }
    });
  });

  // Drafts of other counters that are over

  local(function (s) {
    Object.keys(s).forEach(function (name) {
      if (name.indexOf("rate:") !== 0) { return; }
      var draft = parsed(s.getItem(name));
      if (!draft || !(Date.now() - draft.at < WEEK_MS)) { s.removeItem(name); }
    });
  });

  // What waits on this device

  function line(item) {
    var row = document.createElement("li");
    row.appendChild(document.createTextNode(item.name));
    if (item.state === "sent") {
      row.appendChild(document.createTextNode(" – "));
      var link = document.createElement("a");
      link.href = item.thanks;
      link.textContent = box.querySelector("[data-state=sent]").getAttribute("data-link");
      row.appendChild(link);
    } else if (item.reason) {
      row.appendChild(document.createTextNode(": " + box.getAttribute("data-" + item.reason)));
    }
    return row;
  }

  function show() {
    return all().then(function (items) {
      each(box.children, function (part) {
        var list = part.querySelector("ul");
        var mine = items.filter(function (item) {
          return item.state === part.getAttribute("data-state") &&
            !(item.state === "unsent" && item.sending);
        });
        list.textContent = "";
        mine.forEach(function (item) { list.appendChild(line(item)); });
        part.hidden = !mine.length;
      });
      items.forEach(function (item) { // what was refused is not lost: it waits as a draft
        if (item.state !== "refused" || item.reason !== "422" || !item.draft) { return; }
        local(function (s) {
          item.draft.at = Date.now();
          if (!s.getItem(key(item.code))) { s.setItem(key(item.code), JSON.stringify(item.draft)); }
        });
        alter(item.token, function (old) { old.draft = null; });
      });
      box.hidden = !box.querySelector("[data-state]:not([hidden])");
      return items;
    });
  }

  var timer = 0;
  function tend() {
    if (!able) { return; }
    clearTimeout(timer);
    flush().then(show).then(function (items) {
      var waiting = items.filter(function (item) { return item.state === "unsent"; });
      if (!waiting.length) { return; }
      var next = Math.min.apply(null, waiting.map(function (item) { return item.next; }));
      timer = setTimeout(tend, Math.max(next - Date.now(), CLAIM_MS));
    }).catch(function () {}); // no IndexedDB here: nothing can be waiting
  }

  box.addEventListener("click", function (event) {
    var what = event.target.getAttribute("data-do");
    if (!what) { return; }
    var state = event.target.parentNode.parentNode.getAttribute("data-state");
    if (what === "forget" && state === "unsent" && !window.confirm(box.getAttribute("data-sure"))) { return; }
    all().then(function (items) {
      return Promise.all(items.filter(function (item) { return item.state === state; }).map(function (item) {
        if (what === "forget") { return remove(item.token); }
        return alter(item.token, function (old) { old.next = 0; });
      }));
    }).then(tend);
  });

  if (done) {
    dropDraft(done.getAttribute("data-code"));
    if (able) {
      all().then(function (items) {
        return Promise.all(items.filter(function (item) {
          return item.thanks === window.location.href;
        }).map(function (item) { return remove(item.token); }));
      }).then(tend, function () {});
      worker(function (registration) {
        return registration && all().then(function (items) {
          if (!items.some(function (item) { return item.state === "unsent"; })) { registration.unregister(); }
        });
      });
    }
    var copy = document.getElementById("copy");
    if (copy) {
      copy.parentNode.hidden = false;
      copy.addEventListener("click", function () {
        var range = document.createRange();
        range.selectNodeContents(document.getElementById("code"));
        window.getSelection().removeAllRanges();
        window.getSelection().addRange(range);
        if (document.execCommand("copy")) { copy.textContent = copy.getAttribute("data-done"); }
      });
      document.getElementById("print").addEventListener("click", function () { window.print(); });
    }
  } else {
    tend();
  }
  if (channel) { channel.onmessage = function () { show().catch(function () {}); }; }
  window.addEventListener("online", tend);
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "visible") { tend(); }
  });
  window.addEventListener("pageshow", function (event) { if (event.persisted) { tend(); } });

  if (!form) { return; }

  // The draft

  var opened = Date.now(), started = opened; // this form's token; the first answer of the draft
  var code = form.getAttribute("data-code");
  var choices = Array.prototype.slice.call(form.querySelectorAll(".question input"));
  var fields = Array.prototype.slice.call(form.querySelectorAll(".question"));
  var comment = document.getElementById("comment");
  var contact = document.getElementById("contact");
  var restored = document.getElementById("restored");
  var send = form.querySelector("button[type=submit]");
  var summary = document.getElementById("summary");

  function draftNow() {
    var chosen = choices.filter(function (one) { return one.checked; });
    return { at: started, comment: comment.value, chosen: chosen.map(function (one) { return one.id; }) };
  }
  function save() {
    local(function (s) { s.setItem(key(code), JSON.stringify(draftNow())); });
  }
  function restore() {
    var draft = parsed(local(function (s) { return s.getItem(key(code)); }));
    if (!draft || !Array.isArray(draft.chosen)) { return; }
    started = draft.at;
    var any = false;
    choices.forEach(function (one) {
      if (draft.chosen.indexOf(one.id) >= 0) { one.checked = true; any = true; }
    });
    if (draft.comment && !comment.value) { comment.value = String(draft.comment); any = true; }
    restored.hidden = !any;
  }

  document.getElementById("restart").addEventListener("click", function () {
    choices.forEach(function (one) { one.checked = false; });
    comment.value = contact.value = "";
    document.getElementById("contact-consent").checked = false;
    dropDraft(code);
    restored.hidden = true;
    warn();
    choices[0].focus();
  });

  // A hint while personal data is typed; it stops nothing. The simple part of the masks that are
  // put on later (feedback/mask_numbers.py): the same signs between the digits.

  var PRIVATE = [
    // Điện thoại: 0912 345 678, +84-91.234.5678, (024) 3812 3456
    /(^|\D)((00|\+ ?)?84|0)[ \n.\-_()*~|\/·•:'"+=]{0,4}0?[ \n.\-_()*~|\/·•:'"+=]{0,4}([35789]|2[ \n.\-_()*~|\/·•:'"+=]{0,4}\d)([ \n.\-_()*~|\/·•:'"+=]{0,4}\d){8}(?!\d)/,
    // Căn cước 12 số, chứng minh nhân dân 9 số, số tài khoản; tiền thì không
    /(^|\D)0([ .\-_\n]{0,2}\d){11}(?!\d)|(^|\D)\d{4} \d{4} \d{4}(?!\d)/,
    /(^|[^\d.,])(\d{9}|\d{3}([ .\-])\d{3}\3\d{3})(?![.,]?\d)(?! ?(đ|d|vnd|tr|ng))/i,
    /(^|[^\d.,])\d{10,19}(?![.,]?\d)(?! ?(đ|d|vnd))/i,
    // Thư điện tử, biển số xe, mã hồ sơ
    /[^\s@]+ ?(@|[(\[](at|a còng)[)\]]| a (còng|cong|móc|moc)) ?[^\s@]+ ?(\.|chấm|cham|dot) ?[a-z]{2,}/i,
    /(^|[^\w.])[1-9]\d ?-? ?[a-z]{1,2}\d? ?[\-. ]{0,3}(\d{3}[ .\-]\d{2}|\d{5})(?!\d|[.,]\d)/i,
    /(^|[^\w])[a-z] ?\d{2}([.\-_\/]\d{1,3}){0,3} ?[\-_\/. ] ?\d{6} ?[\-_\/. ] ?\d{1,8}(?!\d)/i
  ];
  function warn() {
    var text = comment.value.normalize ? comment.value.normalize("NFKC") : comment.value;
    document.getElementById("private").hidden = !PRIVATE.some(function (one) { return one.test(text); });
  }

  // After a tap (not an arrow key, which passes over answers) show the next open question.

  var tapped = false;
  ["mousedown", "touchstart"].forEach(function (name) {
    form.addEventListener(name, function () { tapped = true; }, { passive: true });
  });
  form.addEventListener("keydown", function () { tapped = false; });

  function showNext(field) {
    var next = fields[fields.indexOf(field) + 1];
    if (!next) { return; } // after the drivers one more may be tapped: the page stays
    var end = fields.indexOf(next) === fields.length - 1 ? send : next;
    if (next.querySelector("input:checked") || end.getBoundingClientRect().bottom <= window.innerHeight) { return; }
    var still = !window.matchMedia || !window.matchMedia("(prefers-reduced-motion: no-preference)").matches;
    var top = field.getBoundingClientRect().bottom + window.pageYOffset;
    var smooth = !still && "scrollBehavior" in document.documentElement.style;
    if (smooth) { window.scrollTo({ top: top, behavior: "smooth" }); } else { window.scrollTo(0, top); }
  }

  form.addEventListener("change", function (event) {
    save();
    worker(function (registration) { return registration || workers.register(script); });
    if (tapped && event.target.type === "radio") {
      showNext(fields.filter(function (field) { return field.contains(event.target); })[0]);
    }
  });
  comment.addEventListener("input", function () { save(); warn(); });

  // Sending. One press is one submission; the server would count a second one once all the same.

  var sending = false;
  var label = send.textContent;
  function busy(on) {
    sending = on;
    send.textContent = on ? form.getAttribute("data-busy") : label;
    if (on) { send.setAttribute("aria-disabled", "true"); } else { send.removeAttribute("aria-disabled"); }
  }

  function whole() { // the same rules as the server's, only to know what may wait
    var reach = contact.value.trim();
    return form.querySelector("input[name=attitude]:checked") && comment.value.length <= 2000 &&
      (!reach || (reach.length <= 120 && comment.value.trim() && document.getElementById("contact-consent").checked));
  }
  function body() {
    var pairs = [];
    each(form.elements, function (one) {
      if (!one.name || ((one.type === "radio" || one.type === "checkbox") && !one.checked)) { return; }
      pairs.push(encodeURIComponent(one.name) + "=" + encodeURIComponent(one.value));
    });
    return pairs.join("&");
  }

  function wait(item, result) {
    item.sending = false;
    item.claimed = 0;
    item.reason = result.reason;
    item.next = Date.now() + result.wait * 1000;
    return put(item).then(function () {
      dropDraft(code);
      form.hidden = true;
      worker(function (registration) { return registration && registration.sync.register("ratings"); });
      return show();
    }).then(function () {
      box.scrollIntoView();
      box.focus();
      clearTimeout(timer);
      timer = setTimeout(tend, Math.max(result.wait * 1000, CLAIM_MS));
    });
  }

  form.addEventListener("submit", function (event) {
    if (sending) { event.preventDefault(); return; }
    busy(true);
    if (!able) { return; }
    event.preventDefault();
    var keep = whole();
    var item = {
      token: form.elements.token.value, state: "unsent", sending: true, code: code,
      name: form.getAttribute("data-name"), action: form.action, body: body(), draft: draftNow(),
      until: opened + WEEK_MS, claimed: Date.now(), next: 0, reason: "", thanks: ""
    };
    // Kept before it is sent: a tab that is closed meanwhile loses nothing.
    (keep ? put(item) : Promise.resolve()).then(function () {
      return post(item).then(function (result) {
        if (result.kind === "sent") {
          dropDraft(code);
          return remove(item.token).then(function () { window.location.href = result.thanks; });
        }
        if (result.kind === "refused") { // the server's own page says why
          return remove(item.token).then(function () { form.submit(); });
        }
        if (keep) { return wait(item, result); }
        busy(false);
        document.getElementById("offline").hidden = false;
        document.getElementById("offline").focus();
      });
    }).catch(function () { form.submit(); }); // no IndexedDB: as without script
  });
  window.addEventListener("pageshow", function () { busy(false); });

  if (form.hasAttribute("data-kept")) { save(); } else { restore(); }
  warn();
  if (summary) { summary.focus(); }
})();
