// When a field is shown: always, or where another field or something known has a value. form-js keeps the opposite,
// when it is hidden, as FEEL; what a person wrote there in another form is left to the expression's own entry.
import { useEffect, useState } from "preact/hooks";

import { readCondition, writeCondition } from "../bpmn/feel.js";
import { say } from "../words.js";
import { html } from "./html.js";

const OPPOSITE = { "=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">" };
const ORDERED = ["<", "<=", ">", ">="];

// The one term under which the field is shown; undefined where it always is, null where the builder cannot say it.
export function readShown(hide) {
  if (!hide) return undefined;
  const read = readCondition(hide);
  if (!read?.terms.length) return null;
  const [first, second, ...more] = read.terms;
  // A number that is not there yet is in no order to another: the field waits for it, hidden.
  const waits = read.join === "or" && !more.length && first.kind === "null" && first.path === second?.path && ORDERED.includes(second.op);
  if (second && !waits) return null;
  const term = waits ? second : first;
  if (term.kind === "boolean" && term.op === "=") return { ...term, value: term.value === "true" ? "false" : "true" };
  return { ...term, op: OPPOSITE[term.op] };
}

export function writeShown(term) {
  if (term.kind === "boolean" && term.op === "=") return writeCondition({ terms: [{ ...term, value: term.value === "true" ? "false" : "true" }], join: "and" });
  const hidden = { ...term, op: OPPOSITE[term.op] };
  const empty = { path: term.path, op: "=", value: "null", kind: "null" };
  return writeCondition({ terms: ORDERED.includes(hidden.op) ? [empty, hidden] : [hidden], join: "or" });
}

export const isWritten = (field, known) => known.written.has(field.id) || readShown(field.conditional?.hide) === null;

export const shown = (field, edit, known) => ({ id: "qh-shown", component: Shown, field, edit, known, isEdited: () => Boolean(field.conditional?.hide) });

function Shown({ field, edit, known }) {
  const [names, setNames] = useState([]);
  const [choosing, setChoosing] = useState(false);
  useEffect(() => {
    let wanted = true;
    setChoosing(false);
    known.at(field.id).then((found) => wanted && setNames(found));
    return () => (wanted = false);
  }, [field.id]);
  const term = readShown(field.conditional?.hide);
  const mode = isWritten(field, known) ? "raw" : term || choosing ? "when" : "always";
  const write = (hide) => edit(field, ["conditional"], hide ? { hide } : undefined);
  const turn = (next) => {
    setChoosing(next === "when");
    known.written[next === "raw" ? "add" : "delete"](field.id);
    write(next === "always" || term === null ? undefined : field.conditional?.hide); // the panel is drawn anew by it
  };
  const modes = [["always", say("总是显示")], ["when", say("符合条件才显示")], ["raw", say("写表达式")]];
  return html`
    <div class="bio-properties-panel-entry" data-entry-id="qh-shown">
      <label class="bio-properties-panel-label" for="qh-shown">${say("什么时候显示")}</label>
      ${select("qh-shown", undefined, mode, modes, turn)}
      ${mode === "when" && html`<${Term} term=${term ?? { path: "", op: "=", value: "", kind: "string" }} names=${names} onChange=${(next) => write(writeShown(next))} />`}
    </div>`;
}

function Term({ term, names, onChange }) {
  const name = names.find((one) => one.path === term.path);
  const kind = term.kind === "null" ? "string" : term.kind;
  const words = kind === "date" ? { "<": say("早于"), "<=": say("不晚于"), ">": say("晚于"), ">=": say("不早于") } : { "<": say("小于"), "<=": say("不超过"), ">": say("大于"), ">=": say("不少于") };
  const comparisons = [["=", say("是")], ["!=", say("不是")], ...(["number", "date"].includes(kind) ? Object.entries(words) : []), ["=null", say("没有填")], ["!=null", say("填了")]];
  const choose = (path) => {
    const chosen = names.find((one) => one.path === path);
    const type = ["number", "boolean", "date"].includes(chosen.type) ? chosen.type : "string";
    const first = type === "boolean" ? "true" : type === "number" ? "0" : type === "date" ? new Date().toISOString().slice(0, 10) : (chosen.values?.[0]?.value ?? "");
    onChange({ path, op: "=", value: first, kind: type });
  };
  const compare = (op) => {
    if (op.endsWith("null")) onChange({ path: term.path, op: op.slice(0, -4), value: "null", kind: "null" });
    else if (term.kind === "null") choose(term.path);
    else onChange({ ...term, op });
  };
  const value = (next) => onChange({ ...term, value: next });
  const fields = [...(name || !term.path ? [] : [[term.path, term.path]]), ...names.map(({ path, label }) => [path, label])];
  const yes = [["true", say("是")], ["false", say("不是")]];
  return html`
    <div class="qh-term">
      ${select(undefined, say("字段"), term.path, [...(term.path ? [] : [["", say("选一个字段…")]]), ...fields], choose)}
      ${term.path && select(undefined, say("怎么比"), term.kind === "null" ? `${term.op}null` : term.op, comparisons, compare)}
      ${term.path && term.kind !== "null" && (kind === "boolean" ? select(undefined, say("值"), term.value, yes, value)
        : name?.values?.length ? select(undefined, say("值"), term.value, name.values.map((one) => [one.value, one.label]), value)
        : html`<input class="bio-properties-panel-input" aria-label=${say("值")} type=${{ number: "number", date: "date" }[kind] ?? "text"} value=${term.value} onChange=${(event) => value(event.target.value)} />`)}
    </div>`;
}

const select = (id, label, value, options, onChange) => html`
  <select id=${id} class="bio-properties-panel-input" aria-label=${label} value=${value} onChange=${(event) => event.target.value && onChange(event.target.value)}>
    ${options.map(([one, words]) => html`<option key=${one} value=${one} selected=${one === value}>${words}</option>`)}
  </select>`;
