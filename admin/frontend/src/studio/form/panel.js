// Groups of the form editor's panel that form-js does not have: what an answer leads to, files, lists, examples;
// and what it has but the server does not read is left out.
import { say } from "../words.js";
import { area, check, choose, text } from "./entries.js";
import { isWritten, shown } from "./shown.js";

// What form-js offers and engine.forms does not read.
const LEAVE_OUT = new Set(["versionTag", "disabled", "readonly", "path", "serialize-to-string", "searchable", "repeatable", "default-rows"]);
const LEAVE_GROUPS = new Set(["serialization", "securityAttributes", "custom-values"]);

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
      const lists = this.options.code_lists.map((one) => ({ value: one.name, label: `${one.name}（${one.options.slice(0, 3).map(({ label }) => label).join("、")}…）` }));
      entries.push(choose(field, edit, ["properties", "codes"], say("选项来自代码表"), [{ value: "", label: say("不用，自己写选项") }, ...lists]));
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
    if (field.type === "textarea") entries.push(text(field, edit, ["properties", "rows"], say("几行高")));
    return this.group("help", say("例子"), entries);
  }
}
Panel.$inject = ["propertiesPanel", "config.studioPanel"];

export default { __init__: ["studioPanel"], studioPanel: ["type", Panel] };
