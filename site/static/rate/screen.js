/* What the display and the kiosk share: a small store, requests, and the server's time.
   Plain ES2015 for the old browsers inside television sets and cheap tablets. */
(function () {
  "use strict";

  // A store of one database; without IndexedDB it lives as long as the page.
  function openStore(name, tables) {
    var memory = {};
    tables.forEach(function (table) { memory[table] = {}; });
    var ready = new Promise(function (resolve) {
      var asked;
      try { asked = window.indexedDB.open(name, 1); } catch (error) { resolve(null); return; }
      asked.onupgradeneeded = function () {
        tables.forEach(function (table) { asked.result.createObjectStore(table); });
      };
      asked.onsuccess = function () { resolve(asked.result); };
      asked.onerror = function () { resolve(null); };
    });

    // ``work`` gets the tables of one transaction, and may call done(result).
    function change(work, inMemory) {
      return ready.then(function (database) {
        if (!database) { return inMemory(memory); }
        return new Promise(function (resolve, reject) {
          var result;
          var turn = database.transaction(tables, "readwrite");
          var stores = {};
          tables.forEach(function (table) { stores[table] = turn.objectStore(table); });
          turn.oncomplete = function () { resolve(result); };
          turn.onabort = turn.onerror = function () { reject(turn.error); };
          work(stores, function (value) { result = value; });
        });
      });
    }
    return {
      kept: ready.then(function (database) { return Boolean(database); }),
      put: function (table, key, value) {
        return change(
          function (stores) { stores[table].put(value, key); },
          function (all) { all[table][key] = value; }
        );
      },
      remove: function (table, keys) {
        return change(
          function (stores) { keys.forEach(function (key) { stores[table].delete(key); }); },
          function (all) { keys.forEach(function (key) { delete all[table][key]; }); }
        );
      },
      clear: function () {
        return change(
          function (stores) { tables.forEach(function (table) { stores[table].clear(); }); },
          function (all) { tables.forEach(function (table) { all[table] = {}; }); }
        );
      },
      // [[key, value], …] in the order of the keys.
      all: function (table) {
        return change(
          function (stores, done) {
            var rows = [];
            stores[table].openCursor().onsuccess = function (event) {
              var cursor = event.target.result;
              if (!cursor) { done(rows); return; }
              rows.push([cursor.key, cursor.value]);
              cursor.continue();
            };
          },
          function (all) {
            return Object.keys(all[table]).sort().map(function (key) { return [key, all[table][key]]; });
          }
        );
      },
      change: change
    };
  }

  // answer(status, data or null); status 0: no network, no answer in time.
  function ask(method, address, body, answer) {
    var request = new XMLHttpRequest();
    var begun = Date.now();
    request.open(method, address);
    request.timeout = 15000;
    if (body) { request.setRequestHeader("Content-Type", "application/json"); }
    request.onloadend = function () {
      var data = null;
      try { data = JSON.parse(request.responseText); } catch (error) { data = null; }
      answer(request.status, data, begun, Date.now());
    };
    request.send(body ? JSON.stringify(body) : null);
  }

  // The server's time is the local clock and what it is off, as measured while online.
  var OFFSET = "screen:offset";
  var offset = 0;
  try { offset = Number(window.localStorage.getItem(OFFSET)) || 0; } catch (error) { offset = 0; }
  function measure(serverNow, begun, ended) {
    var slow = (ended - begun) / 2; // a slow answer tells little: keep what agrees with it
    var found = serverNow - (begun + ended) / 2;
    if (Math.abs(found - offset) <= slow + 250) { return; }
    offset = found;
    try { window.localStorage.setItem(OFFSET, String(found)); } catch (error) { return; }
  }
  function now() { return Date.now() + offset; }

  function two(number) { return (number < 10 ? "0" : "") + number; }
  // A moment as the clock on the wall shows it: Vietnam keeps UTC+7 all the year.
  function wall(moment) {
    var there = new Date(moment + 7 * 3600 * 1000);
    return two(there.getUTCHours()) + ":" + two(there.getUTCMinutes());
  }
  function day(moment) {
    return new Date(moment + 7 * 3600 * 1000).toISOString().slice(0, 10);
  }

  function keepPage(address) {
    if ("serviceWorker" in navigator) {
      navigator.serviceWorker.register(address).catch(function () { return null; });
    }
  }

  window.BckScreen = {
    openStore: openStore, ask: ask, measure: measure, now: now, wall: wall, day: day, keepPage: keepPage
  };
})();
