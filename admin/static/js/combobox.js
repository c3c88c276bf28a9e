// An input with rows of another table: <div class="combo" data-combo="/address"> holds a hidden id and a text.
// The address answers ?q= with [{id, text, note}]. Choosing fills both; typing empties the id, and what is then
// sent is looked up by the server, as it is without script.
(() => {
  let serial = 0;

  class Combo {
    constructor(box) {
      this.address = box.dataset.combo;
      this.id = box.querySelector('input[type="hidden"]');
      this.text = box.querySelector('input:not([type="hidden"])');
      this.list = document.createElement("ul");
      this.list.id = `combo-${++serial}`;
      this.list.hidden = true;
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", this.text.labels?.[0]?.textContent ?? "");
      box.append(this.list);
      const set = (name, value) => this.text.setAttribute(name, value);
      set("role", "combobox");
      set("aria-autocomplete", "list");
      set("aria-expanded", "false");
      set("aria-controls", this.list.id);
      this.text.addEventListener("input", () => {
        this.id.value = "";
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.ask(), 150);
      });
      this.text.addEventListener("keydown", (event) => this.key(event));
      this.text.addEventListener("blur", () => setTimeout(() => this.close(), 150));
      this.list.addEventListener("mousedown", (event) => {
        event.preventDefault();
        this.choose(event.target.closest('[role="option"]'));
      });
    }

    async ask() {
      const asked = this.text.value.trim();
      const separator = this.address.includes("?") ? "&" : "?";
      const answer = await fetch(`${this.address}${separator}q=${encodeURIComponent(asked)}`, {
        credentials: "same-origin",
        headers: { Accept: "application/json" },
      });
      if (answer.ok && asked === this.text.value.trim()) this.show(await answer.json());
    }

    show(rows) {
      this.list.replaceChildren(
        ...rows.map((row, index) => {
          const option = document.createElement("li");
          option.id = `${this.list.id}-${index}`;
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          option.dataset.id = row.id;
          option.dataset.text = row.text;
          option.textContent = row.text;
          if (row.note) {
            const note = document.createElement("span");
            note.className = "two";
            note.textContent = row.note;
            option.append(note);
          }
          return option;
        }),
      );
      this.at = -1;
      this.list.hidden = rows.length === 0;
      this.text.setAttribute("aria-expanded", String(rows.length > 0));
    }

    key(event) {
      const options = [...this.list.children];
      if (event.key === "ArrowDown" && this.list.hidden) this.ask();
      else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (!options.length) return;
        const step = event.key === "ArrowDown" ? 1 : -1;
        this.mark(options, (this.at + step + options.length) % options.length);
      } else if (event.key === "Enter" && !this.list.hidden && this.at >= 0) this.choose(options[this.at]);
      else if (event.key === "Escape" && !this.list.hidden) this.close();
      else return;
      event.preventDefault();
    }

    mark(options, at) {
      options[this.at]?.setAttribute("aria-selected", "false");
      this.at = at;
      options[at].setAttribute("aria-selected", "true");
      options[at].scrollIntoView({ block: "nearest" });
      this.text.setAttribute("aria-activedescendant", options[at].id);
    }

    choose(option) {
      if (!option) return;
      this.id.value = option.dataset.id;
      this.text.value = option.dataset.text;
      this.text.dispatchEvent(new Event("change", { bubbles: true }));
      this.close();
    }

    close() {
      this.list.hidden = true;
      this.text.setAttribute("aria-expanded", "false");
      this.text.removeAttribute("aria-activedescendant");
    }
  }

  for (const box of document.querySelectorAll("[data-combo]")) new Combo(box);
})();
