// Suggestions under the search box (WAI-ARIA combobox with a listbox). Without this script the
// form still works.
const WAIT = 150;
// On touch keyboards every word is composed from its first letter to the space, so waiting for the
// end of a composition would mean no suggestions at all.
const TOUCH = matchMedia("(pointer: coarse)").matches;
const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replaceAll("đ", "d");
const words = (text) => text.match(/[\p{L}\p{M}\p{N}.]+/gu) ?? [];

// The suggestion with what was typed in <b>, marks or not; a typed word may be a beginning.
function emphasised(text, typed) {
  const wanted = words(typed).map(fold);
  const row = new DocumentFragment();
  for (const part of text.normalize("NFC").split(/([\p{L}\p{M}\p{N}.]+)/u)) {
    const folded = fold(part);
    const length = Math.max(0, ...wanted.filter((one) => folded.startsWith(one)).map((one) => one.length));
    if (length) {
      const bold = document.createElement("b");
      bold.textContent = part.slice(0, length);
      row.append(bold, part.slice(length));
    } else row.append(part);
  }
  return row;
}

for (const form of document.querySelectorAll("form[data-suggest]")) {
  const input = form.querySelector("input[name=q]");
  const { suggest, suggestLabel, suggestCount, suggestNone } = form.dataset;
  const list = document.createElement("ul");
  const status = document.createElement("p");
  let items = [], chosen = -1, asked = null, timer = 0, request = null, composing = false;
  list.id = `${input.id}-suggestions`;
  list.className = "suggestions";
  list.hidden = true;
  status.className = "visually-hidden";
  for (const [one, values] of [
    [list, { role: "listbox", "aria-label": suggestLabel }],
    [status, { role: "status" }],
    [input, { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id }],
  ]) for (const name in values) one.setAttribute(name, values[name]);
  form.append(list, status);

  // The list ends above the keyboard: what is visible of the page shrinks when it opens.
  const fit = () => {
    const view = window.visualViewport;
    if (list.hidden || !view) return;
    const below = () => view.offsetTop + view.height - list.getBoundingClientRect().top - 8;
    if (TOUCH && below() < 200) form.scrollIntoView({ block: "start", behavior: "instant" });
    const room = below();
    list.style.maxBlockSize = `${Math.max(96, Math.round(room))}px`;
  };
  const mark = (position) => {
    chosen = position;
    [...list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === chosen)));
    if (chosen < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", list.children[chosen].id);
    list.children[chosen].scrollIntoView({ block: "nearest" });
  };
  const expand = (open) => {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    mark(-1);
    fit();
  };
  // JSON has no language: its addresses are the Vietnamese ones.
  const go = (item) => location.assign(document.documentElement.lang === "en" ? `/en${item.url}` : item.url);
  const show = (found, typed) => {
    items = found;
    list.replaceChildren(...items.map((item, at) => {
      const row = document.createElement("li");
      row.id = `${list.id}-${at}`;
      row.lang = "vi";
      row.setAttribute("role", "option");
      row.append(emphasised(item.text, typed));
      row.addEventListener("mousedown", (event) => event.preventDefault());
      row.addEventListener("click", () => go(item));
      return row;
    }));
    expand(items.length > 0);
    status.textContent = typed.length < 2 ? "" : items.length ? suggestCount.replace("{n}", items.length) : suggestNone;
  };
  const drop = () => {
    clearTimeout(timer);
    request?.abort();
    request = null;
  };
  const ask = async () => {
    const typed = input.value.trim();
    if (typed === asked) return;
    drop();
    asked = typed;
    if (typed.length < 2) return show([], typed);
    const mine = request = new AbortController();
    try {
      const answer = await fetch(`${suggest}?q=${encodeURIComponent(typed)}`, { signal: mine.signal });
      const found = answer.ok ? (await answer.json()).suggestions : [];
      if (mine === request && document.activeElement === input) show(found, typed);
    } catch { /* offline or overtaken: the form works without suggestions */ }
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(ask, WAIT); };
  const close = () => { drop(); asked = null; expand(false); status.textContent = ""; };

  input.addEventListener("compositionstart", () => { composing = !TOUCH; if (composing) drop(); });
  input.addEventListener("compositionend", () => { composing = false; later(); });
  input.addEventListener("input", () => { if (!composing) later(); });
  input.addEventListener("blur", close);
  form.addEventListener("submit", close);
  window.visualViewport?.addEventListener("resize", fit);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const { key } = event, last = items.length - 1;
    if (list.hidden) {
      if (key !== "ArrowDown" && key !== "ArrowUp" || !items.length || input.value.trim() !== asked) {
        if (key === "ArrowDown") { event.preventDefault(); asked = null; ask(); }
        return;
      }
      event.preventDefault();
      expand(true);
      mark(key === "ArrowDown" ? 0 : last);
    } else if (key === "ArrowDown") mark(chosen === last ? -1 : chosen + 1);
    else if (key === "ArrowUp") mark(chosen === -1 ? last : chosen - 1);
    else if (key === "Home" && chosen >= 0) mark(0);
    else if (key === "End" && chosen >= 0) mark(last);
    else if (key === "Enter" && chosen >= 0) go(items[chosen]);
    else if (key === "Escape") { drop(); expand(false); status.textContent = ""; }
    else return;
    event.preventDefault();
  });
}
