// The form's editor: form-js with our fields, and below it the form as the server draws it, for a desk and a phone.
import { FormEditor } from "@bpmn-io/form-js-editor";

import { h, later } from "../dom.js";
import { loadStyle } from "../style.js";
import { say } from "../words.js";
import style from "./editor.css?address";
import fields from "./fields.js";
import { Known } from "./known.js";
import panel from "./panel.js";
import { tidy } from "./tidy.js";

export async function open(stage, session, source) {
  const [options] = await Promise.all([session.options, loadStyle(style)]);
  const bar = h("div", { class: "studio-bar", role: "toolbar", "aria-label": say("工具") });
  const frame = h("div", { class: "studio-form" });
  stage.classList.add("studio-frame");
  stage.append(bar, frame);
  frame.inert = session.readonly;
  const english = session.data.locale === "en";
  const known = new Known(session, () => editor.saveSchema().components);
  const editor = new FormEditor({
    container: frame,
    additionalModules: [fields, panel],
    studioFields: { types: options.field_types, english },
    studioPanel: { options, known },
  });
  let before;
  let ending;
  const write = () => JSON.stringify(tidy(editor.saveSchema(), before), null, 2) + ending;
  const load = async (text) => {
    before = JSON.parse(text);
    ending = text.endsWith("\n") ? "\n" : "";
    await editor.importSchema(structuredClone(before));
  };
  await load(source);

  const preview = new Preview(session, write);
  const soon = later(() => preview.draw(), 900);
  editor.on("changed", () => {
    session.touched();
    soon();
  });
  tools(bar, editor);
  stage.after(preview.box);
  preview.draw();
  window.qihang = Object.assign(window.qihang ?? {}, { formEditor: editor });
  const find = (element) => editor.get("formFieldRegistry").getAll().find((field) => [field.id, field.key].includes(element));
  const go = ({ element }) => {
    const field = element && find(element);
    if (!field) return;
    editor.get("selection").set(field);
    frame.querySelector(`[data-id="${CSS.escape(field.id)}"]`)?.scrollIntoView({ block: "center" });
  };
  go({ element: new URLSearchParams(location.hash.slice(1)).get("element") });
  return {
    text: async () => write(),
    load,
    focus: go,
    show: (findings) => {
      for (const one of frame.querySelectorAll("[data-finding]")) delete one.dataset.finding;
      for (const { element, severity, sentence } of findings) {
        const shape = frame.querySelector(`[data-id="${CSS.escape(find(element)?.id ?? "")}"]`);
        if (shape) Object.assign(shape.dataset, { finding: severity, sentence });
      }
    },
  };
}

function tools(bar, editor) {
  const stack = editor.get("commandStack");
  const button = (words, act, title) => h("button", { type: "button", class: "btn btn-sm btn-quiet", onclick: act, title }, words);
  const undo = button(say("撤销"), () => stack.undo(), "Ctrl+Z");
  const redo = button(say("重做"), () => stack.redo(), "Ctrl+Y");
  const able = () => {
    undo.disabled = !stack.canUndo();
    redo.disabled = !stack.canRedo();
  };
  editor.on("commandStack.changed", able);
  bar.append(undo, redo, h("span", { class: "push muted small" }, say("从左边拖字段；点字段，在右边改。")));
  able();
}

class Preview {
  constructor(session, write) {
    this.session = session;
    this.write = write;
    this.desk = h("iframe", { title: say("桌面上的样子"), class: "studio-preview-frame", "data-width": "desk" });
    this.phone = h("iframe", { title: say("手机上的样子"), class: "studio-preview-frame", "data-width": "phone" });
    this.problem = h("p", { class: "muted", role: "status" });
    this.box = h(
      "section",
      { class: "panel studio-preview" },
      h("header", {}, h("h2", {}, say("填的人看到的样子"))),
      h("div", { class: "body" }, this.problem, h("div", { class: "studio-preview-both" }, this.desk, this.phone)),
    );
  }

  async draw() {
    const asked = (this.asked = (this.asked ?? 0) + 1);
    try {
      const page = await this.session.api.preview("form", { path: this.session.path }, this.write());
      if (asked !== this.asked) return;
      this.problem.textContent = "";
      this.desk.srcdoc = this.phone.srcdoc = page;
    } catch (error) {
      if (asked === this.asked) this.problem.textContent = error.message;
    }
  }
}
