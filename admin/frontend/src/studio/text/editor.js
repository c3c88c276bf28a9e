// Notices, documents and scenarios: the text itself, fields to insert, and what comes out of it for a chosen case.
import { h, later } from "../dom.js";
import { loadStyle } from "../style.js";
import { say } from "../words.js";
import style from "./editor.css?address";

const PREVIEWED = { notices: "notice", document: "document" };

export async function open(stage, session, source) {
  await loadStyle(style);
  const what = PREVIEWED[session.data.role];
  const bar = h("div", { class: "studio-bar", role: "toolbar", "aria-label": say("工具") });
  const area = h("textarea", { class: "studio-text", spellcheck: false, readOnly: session.readonly, "aria-label": document.querySelector("h1")?.textContent ?? session.path });
  area.value = source;
  const frame = h("div", { class: `studio-text-frame${what ? " with-preview" : ""}` }, area);
  stage.classList.add("studio-frame");
  stage.append(bar, frame);
  const fit = () => {
    area.style.setProperty("--rows", String(Math.max(18, area.value.split("\n").length + 1)));
  };
  const preview = what ? new Preview(session, what, area) : null;
  if (preview) frame.append(preview.box);
  const soon = later(() => preview?.draw(), 900);
  area.addEventListener("input", () => {
    fit();
    session.touched();
    soon();
  });
  area.addEventListener("keydown", (event) => indent(event, area));
  fit();
  const more = session.readonly ? null : MORE[session.data.role];
  if (more) bar.append(h("button", { type: "button", class: "btn btn-sm btn-quiet", onclick: () => append(area, more.text(area.value)) }, more.label()));
  if (what && !session.readonly) bar.append(...(await inserting(session, area)));
  if (preview) bar.append(...(await preview.controls()));
  if (!bar.children.length) bar.append(h("span", { class: "muted small" }, say("按原来的格式改；下面会说哪里写错了。")));
  preview?.draw();
  const wanted = Number(new URLSearchParams(location.hash.slice(1)).get("line"));
  if (wanted) setTimeout(() => toLine(area, wanted)); // once the editor is in sight
  return {
    text: async () => area.value,
    load: async (text) => {
      area.value = text;
      fit();
      preview?.draw();
    },
    focus: ({ line }) => line && toLine(area, line),
  };
}

// Two spaces, as YAML wants; Escape first leaves the field by Tab as everywhere.
function indent(event, area) {
  if (event.key === "Escape") area.dataset.leave = "1";
  else if (event.key === "Tab" && !event.shiftKey && !area.dataset.leave) {
    event.preventDefault();
    area.setRangeText("  ", area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input"));
  } else if (event.key !== "Shift") delete area.dataset.leave;
}

function toLine(area, line) {
  const before = area.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  const end = area.value.indexOf("\n", before);
  area.focus();
  area.setSelectionRange(before, end < 0 ? area.value.length : end);
}

async function inserting(session, area) {
  const { fields, filters } = await session.api.fields().catch(() => ({ fields: [], filters: [] }));
  const insert = (text, inside = false) => {
    area.focus();
    if (inside) intoField(area);
    // execCommand alone keeps what the field can undo by itself.
    if (!document.execCommand("insertText", false, text)) area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input"));
  };
  const groups = new Map();
  for (const field of fields) groups.set(field.group, [...(groups.get(field.group) ?? []), field]);
  const menu = (first, content, inside) => {
    const select = h("select", { class: "input w-md", "aria-label": first }, h("option", { value: "" }, first), content);
    select.addEventListener("change", () => {
      if (select.value) insert(select.value, inside);
      select.value = "";
    });
    return select;
  };
  const option = (one) => h("option", { value: one.insert }, one.label);
  const parts = [];
  if (fields.length) {
    parts.push(menu(say("插入字段…"), [...groups].map(([label, some]) => (label ? h("optgroup", { label }, some.map(option)) : some.map(option))).flat()));
  }
  if (filters.length) parts.push(menu(say("写法…"), filters.map(option), true));
  return parts;
}

// One more of what the file holds, with all that it needs, at its end.
const MORE = {
  notices: {
    label: () => say("加一条通知"),
    text: (written) => {
      const known = ids(written);
      let at = known.length + 1;
      while (known.includes(`notice_${at}`)) at += 1;
      const to = /^\s+to:\s*(.+)$/m.exec(written)?.[1] ?? "[毕业生]";
      return `notice_${at}:\n  to: ${to}\n  channels: [inbox, mail]\n  subject: "标题"\n  body: |\n    正文\n`;
    },
  },
  scenarios: {
    label: () => say("加一个情景"),
    text: (written) => {
      const names = [...written.matchAll(/^\s*- name:/gm)].length;
      const start = /^    start:.*$/m.exec(written)?.[0] ?? "    start: {}";
      const first = /^scenarios:\s*(\[\s*\])?\s*$/m.test(written) ? "" : "scenarios:\n";
      return `${first}  - name: 情景 ${names + 1}\n${start}\n    steps:\n      - expect: {open: []}\n`;
    },
  },
};

function append(area, text) {
  const bare = area.value.replace(/^scenarios:\s*\[\s*\]\s*$/m, "scenarios:");
  if (bare !== area.value) area.value = bare;
  const end = area.value.length;
  area.focus();
  area.setSelectionRange(end, end);
  const written = `${area.value && !area.value.endsWith("\n") ? "\n" : ""}${text}`;
  if (!document.execCommand("insertText", false, written)) area.setRangeText(written, end, end, "end");
  area.setSelectionRange(end, end);
  area.dispatchEvent(new Event("input"));
}

// A way of writing goes inside the braces of the field at the caret, or of the one just before it.
function intoField(area) {
  const { value, selectionEnd: at } = area;
  const opened = value.lastIndexOf("{{", at);
  const closed = opened < 0 ? -1 : value.indexOf("}}", opened);
  if (closed < 0 || /\n/.test(value.slice(opened, at)) || value.slice(closed + 2, at).trim()) return;
  const end = value.slice(0, closed).trimEnd().length;
  area.setSelectionRange(end, end);
}

class Preview {
  constructor(session, what, area) {
    this.session = session;
    this.what = what;
    this.area = area;
    this.page = h("iframe", { title: say("预览"), sandbox: "allow-same-origin", class: "studio-text-page" });
    this.problem = h("p", { class: "muted small", role: "status" });
    this.box = h("section", { class: "studio-text-preview", "aria-label": say("预览") }, this.problem, this.page);
    this.query = { path: session.path };
  }

  async controls() {
    const { cases } = await this.session.api.cases().catch(() => ({ cases: [] }));
    const choose = (label, options, change) => h("select", { class: "input w-md", "aria-label": label, onchange: (event) => change(event.target.value) }, options.map(([value, words]) => h("option", { value }, words)));
    const set = (name) => (value) => {
      if (value) this.query[name] = value;
      else delete this.query[name];
      this.draw();
    };
    const parts = [h("span", { class: "push" })];
    if (cases.length) parts.push(choose(say("用哪一件来看"), [["", say("用最近的一件来看")], ...cases.map((one) => [String(one.id), one.label])], set("case")));
    if (this.what === "notice") {
      this.notices = choose(say("哪一条通知"), [["", say("全部通知")], ...ids(this.area.value).map((id) => [id, id])], set("notice"));
      parts.push(this.notices, choose(say("语言"), [["", "中文"], ["en", "English"]], set("lang")));
    } else {
      const pdf = h("button", { type: "button", class: "btn btn-sm", onclick: () => this.pdf() }, say("看 PDF"));
      parts.push(pdf);
    }
    return parts;
  }

  // The real paper, of what was saved.
  async pdf() {
    const tab = window.open("about:blank", "_blank");
    await this.session.save();
    tab.location = `${this.session.api.previews}/${this.what}?${new URLSearchParams({ ...this.query, as: "pdf" })}`;
  }

  // A sheet of paper is wider than the half of a window: it is shown whole, smaller.
  fit() {
    const { documentElement: sheet } = this.page.contentDocument;
    const part = this.page.clientWidth / sheet.scrollWidth;
    if (part < 1) sheet.style.zoom = String(part);
  }

  async draw() {
    const asked = (this.asked = (this.asked ?? 0) + 1);
    try {
      const html = await this.session.api.preview(this.what, this.query, this.area.value);
      if (asked !== this.asked) return;
      this.problem.textContent = "";
      this.page.onload = () => this.fit();
      this.page.srcdoc = html;
    } catch (error) {
      if (asked === this.asked) this.problem.textContent = error.message;
    }
  }
}

// The ids of the notices in a file, by the lines that begin at the margin.
const ids = (text) => [...text.matchAll(/^([A-Za-z_]\w*):/gm)].map((found) => found[1]);
