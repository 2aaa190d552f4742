// The checklist "Cần gì để đăng": links jump to the field on its tab; a saved draft renews the list.
(() => {
  const panel = document.querySelector("[data-bck-checklist]");
  if (!panel) return;

  const open = (name) => {
    const field = document.querySelector(`[data-contentpath="${CSS.escape(name)}"]`);
    if (!field) return;
    const tabPanel = field.closest("[role=tabpanel]");
    const tab = tabPanel && document.querySelector(`[role=tab][aria-controls="${tabPanel.id}"], [role=tab][href="#${tabPanel.id}"]`);
    if (tab && tabPanel.hidden) tab.click();
    for (let section = field.closest("[data-panel]"); section; section = section.parentElement.closest("[data-panel]")) {
      const toggle = section.querySelector("[data-panel-toggle][aria-expanded=false]");
      if (toggle) toggle.click();
    }
    const target = field.closest("[data-panel]") || field;
    // After the tab has opened: Wagtail scrolls to its top by itself.
    setTimeout(() => {
      target.scrollIntoView({ block: "start", behavior: "instant" });
      const input = field.querySelector("input:not([type=hidden]), textarea, select, button, [contenteditable=true]");
      if (!input) return;
      input.focus({ preventScroll: true });
      // On a slow machine that scrolling comes later still.
      setTimeout(() => input.scrollIntoView({ block: "nearest", behavior: "instant" }), 600);
    }, 150);
  };

  // Other screens lead to a field by "#truong-<name>".
  const wanted = location.hash.match(/^#truong-(\w+)$/);
  if (wanted) window.addEventListener("load", () => setTimeout(() => open(wanted[1]), 100));

  panel.addEventListener("click", (event) => {
    const link = event.target.closest("[data-bck-goto]");
    if (!link) return;
    event.preventDefault();
    open(link.dataset.bckGoto);
  });

  document.addEventListener("w-autosave:success", async (event) => {
    const pk = event.detail && event.detail.response && event.detail.response.pk;
    const url = panel.dataset.url || (pk && panel.dataset.urlOf.replace("/0/", `/${pk}/`));
    if (!url) return;
    const answer = await fetch(url, { headers: { "X-Requested-With": "XMLHttpRequest" } });
    if (!answer.ok) return;
    panel.innerHTML = await answer.text();
    const reason = document.querySelector("[data-bck-reason]");
    if (reason) reason.hidden = !panel.querySelector(".bck-checklist__line--missing");
  });
})();
