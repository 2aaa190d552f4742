/* The progress of a background job: asks once a second, and loads the page again when it ends. */
(function () {
  "use strict";
  const box = document.querySelector("[data-job]");
  if (!box) return;
  const part = (name) => box.querySelector(`[data-job-${name}]`);
  const number = new Intl.NumberFormat("vi-VN");
  let first = null;
  let wait = 1000;

  function put(name, text) {
    const found = part(name);
    if (found && found.textContent !== text) found.textContent = text;
  }

  function left(job) {
    if (!first || job.done < first.done) first = { done: job.done, at: Date.now() };
    const seconds = (Date.now() - first.at) / 1000;
    const speed = (job.done - first.done) / seconds;
    if (!job.total || seconds < 3 || !(speed > 0)) return "";
    const rest = (job.total - job.done) / speed;
    return rest > 90 ? `còn khoảng ${Math.round(rest / 60)} phút` : `còn khoảng ${Math.ceil(rest)} giây`;
  }

  function show(job) {
    put("label", job.label);
    put("message", job.message);
    put("count", number.format(job.done) + (job.total === null ? "" : ` / ${number.format(job.total)}`));
    put("percent", job.percent === null ? "" : `(${job.percent} %)`);
    put("left", left(job));
    const bar = part("bar");
    if (bar && job.percent !== null) bar.value = job.percent;
    const all = document.querySelector("[data-count-all]");
    if (all) all.textContent = number.format(job.done);
    for (const [name, count] of Object.entries(job.counts)) {
      const found = document.querySelector(`[data-count="${name}"]`);
      if (found) found.textContent = number.format(count);
    }
  }

  async function ask() {
    try {
      const answer = await fetch(box.dataset.job, {
        headers: { "X-Requested-With": "XMLHttpRequest" },
        credentials: "same-origin",
        cache: "no-store",
      });
      if (answer.ok) {
        const job = await answer.json();
        show(job);
        if (!job.active) {
          window.location.reload();
          return;
        }
        wait = 1000;
      } else if (answer.status === 403 || answer.status === 404) {
        window.location.reload(); // signed out, or gone: the page says which
        return;
      }
    } catch {
      wait = Math.min(wait * 2, 15000); // the network is away; the job is not
    }
    window.setTimeout(ask, wait);
  }
  window.setTimeout(ask, 500);
})();
