// The worked example follows what is typed: the page is asked again with the new numbers and the
// result is put in place. The sums are made at one place only, on the server; without script the
// button does the same.
(() => {
  const form = document.querySelector("form.example");
  const result = document.getElementById("ket-qua");
  if (!form || !result || !window.fetch || !window.DOMParser) return;
  let asked = null;
  let timer = 0;

  const show = async () => {
    if (!form.checkValidity()) return;
    const query = new URLSearchParams(new FormData(form)).toString();
    if (asked) asked.abort();
    asked = new AbortController();
    try {
      const response = await fetch(`${window.location.pathname}?${query}`, { signal: asked.signal });
      if (!response.ok) return;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.getElementById("ket-qua");
      if (!fresh) return;
      result.replaceChildren(...fresh.childNodes);
      window.history.replaceState(null, "", `?${query}`);
    } catch (problem) {
      if (problem.name !== "AbortError") throw problem;
    }
  };

  form.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(show, 350);
  });
})();
