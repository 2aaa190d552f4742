// Remembers on this device which papers of a procedure the reader has already; nothing is sent.

for (const list of document.querySelectorAll("[data-ticks]")) {
  const key = `papers:${list.dataset.ticks}`;
  const boxes = [...list.querySelectorAll("input[data-tick]")];
  // The whole name of the paper, told alike by the procedure's page, which folds the rest of a
  // long name away, and by the list to print.
  const name = (box) => {
    const rest = box.closest("li, tr").querySelector(".paper-rest > div");
    return (box.labels[0].textContent + (rest?.textContent ?? "")).replace(/[\s…]+/g, "");
  };

  let kept = [];
  try {
    kept = JSON.parse(localStorage.getItem(key)) || [];
  } catch {
    kept = []; // no storage, or something else was there: start with nothing ticked
  }
  // What is ticked on the other page or in a case that is not shown here stays ticked.
  const here = new Set(boxes.map(name));
  const elsewhere = kept.filter((one) => !here.has(one));
  // Kept by name: after a new decision, a tick never slides to another paper.
  for (const box of boxes) box.checked = kept.includes(name(box));

  list.addEventListener("change", (event) => {
    // The same paper may stand in several cases: having it once is having it.
    for (const box of boxes) {
      if (name(box) === name(event.target)) box.checked = event.target.checked;
    }
    const ticked = [...elsewhere, ...boxes.filter((box) => box.checked).map(name)];
    try {
      if (ticked.length) localStorage.setItem(key, JSON.stringify(ticked));
      else localStorage.removeItem(key);
    } catch {
      // A full or forbidden storage only means that ticks last as long as the page.
    }
  });
}
