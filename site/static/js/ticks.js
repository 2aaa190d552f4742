// Remembers on this device which papers of a procedure the reader has already; nothing is sent.

for (const list of document.querySelectorAll("[data-ticks]")) {
  const key = `papers:${list.dataset.ticks}`;
  const boxes = [...list.querySelectorAll("input[data-tick]")];
  const name = (box) => box.closest("label").textContent.trim();

  let kept = [];
  try {
    kept = JSON.parse(localStorage.getItem(key)) || [];
  } catch {
    kept = []; // no storage, or something else was there: start with nothing ticked
  }
  // Kept by name: after a new decision, a tick never slides to another paper.
  for (const box of boxes) box.checked = kept.includes(name(box));

  list.addEventListener("change", (event) => {
    // The same paper may stand in several cases: having it once is having it.
    for (const box of boxes) {
      if (name(box) === name(event.target)) box.checked = event.target.checked;
    }
    const ticked = boxes.filter((box) => box.checked).map(name);
    try {
      if (ticked.length) localStorage.setItem(key, JSON.stringify(ticked));
      else localStorage.removeItem(key);
    } catch {
      // A full or forbidden storage only means that ticks last as long as the page.
    }
  });
}
