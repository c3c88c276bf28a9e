// Until when, or when: days, working days, a known date, so many days before or after one, or an expression.
import { useEffect, useState } from "@bpmn-io/properties-panel/preact/hooks";
import { useService } from "bpmn-js-properties-panel";

import { say } from "../../words.js";
import { readMoment, timerOf, writeMoment } from "../feel.js";
import { Feel, Input, Row, Select } from "./parts.jsx";
import { objectOf, useKnown, useSet, useStudio, valueOf } from "./use.js";

const isDate = (name) => name.type === "date";
const isInstant = (name) => ["date and time", "Any"].includes(name.type);
const isDay = (name) => ["date", "date and time", "Any"].includes(name.type);

// A deadline that is a day means its end; a timer that is a day would fire at its beginning, so a timer says the hour.
export function Moment({ element, id, value, onChange, kinds, timer = false }) {
  const { known } = useStudio();
  const moment = readMoment(value);
  const fits = { near: isDate, field: timer ? isInstant : isDay };
  const names = useKnown(element).filter(fits[moment.kind] ?? isDay);
  const labels = {
    none: say("没有期限"),
    days: say("过几天"),
    hours: say("过几小时"),
    workdays: say("过几个工作日"),
    on: say("到某天几点"),
    field: say("到某个已知的时间"),
    near: say("某个日期的前几天或后几天"),
    raw: say("写表达式"),
  };
  const [problem, setProblem] = useState("");
  useEffect(() => setProblem(""), [element.id, value]);
  const write = (next) => {
    const wrong = mistake(next);
    setProblem(wrong);
    if (!wrong) onChange(writeMoment(next), next);
  };
  const change = async (kind) => {
    const found = ["field", "near"].includes(kind) ? await known.at(element.id) : [];
    const first = found.find(fits[kind] ?? isDay)?.path ?? "";
    const base = { none: {}, days: { n: "3" }, hours: { n: "24" }, workdays: { n: "3", ...(timer ? { at: "17:00" } : {}) }, on: { date: new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10), at: "18:00" }, field: { path: first }, near: { path: first, side: "before", n: "1", at: "09:00" }, raw: { text: value || "=" } };
    write({ kind, ...base[kind] });
  };
  const dates = names.map((name) => ({ value: name.path, label: `${name.label}` }));
  return (
    <div>
      <Select id={id} value={moment.kind} label={say("怎么算")} options={kinds.map((kind) => ({ value: kind, label: labels[kind] }))} onChange={change} />
      {["days", "hours", "workdays"].includes(moment.kind) && (
        <div class="qh-row"><Input type="number" min="1" label={say("多少")} value={moment.n} onChange={(n) => write({ ...moment, n })} /> {{ days: say("天"), hours: say("小时"), workdays: say("个工作日") }[moment.kind]}
          {moment.at && <Input type="time" label={say("几点")} value={moment.at} onChange={(at) => write({ ...moment, at })} />}
        </div>
      )}
      {moment.kind === "on" && (
        <div class="qh-row">
          <Input type="date" label={say("哪天")} value={moment.date} onChange={(date) => write({ ...moment, date })} />
          <Input type="time" label={say("几点")} value={moment.at} onChange={(at) => write({ ...moment, at })} />
        </div>
      )}
      {["field", "near"].includes(moment.kind) && (
        <Select label={say("哪个时间")} value={moment.path} options={dates} onChange={(path) => write({ ...moment, path })} />
      )}
      {moment.kind === "near" && (
        <div class="qh-row">
          <Select label={say("前还是后")} value={moment.side} options={[{ value: "before", label: say("之前") }, { value: "after", label: say("之后") }]} onChange={(side) => write({ ...moment, side })} />
          <Input type="number" min="0" label={say("几天")} value={moment.n} onChange={(n) => write({ ...moment, n })} /> {say("天的")}
          <Input type="time" label={say("几点")} value={moment.at} onChange={(at) => write({ ...moment, at })} />
        </div>
      )}
      {problem && <div class="qh-problem" role="alert">{problem}</div>}
      {moment.kind === "raw" && <Feel element={element} value={value} label={say("表达式")} onChange={(text) => onChange(text, { kind: "raw", text })} />}
    </div>
  );
}

// What is no whole number, day or hour is told, and not written.
function mistake({ kind, n, date, at }) {
  if (["days", "hours", "workdays", "near"].includes(kind) && !/^\d+$/.test(n ?? "")) return say("写整数，例如 3。半天写成小时。");
  if (["days", "hours", "workdays"].includes(kind) && Number(n) < 1) return say("至少是 1。");
  if (kind === "on" && !/^\d{4}-\d\d-\d\d$/.test(date ?? "")) return say("选一个日期。");
  if (["on", "near"].includes(kind) && !/^\d\d:\d\d$/.test(at ?? "")) return say("选一个钟点。");
  return "";
}

export const dueEntries = () => [{ id: "due", component: Due, isEdited: () => false }];
function Due({ element }) {
  const set = useSet(element);
  return (
    <Row id="due" label={say("最晚什么时候办完")} description={say("到期只标红，不自动办。到期要提醒或做别的，在这一步边上加“到时候”。")}>
      <Moment element={element} id="qh-due" value={valueOf(objectOf(element), "qh:due")} kinds={["none", "days", "hours", "workdays", "on", "field", "near", "raw"]} onChange={(text) => set({ "qh:due": text })} />
    </Row>
  );
}

export const timerEntries = (element) => [
  ...(objectOf(element).$instanceOf("bpmn:BoundaryEvent") ? [{ id: "interrupting", component: Interrupting }] : []),
  { id: "timer", component: Timer },
];

// The step it is attached to: goes on, or ends.
export function Interrupting({ element }) {
  const modeling = useService("modeling");
  const event = objectOf(element);
  const host = element.host?.businessObject?.name ?? "";
  return (
    <Row id="interrupting" label={say("那时“{step}”这一步", { step: host })}>
      <Select id="qh-interrupting" value={event.cancelActivity === false ? "on" : "off"} options={[{ value: "on", label: say("继续等着办（例如提醒）") }, { value: "off", label: say("不再办，改走这里") }]}
        onChange={(value) => modeling.updateProperties(element, { cancelActivity: value === "off" })} />
    </Row>
  );
}

function Timer({ element }) {
  const moddle = useService("moddle");
  const definition = objectOf(element).eventDefinitions[0];
  const set = useSet(element, definition);
  const kinds = ["timeDuration", "timeDate", "timeCycle"];
  const value = kinds.map((kind) => definition.get(kind)?.body).find(Boolean) ?? "";
  const change = (text, moment) => {
    const expression = moddle.create("bpmn:FormalExpression", { body: text });
    expression.$parent = definition;
    const wanted = timerOf(moment);
    set(Object.fromEntries(kinds.map((kind) => [kind, kind === wanted && text ? expression : undefined])));
  };
  return (
    <Row id="timer" label={say("什么时候")}>
      <Moment element={element} id="qh-timer" value={value} timer
        kinds={["none", "days", "hours", "workdays", "on", "field", "near", "raw"].filter((kind) => kind !== "none" || !value)} onChange={change} />
    </Row>
  );
}
