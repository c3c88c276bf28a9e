// Groups of the form editor's panel that form-js does not have: what an answer leads to, files, lists, examples;
// and what it has but the server does not read is left out.
import { say } from "../words.js";
import { area, check, choose, lines, press, text } from "./entries.js";
import { isWritten, shown } from "./shown.js";

// What form-js offers and engine.forms does not read.
const LEAVE_OUT = new Set(["versionTag", "disabled", "readonly", "path", "serialize-to-string", "searchable", "repeatable", "default-rows"]);
const LEAVE_GROUPS = new Set(["serialization", "securityAttributes", "custom-values"]);

const MOST_OWN = 200; // of a longer list the server sends no more

const OPEN = new Set(["general", "validation", "condition", "staticOptions"]);

export class Panel {
  constructor(propertiesPanel, config) {
    this.options = config.options;
    this.known = config.known;
    propertiesPanel.registerProvider(this, 500);
  }

  getGroups = (field, edit) => (groups) => {
    const kept = groups
      .filter(({ id }) => !LEAVE_GROUPS.has(id))
      .map((group) => (group.entries ? { ...group, entries: group.entries.filter(({ id }) => !LEAVE_OUT.has(id)) } : group))
      .filter((group) => group.items || group.entries?.length)
      .map((group) => ({ ...group, shouldOpen: OPEN.has(group.id) || group.shouldOpen }));
    if (!field || field.type === "default") return kept;
    const condition = kept.find(({ id }) => id === "condition");
    if (condition) condition.entries = [shown(field, edit, this.known), ...(isWritten(field, this.known) ? condition.entries : [])];
    const ours = [this.kind(field, edit), ...this.outcomes(field, edit), this.help(field, edit)].filter((group) => group?.entries.length);
    const at = kept.findIndex(({ id }) => id === "general") + 1;
    return [...kept.slice(0, at), ...ours, ...kept.slice(at)];
  };

  group = (id, label, entries) => ({ id, label, entries, shouldOpen: true });

  // Settings of our own kinds (types of files, which list) and the code list of a choice.
  kind(field, edit) {
    const type = this.options.field_types.find((one) => one.type === field.type);
    const english = document.querySelector("[data-studio]").dataset.locale === "en";
    const entries = (type?.properties ?? []).map((one) => {
      const label = english ? one.label.en : one.label.zh;
      if (one.kind === "model") return choose(field, edit, ["properties", one.name], label, this.options.models.map((model) => ({ value: model.name, label: model.label })));
      return text(field, edit, ["properties", one.name], label);
    });
    if (["select", "radio", "checklist"].includes(field.type)) {
      const lists = this.options.code_lists.map((one) => ({ value: one.name, label: `${one.options.slice(0, 3).map(({ label }) => label || "—").join("、")}${one.options.length > 3 ? "…" : ""}（${one.name}）` }));
      entries.push(choose(field, edit, ["properties", "codes"], say("选项来自代码表"), [{ value: "", label: say("不用，自己写选项") }, ...lists]));
      const list = this.options.code_lists.find((one) => one.name === field.properties?.codes);
      if (list && list.options.length < MOST_OWN) entries.push(press(field, edit, ["properties", "own"], say("抄成自己的选项，再改"), () => own(field, edit, list)));
    }
    if (type && type.type !== "answer") entries.push(check(field, edit, ["validate", "required"], say("必填")));
    return this.group("kind", say("这种字段"), entries);
  }

  outcomes(field, edit) {
    if (field.type !== "answer") return [];
    return (field.values ?? []).map((one, at) =>
      this.group(`outcome-${at}`, say("选“{label}”时", { label: one.label }), [
        area(field, edit, ["values", at, "consequence"], say("结果写在选项下面")),
        check(field, edit, ["values", at, "tone"], say("是拒绝或不通过"), { on: "neg", off: undefined }),
        text(field, edit, ["values", at, "confirm", "title"], say("再确认一次：标题（不写就不再确认）")),
        text(field, edit, ["values", at, "confirm", "button"], say("再确认一次：按钮")),
        area(field, edit, ["values", at, "confirm", "text"], say("再确认一次：说明")),
      ]),
    );
  }

  help(field, edit) {
    if (["text", "separator", "spacer", "group"].includes(field.type)) return null;
    const entries = [text(field, edit, ["properties", "example"], say("例子（试办时用）"))];
    if (field.type === "textarea") entries.push(text(field, edit, ["properties", "rows"], say("几行高")), lines(field, edit, ["properties", "reasons"], say("常用的话，一行一条（点一下就填上）")));
    if (field.type === "textfield") entries.push(text(field, edit, ["properties", "pattern_hint"], say("不合写法时怎么说")));
    return this.group("help", say("例子和提示"), entries);
  }
}
// The choices of a code list become the field's own, so that one may be added, renamed or taken out.
function own(field, edit, list) {
  const { codes: _list, ...rest } = field.properties;
  edit(field, { values: list.options.map(({ value, label }) => ({ value, label })), properties: rest });
}

Panel.$inject = ["propertiesPanel", "config.studioPanel"];

export default { __init__: ["studioPanel"], studioPanel: ["type", Panel] };
