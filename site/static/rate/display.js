/* The counter's screen: shows the code of the present step out of those it was given ahead.
   No secret is here: the server made the codes, and stops accepting them when it is told to. */
(function () {
  "use strict";
  var S = window.BckScreen;
  var known = JSON.parse(document.getElementById("known").textContent);
  var store = S.openStore("bck-display", ["hours"]);
  var hours = {}; // hour since 1970 → {device, size, codes, modules}
  var hourMs = known.step * known.block;
  var lastAnswer = 0; // server time of the last answer
  var asking = false;
  var refused = ""; // why the server wants no more of this screen
  var opened = Date.now();
  var shown = null;

  function element(id) { return document.getElementById(id); }
  function show(id, visible) { element(id).hidden = !visible; }
  function write(id, text) {
    if (element(id).textContent !== text) { element(id).textContent = text; }
  }

  // Modules → one path of horizontal runs, quiet zone of four around it.
  function path(size, modules) {
    var bytes = window.atob(modules);
    var out = "";
    for (var y = 0; y < size; y += 1) {
      var start = -1;
      for (var x = 0; x <= size; x += 1) {
        var bit = y * size + x;
        var dark = x < size && (bytes.charCodeAt(bit >> 3) >> (7 - (bit & 7))) & 1;
        if (dark && start < 0) { start = x; }
        if (!dark && start >= 0) {
          out += "M" + (start + 4) + " " + (y + 4) + "h" + (x - start) + "v1h-" + (x - start) + "z";
          start = -1;
        }
      }
    }
    return out;
  }

  function last() { // the end of the codes without a gap from now on
    var hour = Math.floor(S.now() / hourMs);
    while (hours[hour]) { hour += 1; }
    return hour * hourMs;
  }

  function draw() {
    if (refused) { return; }
    var now = S.now();
    var step = Math.floor(now / known.step);
    var hour = hours[Math.floor(step / known.block)];
    show("changing", Boolean(hour));
    show("printed", !hour);
    if (!hour) {
      shown = null;
      write("why", now - lastAnswer > 3 * 60000 && (lastAnswer || Object.keys(hours).length)
        ? "Màn hình mất mạng đã lâu nên hết mã đổi mỗi 30 giây. Mời bạn quét mã in của quầy."
        : "Đang lấy mã đổi mỗi 30 giây. Trong lúc chờ, mời bạn quét mã in của quầy.");
      write("state", lastAnswer && now - lastAnswer > 3 * 60000 ? "Mất mạng từ " + S.wall(lastAnswer) : "");
      return;
    }
    var code = hour.codes[step % known.block];
    if (code !== shown) {
      var side = hour.size + 8;
      element("qr").setAttribute("viewBox", "0 0 " + side + " " + side);
      element("modules").setAttribute("d", path(hour.size, hour.modules[step % known.block]));
      write("host", known.host);
      write("code", code);
      shown = code;
    }
    element("left").value = Math.ceil((known.step - now % known.step) / 1000);
    var offline = lastAnswer ? now - lastAnswer > 3 * 60000 : Math.abs(Date.now() - opened) > 20000;
    write("state", offline
      ? (lastAnswer ? "Mất mạng từ " + S.wall(lastAnswer) : "Đang mất mạng")
        + ". Mã vẫn dùng được đến " + S.wall(last()) + "."
      : "");
  }

  function refuse(why) {
    refused = why;
    hours = {};
    store.clear();
    write("refused-title", why === "closed" ? "Quầy đang ngừng hoạt động" : "Màn hình này đã bị thu hồi");
    show("changing", false);
    show("printed", false);
    show("refused", true);
    write("state", "");
  }

  // Which hour is missing, the nearest first; null when all twelve are here.
  function missing() {
    var present = Math.floor(S.now() / hourMs);
    for (var hour = present; hour <= present + known.ahead; hour += 1) {
      if (!hours[hour]) { return hour; }
    }
    return null;
  }

  function forgetOld() {
    var present = Math.floor(S.now() / hourMs);
    var old = Object.keys(hours).map(Number).filter(function (hour) { return hour < present - 1; });
    old.forEach(function (hour) { delete hours[hour]; });
    if (old.length) { store.remove("hours", old); }
  }

  function fetchCodes() {
    if (asking || (refused && refused !== "closed")) { return; } // a closed counter may open again
    asking = true;
    var hour = missing();
    S.ask("GET", known.codes + (hour === null ? "" : "?khoi=" + hour), null, function (status, data, begun, ended) {
      asking = false;
      if (status === 403 && data && data.refused) { refuse(data.refused); return; }
      if (!data || !data.now) { draw(); return; }
      S.measure(data.now, begun, ended);
      lastAnswer = S.now();
      if (refused) { refused = ""; show("refused", false); }
      if (status === 200 && data.codes) {
        hours[data.block] = { device: data.device, size: data.size, codes: data.codes, modules: data.modules };
        store.put("hours", data.block, hours[data.block]).catch(function () { return null; });
        forgetOld();
      }
      // Once a day the page itself is fetched anew, for what has changed in it.
      if (Date.now() - opened > 24 * 3600000) { window.location.reload(); return; }
      // The next hour; or, after an hour asked for by a clock that was wrong, the right one.
      var next = missing();
      if (next !== null && next !== hour) { window.setTimeout(fetchCodes, 50); }
      draw();
    });
  }

  S.keepPage(known.worker);
  store.all("hours").catch(function () { return []; }).then(function (rows) {
    var strange = [];
    rows.forEach(function (row) {
      if (row[1].device === known.device) { hours[row[0]] = row[1]; } else { strange.push(row[0]); }
    });
    if (strange.length) { store.remove("hours", strange); }
    draw();
    fetchCodes();
    window.setInterval(draw, 500);
    window.setInterval(fetchCodes, 60000);
  });
  window.addEventListener("online", fetchCodes);
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden) { draw(); fetchCodes(); }
  });
})();
