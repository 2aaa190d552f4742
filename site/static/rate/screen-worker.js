/* Keeps one page and its files, so that a screen opens again without a network.
   SCREEN = {name, page, files} comes from the address that imports this. */
(function () {
  "use strict";
  var known = self.SCREEN;

  function keep(response) {
    var copy = response.clone();
    return caches.open(known.name).then(function (cache) { return cache.put(known.page, copy); });
  }

  self.addEventListener("install", function (event) {
    event.waitUntil(
      caches.open(known.name).then(function (cache) {
        return cache.addAll(known.files.concat([known.page]));
      }).then(function () { return self.skipWaiting(); })
    );
  });

  self.addEventListener("activate", function (event) {
    event.waitUntil(
      caches.open(known.name).then(function (cache) {
        return cache.keys().then(function (requests) {
          return Promise.all(requests.map(function (request) {
            var path = new URL(request.url).pathname;
            var wanted = path === known.page || known.files.indexOf(path) >= 0;
            return wanted ? null : cache.delete(request);
          }));
        });
      }).then(function () { return self.clients.claim(); })
    );
  });

  // The page: from the network when it answers in time; a refusal is an answer, and ends the copy.
  function page(request) {
    return new Promise(function (resolve) {
      var settled = false;
      function settle(response) {
        if (response && !settled) { settled = true; resolve(response); }
      }
      function kept() {
        return caches.match(known.page).then(function (copy) {
          settle(copy);
          return copy;
        });
      }
      var late = setTimeout(kept, 5000);
      fetch(request).then(function (response) {
        clearTimeout(late);
        if (response.ok) { keep(response); }
        if (response.status === 403) { caches.delete(known.name); }
        if (response.status >= 500) {
          kept().then(function (copy) { settle(copy || response); });
        } else { settle(response); }
      }, function () {
        clearTimeout(late);
        kept().then(function (copy) { settle(copy || Response.error()); });
      });
    });
  }

  self.addEventListener("fetch", function (event) {
    var address = new URL(event.request.url);
    if (event.request.method !== "GET" || address.origin !== self.location.origin) { return; }
    if (event.request.mode === "navigate" && address.pathname === known.page) {
      event.respondWith(page(event.request));
    } else if (known.files.indexOf(address.pathname) >= 0) {
      event.respondWith(
        caches.match(address.pathname).then(function (copy) { return copy || fetch(event.request); })
      );
    }
  });
})();
