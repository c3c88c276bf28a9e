// Small comforts of every page; each works without this file. No framework, nothing inline.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

  // Menus (details.menu): one open at a time; closed by a click elsewhere and by Escape.
  document.addEventListener("click", (event) => {
    for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    const close = event.target.closest("[data-close]");
    if (close) (close.closest("dialog") ?? close.parentElement).remove();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of all("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // After a refused form: read the sentence first.
  document.querySelector("[data-focus]")?.focus();

  // Ticked rows: the bar tells how many; the box in the head ticks the page.
  for (const bar of all("[data-bulk]")) {
    const form = bar.closest("form");
    const boxes = all('tbody input[type="checkbox"]', form);
    const head = form.querySelector('thead input[type="checkbox"]');
    const counter = bar.querySelector("[data-bulk-count]");
    const tell = () => {
      const chosen = boxes.filter((box) => box.checked).length;
      bar.classList.toggle("idle", chosen === 0);
      counter.textContent = counter.dataset.words.replace("{n}", chosen);
      for (const button of all("button[data-words]", bar)) {
        button.textContent = button.dataset.words.replace("{n}", chosen);
      }
      if (head) {
        head.checked = chosen > 0 && chosen === boxes.length;
        head.indeterminate = chosen > 0 && chosen < boxes.length;
      }
    };
    head?.addEventListener("change", () => {
      for (const box of boxes) box.checked = head.checked;
      tell();
    });
    form.addEventListener("change", tell);
    form.addEventListener("reset", () => setTimeout(tell));
    tell();
  }

  // Keys of a list: J K move, X ticks, Enter opens; / goes to the search. Only while the list has the focus, which
  // a click into it gives too: single keys are also what speech input types (WCAG 2.1.4).
  for (const list of all("[data-keys]")) list.tabIndex = -1;
  const rows = all("[data-keys] tbody tr:not(.group)");
  let at = -1;
  const go = (to) => {
    if (to < 0 || to >= rows.length) return;
    rows[at]?.classList.remove("at");
    at = to;
    rows[at].classList.add("at");
    rows[at].scrollIntoView({ block: "nearest" });
    rows[at].querySelector("a")?.focus({ preventScroll: true });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (!event.target.closest("[data-keys]")) return;
    const key = event.key.toLowerCase();
    if (key === "/") {
      const search = document.querySelector('input[type="search"]');
      if (search) {
        event.preventDefault();
        search.focus();
      }
    } else if (key === "j") go(at + 1);
    else if (key === "k") go(at - 1);
    else if (key === "x" && at >= 0) rows[at].querySelector('input[type="checkbox"]')?.click();
  });

  // Sentences that are often written: a click puts one into the field.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reason]");
    if (!button) return;
    const field = document.getElementById(button.closest("[data-reasons]").dataset.reasons);
    field.value = field.value.trim() ? `${field.value.trim()}\n${button.dataset.reason}` : button.dataset.reason;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });

  // A fixed button of a phone that chooses an outcome and leads to the form.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-choose]");
    const box = link && document.getElementById(link.dataset.form)?.querySelector(`input[value="${CSS.escape(link.dataset.choose)}"]`);
    if (!box) return;
    box.checked = true;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // A form is sent once; what is typed is not lost by leaving.
  let dirty = false;
  for (const form of all("form[data-guard]")) form.addEventListener("input", () => (dirty = true));
  const forgetSent = () => all("form[data-sent]").forEach((form) => delete form.dataset.sent);
  addEventListener("beforeunload", (event) => {
    if (!dirty) return;
    event.preventDefault();
    setTimeout(forgetSent); // runs where one stays
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if ((event.submitter?.getAttribute("formmethod") ?? form.method) !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    if (form.matches("[data-guard]")) dirty = false;
  });
  addEventListener("pageshow", forgetSent);

  // A printed page in a frame narrower than paper: the whole width is shown, smaller. Without this it scrolls.
  for (const paper of all("iframe[data-paper]")) {
    const fit = () => {
      const room = paper.parentElement.clientWidth;
      const wide = paper.contentDocument?.documentElement.scrollWidth ?? 0;
      if (!paper.dataset.wide && wide > room + 1) paper.dataset.wide = wide;
      const scale = Math.min(1, room / (Number(paper.dataset.wide) || room));
      paper.classList.toggle("fitted", scale < 1);
      const tall = innerHeight * 0.78;
      paper.style.width = scale < 1 ? `${paper.dataset.wide}px` : "";
      paper.style.height = scale < 1 ? `${tall / scale}px` : "";
      paper.style.transform = scale < 1 ? `scale(${scale})` : "";
      paper.parentElement.style.height = scale < 1 ? `${tall}px` : "";
    };
    paper.addEventListener("load", fit);
    addEventListener("resize", fit);
    if (paper.contentDocument?.readyState === "complete") fit();
  }

  // A decision that has a page of its own opens as a dialog over the page it is about.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-dialog]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !window.HTMLDialogElement) return;
    event.preventDefault();
    try {
      const answer = await fetch(link.href, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const part = answer.ok && !answer.redirected && page.querySelector("[data-dialog-part]");
      if (!part) throw new Error("no dialog");
      const dialog = document.createElement("dialog");
      dialog.append(...part.childNodes);
      for (const form of all("form", dialog)) form.action = form.getAttribute("action") || link.href;
      dialog.setAttribute("aria-label", dialog.querySelector("h2")?.textContent ?? link.textContent);
      dialog.addEventListener("close", () => {
        dialog.remove();
        link.focus();
      });
      dialog.addEventListener("click", (inside) => {
        if (!inside.target.closest("a[data-back]")) return;
        inside.preventDefault();
        dialog.close();
      });
      document.querySelector("main").append(dialog);
      dialog.showModal();
    } catch {
      location.href = link.href;
    }
  });
})();
