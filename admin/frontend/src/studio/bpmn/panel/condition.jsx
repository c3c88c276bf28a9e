// The condition of a flow: field, comparison, value over what is known there; raw FEEL for the practised.
import { useState } from "@bpmn-io/properties-panel/preact/hooks";
import { useService } from "bpmn-js-properties-panel";

import { say } from "../../words.js";
import { readCondition, writeCondition } from "../feel.js";
import { Feel, grouped, Input, Row, Select } from "./parts.jsx";
import { objectOf, useKnown, useSet } from "./use.js";

const ORDER = ["=", "!=", "<", "<=", ">", ">="];
const words = () => ({ "=": say("是"), "!=": say("不是"), "<": say("小于"), "<=": say("不超过"), ">": say("大于"), ">=": say("不少于") });
const dateWords = () => ({ "=": say("是"), "!=": say("不是"), "<": say("早于"), "<=": say("不晚于"), ">": say("晚于"), ">=": say("不早于") });

// What can be compared with a value that one types. Moments, spans and the like can only be there or not.
const COMPARED = ["number", "string", "boolean", "date"];
const kindOf = ({ type } = {}) => (COMPARED.includes(type) ? type : !type || type === "Any" ? "string" : "other");

export function Condition({ value, onChange, element, id }) {
  const names = useKnown(element).filter(({ type }) => !/^(context|list)/.test(type));
  const read = readCondition(value);
  const [raw, setRaw] = useState(read === null);
  const [draft, setDraft] = useState(null); // a term that is not complete yet
  if (raw || read === null) {
    return (
      <div>
        <Feel element={element} id={id} value={value} onChange={onChange} label={say("条件")} />
        {read !== null && <button type="button" class="qh-link" onClick={() => setRaw(false)}>{say("按字段选")}</button>}
      </div>
    );
  }
  const terms = draft ? [...read.terms, draft] : read.terms;
  const write = (next, join = read.join) => onChange(writeCondition({ terms: next, join }));
  const change = (at, term) => {
    if (at === read.terms.length) {
      if (!term.path) return setDraft(term);
      setDraft(null);
    }
    write(terms.map((old, index) => (index === at ? term : old)).filter((one) => one.path));
  };
  return (
    <div>
      {terms.map((term, at) => (
        <>
          {at > 0 && <Select label={say("怎么连")} value={read.join} options={[{ value: "and", label: say("并且") }, { value: "or", label: say("或者") }]} onChange={(join) => write(read.terms, join)} />}
          <Term key={at} term={term} names={names} onChange={(next) => change(at, next)}
            onRemove={() => (at === read.terms.length ? setDraft(null) : write(read.terms.filter((_, index) => index !== at)))} />
        </>
      ))}
      <div class="qh-row">
        <button type="button" class="qh-button" onClick={() => setDraft({ path: "", op: "=", value: "", kind: "string" })}>{say("加一个条件")}</button>
        <button type="button" class="qh-link" onClick={() => setRaw(true)}>{say("写表达式")}</button>
      </div>
    </div>
  );
}

function Term({ term, names, onChange, onRemove }) {
  const name = names.find((one) => one.path === term.path);
  const kind = name ? kindOf(name) : term.kind;
  const empty = term.kind === "null";
  const say_ = kind === "date" ? dateWords() : words();
  const comparisons = kind === "other" ? [] : ["string", "boolean"].includes(kind) ? ["=", "!="] : ORDER;
  const options = [
    ...comparisons.map((op) => ({ value: op, label: say_[op] })),
    { value: "=null", label: say("没有填") },
    { value: "!=null", label: say("填了") },
  ];
  const choose = (path) => {
    const chosen = names.find((one) => one.path === path);
    const next = kindOf(chosen);
    if (next === "other") return onChange({ path, op: "!=", value: "null", kind: "null" });
    const first = next === "boolean" ? "true" : chosen?.values?.[0]?.value ?? (next === "number" ? "0" : "");
    onChange({ path, op: "=", value: first, kind: next });
  };
  const compare = (op) => {
    if (op.endsWith("null")) onChange({ ...term, op: op.replace("null", ""), value: "null", kind: "null" });
    else onChange({ ...term, op, ...(empty ? { value: kind === "boolean" ? "true" : kind === "number" ? "0" : "", kind } : {}) });
  };
  const value = (text) => onChange({ ...term, value: text, kind: kind === "null" ? "string" : kind });
  return (
    <div class="qh-term">
      <select class="bio-properties-panel-input" aria-label={say("字段")} value={term.path} onChange={(event) => choose(event.target.value)}>
        <option value="">{say("选一个字段…")}</option>
        {!name && term.path && <option value={term.path}>{term.path}</option>}
        {grouped(names).map(([group, some]) => (
          <optgroup key={group} label={group}>{some.map((one) => <option key={one.path} value={one.path}>{one.label}</option>)}</optgroup>
        ))}
      </select>
      {term.path && <Select label={say("怎么比")} value={empty ? `${term.op}null` : term.op} options={options} onChange={compare} />}
      {term.path && !empty && <Value kind={kind} name={name} value={term.value} onChange={value} />}
      <button type="button" class="qh-link" onClick={onRemove}>{say("去掉")}</button>
    </div>
  );
}

function Value({ kind, name, value, onChange }) {
  const label = say("值");
  if (kind === "boolean") return <Select label={label} value={value} options={[{ value: "true", label: say("是") }, { value: "false", label: say("否") }]} onChange={onChange} />;
  if (name?.values?.length) return <Select label={label} value={value} options={name.values.map((one) => ({ value: String(one.value), label: one.label }))} onChange={onChange} />;
  if (kind === "date") return <Input label={label} type="date" value={value} onChange={onChange} />;
  return <Input label={label} type={kind === "number" ? "number" : "text"} value={value} onChange={onChange} />;
}

// The group of a sequence flow that leaves a gateway.
export function conditionEntries() {
  return [{ id: "default-flow", component: DefaultFlow }, { id: "condition", component: FlowCondition }];
}

function DefaultFlow({ element }) {
  const modeling = useService("modeling");
  const source = objectOf(element.source);
  const isDefault = source.default === objectOf(element);
  const toggle = () => modeling.updateProperties(element.source, { default: isDefault ? undefined : objectOf(element) });
  return (
    <Row id="default-flow">
      <label class="qh-row"><input type="checkbox" checked={isDefault} onChange={toggle} /> {say("都不符合时走这条")}</label>
    </Row>
  );
}

function FlowCondition({ element }) {
  const flow = objectOf(element);
  const moddle = useService("moddle");
  const set = useSet(element);
  if (objectOf(element.source).default === flow) return <Row id="condition"><div class="qh-hint">{say("这条不用写条件。")}</div></Row>;
  const change = (text) => {
    if (!text) return set({ conditionExpression: undefined });
    const expression = moddle.create("bpmn:FormalExpression", { body: text });
    expression.$parent = flow;
    set({ conditionExpression: expression });
  };
  return (
    <Row id="condition" label={say("什么时候走这条")}>
      <Condition key={element.id} element={element} id="qh-condition" value={flow.conditionExpression?.body ?? ""} onChange={change} />
    </Row>
  );
}
