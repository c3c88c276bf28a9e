// Our kinds of fields for the form editor: how they look on its canvas, and what may be set. The palette holds the
// kinds that the server knows, and no more.
import { Description, Label, Radio, Textfield } from "@bpmn-io/form-js-viewer";
import { html } from "./html.js";

// What engine.forms reads (its KINDS); the editor's other components would be refused by the checker.
const STANDARD = ["textfield", "textarea", "number", "datetime", "checkbox", "checklist", "radio", "select", "text", "group", "separator", "spacer"];

const ENTRIES = ["key", "label", "description", "disabled", "readonly", "required"];
const SAMPLES = {
  region: "省 / 市 / 区县",
  id_number: "18 位身份证号",
  credit_code: "18 位统一社会信用代码",
  mobile: "11 位手机号",
  postcode: "6 位邮政编码",
  upload: "选择文件",
  entity: "输入几个字来找",
};

function plain(type) {
  return ({ field, domId }) => html`
    <div class="fjs-form-field qh-field">
      <${Label} htmlFor=${domId} label=${field.label} required=${field.validate?.required} />
      <input class="fjs-input" id=${domId} type="text" placeholder=${SAMPLES[type] ?? ""} readonly />
      <${Description} description=${field.description} />
    </div>`;
}

function answer({ field, domId }) {
  return html`
    <div class="fjs-form-field qh-field" id=${domId}>
      <${Label} label=${field.label} required />
      ${(field.values ?? []).map(
        (one) => html`<div class="qh-outcome" data-tone=${one.tone ?? ""}><b>${one.label}</b>${one.consequence ? html`<span>${one.consequence}</span>` : null}</div>`,
      )}
      <${Description} description=${field.description} />
    </div>`;
}

function fieldOf({ type, label, choices, new: fresh }, english) {
  const field = type === "answer" ? (props) => answer(props) : plain(type);
  const base = (choices ? Radio : Textfield).config;
  const name = english ? label.en : label.zh;
  field.config = {
    type,
    keyed: true,
    name,
    label: name,
    group: type === "answer" ? "selection" : "basic-input",
    icon: base.icon ?? undefined,
    iconUrl: undefined,
    emptyValue: null,
    sanitizeValue: ({ value }) => value,
    propertiesPanelEntries: choices ? [...ENTRIES, "values"] : ENTRIES,
    create: (options = {}) => ({ ...structuredClone(fresh), ...options }),
  };
  field.config.icon = icon(type);
  return field;
}

// A letter in a box: form-js draws icons for its own kinds only.
function icon(type) {
  const sign = { answer: "答", region: "省", id_number: "证", credit_code: "码", mobile: "手", postcode: "邮", upload: "传", entity: "选" }[type] ?? "?";
  return () => html`<svg width="54" height="54" viewBox="0 0 54 54" aria-hidden="true"><rect x="11" y="15" width="32" height="24" rx="3" fill="none" stroke="currentColor" stroke-width="1.5" /><text x="27" y="33" text-anchor="middle" font-size="15" fill="currentColor">${sign}</text></svg>`;
}

class Fields {
  constructor(formFields, config) {
    for (const type of Object.keys(formFields._formFields)) {
      if (!STANDARD.includes(type) && type !== "default") delete formFields._formFields[type];
    }
    for (const one of config.types) formFields.register(one.type, fieldOf(one, config.english));
  }
}
Fields.$inject = ["formFields", "config.studioFields"];

export default { __init__: ["studioFields"], studioFields: ["type", Fields] };
