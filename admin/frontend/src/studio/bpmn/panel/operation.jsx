// Which operation of the program a service task calls, with its typed parameters; which decision table a rule asks.
import { useState } from "@bpmn-io/properties-panel/preact/hooks";
import { useService } from "bpmn-js-properties-panel";

import { say } from "../../words.js";
import { quote } from "../feel.js";
import { Feel, grouped, Input, Row, Select } from "./parts.jsx";
import { objectOf, useKnown, useStudio } from "./use.js";

const extension = (object, type) => object.extensionElements?.values?.find((one) => one.$instanceOf?.(type));

function useExtension(element, type) {
  const moddle = useService("moddle");
  const modeling = useService("modeling");
  const object = objectOf(element);
  const found = extension(object, type);
  const replace = (next) => {
    const others = (object.extensionElements?.values ?? []).filter((one) => one !== found);
    const extensions = moddle.create("bpmn:ExtensionElements", { values: next ? [...others, next] : others });
    extensions.$parent = object;
    for (const one of extensions.values) one.$parent = extensions;
    modeling.updateProperties(element, { extensionElements: extensions.values.length ? extensions : undefined });
  };
  return [found, replace, moddle];
}

export const operationEntries = () => [{ id: "operation", component: OperationEntry }];

function OperationEntry({ element }) {
  const { options } = useStudio();
  const [found, replace, moddle] = useExtension(element, "spiffworkflow:ServiceTaskOperator");
  const names = useKnown(element);
  const operation = options.operations.find((one) => one.id === found?.id);
  const values = new Map((found?.parameterList?.parameters ?? []).map((one) => [one.id, one.value]));
  const write = (id, given, result = found?.resultVariable) => {
    if (!id) return replace(null);
    const wanted = options.operations.find((one) => one.id === id);
    const parameters = (wanted?.parameters ?? [...given.keys()].map((name) => ({ name, type: "string" })))
      .filter(({ name }) => (given.get(name) ?? "") !== "")
      .map(({ name, type }) => moddle.create("spiffworkflow:Parameter", { id: name, type: typeWord(type), value: given.get(name) }));
    const list = parameters.length ? moddle.create("spiffworkflow:Parameters", { parameters }) : undefined;
    for (const one of parameters) one.$parent = list;
    const operator = moddle.create("spiffworkflow:ServiceTaskOperator", { id, resultVariable: result || undefined, parameterList: list });
    if (list) list.$parent = operator;
    replace(operator);
  };
  // A parameter is first looked for by its own name among what is known.
  const choose = (id) => {
    const wanted = options.operations.find((one) => one.id === id);
    const given = new Map((wanted?.parameters ?? []).filter(({ name }) => names.some((one) => one.path === name)).map(({ name }) => [name, name]));
    write(id, given);
  };
  const areas = new Map();
  for (const one of options.operations) areas.set(one.area ?? "", [...(areas.get(one.area ?? "") ?? []), one]);
  return (
    <>
      <Row id="operation" label={say("做什么")}>
        <select id="qh-operation" class="bio-properties-panel-input" value={found?.id ?? ""} onChange={(event) => choose(event.target.value)}>
          <option value="">{say("还没有选")}</option>
          {found?.id && !operation && <option value={found.id}>{found.id}</option>}
          {[...areas].map(([area, some]) => (
            <optgroup key={area} label={area}>{some.map((one) => <option key={one.id} value={one.id}>{one.label}</option>)}</optgroup>
          ))}
        </select>
      </Row>
      {operation?.parameters.map((parameter) => (
        <Parameter key={`${element.id}-${operation.id}-${parameter.name}`} element={element} parameter={parameter} names={names} value={values.get(parameter.name) ?? ""}
          onChange={(text) => write(found.id, new Map(values).set(parameter.name, text))} />
      ))}
      {operation?.results?.length > 0 && (
        <Row id="result" label={say("结果记为")} description={operation.results.map(({ name }) => name).join("、")}>
          <Input id="qh-result" value={found.resultVariable ?? ""} onChange={(text) => write(found.id, values, text)} />
        </Row>
      )}
    </>
  );
}

const typeWord = (type) => ({ int: "number", Decimal: "number", float: "number", bool: "boolean", str: "string" }[type] ?? type ?? "string");

// From what is known, a fixed value of the parameter's type, or an expression.
function Parameter({ element, parameter, names, value, onChange }) {
  const type = typeWord(parameter.type);
  const known = names.some((one) => one.path === value) || (names.asked && /^[\w.]+$/.test(value) && !/^(true|false|null|[\d.]+)$/.test(value));
  const fixed = /^("(?:[^"\\]|\\.)*"|date\("[\d-]*"\)|-?\d+(\.\d+)?|true|false|null)$/.test(value);
  const [mode, setMode] = useState(null);
  const shown = mode ?? (value === "" ? "none" : known ? "known" : fixed ? "fixed" : "raw");
  const id = `parameter-${parameter.name}`;
  const source = shown === "known" ? `known:${value}` : shown;
  const pick = (picked) => {
    if (picked.startsWith("known:")) {
      setMode(null);
      return onChange(picked.slice(6));
    }
    setMode(picked === "none" ? null : picked);
    if (picked === "none") onChange("");
    if (picked === "fixed") onChange({ number: "0", boolean: "false", date: `date("${new Date().toISOString().slice(0, 10)}")` }[type] ?? '""');
  };
  const label = `${parameter.label}${parameter.required ? "" : say("（可不填）")}`;
  const day = /^date\("([\d-]*)"\)$/.exec(value);
  const text = type === "date" && day ? day[1] : type === "string" && value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, "$1") : value;
  return (
    <Row id={id} label={label} description={parameter.type_words}>
      <select id={`qh-${id}`} class="bio-properties-panel-input" value={source} onChange={(event) => pick(event.target.value)}>
        <option value="none">{parameter.required ? say("还没有选") : say("不给")}</option>
        {grouped(names).map(([group, some]) => (
          <optgroup key={group} label={group}>{some.map((one) => <option key={one.path} value={`known:${one.path}`}>{one.label}</option>)}</optgroup>
        ))}
        {names.asked && known && <option value={source}>{value}</option>}
        <option value="fixed">{say("固定的值…")}</option>
        <option value="raw">{say("写表达式…")}</option>
      </select>
      {shown === "fixed" && (type === "boolean"
        ? <Select label={label} value={value} options={[{ value: "true", label: say("是") }, { value: "false", label: say("否") }]} onChange={onChange} />
        : <Input label={label} type={{ number: "number", date: "date" }[type] ?? "text"} value={text} onChange={(typed) => onChange(type === "string" ? quote(typed) : type === "date" && typed ? `date(${quote(typed)})` : typed)} />)}
      {shown === "raw" && <Feel element={element} names={names} label={label} value={value} onChange={onChange} />}
    </Row>
  );
}

export const decisionEntries = () => [{ id: "decision", component: DecisionEntry }];

function DecisionEntry({ element }) {
  const { options } = useStudio();
  const [found, replace, moddle] = useExtension(element, "spiffworkflow:CalledDecisionId");
  const value = found?.calledDecisionId?.trim() ?? "";
  const chosen = options.decisions.find((one) => one.key === value);
  const modeling = useService("modeling");
  const choose = (key) => {
    replace(key ? moddle.create("spiffworkflow:CalledDecisionId", { calledDecisionId: key }) : null);
    const outputs = options.decisions.find((one) => one.key === key)?.outputs ?? [];
    // A single value is kept under the table's own word; several keep theirs.
    if (outputs.length === 1 && !objectOf(element).get("qh:result")) modeling.updateProperties(element, { "qh:result": outputs[0] });
  };
  return (
    <Row id="decision" label={say("查哪张决策表")}>
      <Select id="qh-decision" value={value} options={[{ value: "", label: say("还没有选") }, ...options.decisions.map((one) => ({ value: one.key, label: one.label }))]} onChange={choose} />
      {chosen && (
        <>
          <div class="qh-hint">{say("看：{inputs}；得出：{outputs}", { inputs: chosen.inputs.join("、"), outputs: chosen.outputs.join("、") })}</div>
          {chosen.url && <a class="qh-link" href={chosen.url}>{say("打开这张表")}</a>}
        </>
      )}
    </Row>
  );
}
