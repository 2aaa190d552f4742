// Recomputes the chain of the public ledger in the reader's own browser (ledger.html). The text of
// a row is made as feedback/ledger.py makes it: keys sorted, no spaces, UTF-8.
(() => {
  const box = document.getElementById("ledger-check");
  if (!box || !window.crypto || !crypto.subtle) return; // only on https and on localhost
  const said = box.querySelector("output");

  const canonical = (value) => {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (value && typeof value === "object") {
      const parts = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
      return `{${parts.join(",")}}`;
    }
    return JSON.stringify(value);
  };

  const digest = async (text) => {
    const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  // The number of the first row that does not fit; 0 when all do.
  const firstWrong = async (lines) => {
    let previous = "0".repeat(64);
    for (let index = 0; index < lines.length; index += 1) {
      const row = JSON.parse(lines[index]);
      const text = canonical({ content: row.content, day: row.day, number: row.number });
      const right = await digest(previous + text);
      if (row.number !== index + 1 || row.previous !== previous || row.digest !== right) return index + 1;
      previous = row.digest;
    }
    return previous === document.getElementById("ledger-head").textContent.trim() ? 0 : lines.length;
  };

  box.querySelector("button").addEventListener("click", async () => {
    said.textContent = "…";
    try {
      const response = await fetch(box.dataset.lines, { cache: "no-store" });
      if (!response.ok) throw new Error(String(response.status));
      const text = await response.text();
      const wrong = await firstWrong(text.split("\n").filter(Boolean));
      said.textContent = wrong ? `${box.dataset.bad} ${wrong}.` : box.dataset.good;
    } catch {
      said.textContent = box.dataset.failed;
    }
  });
  box.hidden = false;
})();
