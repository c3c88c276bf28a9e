// Name, id, note; what a whole process is about; several copies of a step; messages between cases; errors.
import { useService } from "bpmn-js-properties-panel";

import { say } from "../../words.js";
import { feelEntry, flagEntry, Input, Row, Select, textEntry } from "./parts.jsx";
import { objectOf, processOf, useSet, useStudio, valueOf } from "./use.js";

const ID = /^[a-z_][\w]*$/i;

export const nameEntry = (label) => textEntry("name", label ?? say("名称"));
export const idEntry = () => ({ id: "id", component: Id });
function Id({ element }) {
  const modeling = useService("modeling");
  const registry = useService("elementRegistry");
  const object = processOf(element);
  const change = (text) => {
    if (!ID.test(text) || (registry.get(text) && registry.get(text) !== element)) return;
    if (object === objectOf(element)) modeling.updateProperties(element, { id: text });
    else modeling.updateModdleProperties(element, object, { id: text });
  };
  return (
    <Row id="id" label={say("编号")} description={say("程序用的名字，只用英文字母、数字和下划线；在办的办理件靠它认位置。")}>
      <Input id="qh-id" value={object.id} onChange={change} />
    </Row>
  );
}

export const noteEntry = () => ({ id: "documentation", component: Note });
function Note({ element }) {
  const moddle = useService("moddle");
  const set = useSet(element);
  const value = objectOf(element).documentation?.[0]?.text ?? "";
  const change = (text) => set({ documentation: text ? [moddle.create("bpmn:Documentation", { text })] : undefined });
  return <Row id="documentation" label={say("写给同事看的话")}><Input id="qh-documentation" value={value} onChange={change} /></Row>;
}

export const processEntries = () => [
  { id: "process-name", component: ProcessName },
  { id: "subject", component: Subject },
  flagEntry("qh:second_person", say("发布要第二个人同意"), { object: processOf }),
];
function ProcessName({ element }) {
  const set = useSet(element, processOf(element));
  return <Row id="process-name" label={say("流程名称")}><Input id="qh-process-name" value={valueOf(processOf(element), "name")} onChange={(name) => set({ name })} /></Row>;
}
function Subject({ element }) {
  const { options } = useStudio();
  const object = processOf(element);
  const set = useSet(element, object);
  const choices = [{ value: "", label: say("没有，只有答案") }, ...options.models.map((model) => ({ value: model.name, label: model.label }))];
  return (
    <Row id="subject" label={say("办的是什么")} description={say("办理对象：一份邀约、一份协议。")}>
      <Select id="qh-subject" value={valueOf(object, "qh:subject")} options={choices} onChange={(name) => set({ "qh:subject": name })} />
    </Row>
  );
}

export const offeredEntry = () => ({ id: "on", component: Offered });
function Offered({ element }) {
  const { options } = useStudio();
  const set = useSet(element);
  const choices = [{ value: "", label: say("自己的首页") }, ...options.models.map((model) => ({ value: model.name, label: model.label }))];
  return <Row id="on" label={say("按钮出现在哪里")}><Select id="qh-on" value={valueOf(objectOf(element), "qh:on")} options={choices} onChange={(name) => set({ "qh:on": name })} /></Row>;
}

const loopOf = (element) => objectOf(element).loopCharacteristics;
const isSeveral = (element) => Boolean(loopOf(element)?.$instanceOf("bpmn:MultiInstanceLoopCharacteristics"));

export const severalEntries = (element) => [
  { id: "several", component: Several },
  ...(isSeveral(element)
    ? [
        { id: "cardinality", component: Expression, name: "loopCardinality", label: say("办几份"), hint: say("写数字，或者下面写从哪个名单来。") },
        feelEntry("qh:collection", say("名单里每一个办一份"), { object: loopOf }),
        textEntry("qh:element", say("每一个叫什么"), { object: loopOf }),
        textEntry("qh:results", say("各份的答案记为"), { object: loopOf }),
        { id: "completion", component: Expression, name: "completionCondition", label: say("什么时候就够了"), hint: say("不写就是全部办完。") },
      ]
    : []),
];
function Several({ element }) {
  const modeling = useService("modeling");
  const moddle = useService("moddle");
  const loop = loopOf(element);
  const value = !loop ? "one" : loop.isSequential ? "sequential" : "parallel";
  const change = (next) => {
    if (next === "one") return modeling.updateProperties(element, { loopCharacteristics: undefined });
    if (isSeveral(element)) return modeling.updateModdleProperties(element, loop, { isSequential: next === "sequential" });
    const made = moddle.create("bpmn:MultiInstanceLoopCharacteristics", { isSequential: next === "sequential" });
    made.$parent = objectOf(element);
    made.loopCardinality = moddle.create("bpmn:FormalExpression", { body: "2" });
    made.loopCardinality.$parent = made;
    return modeling.updateProperties(element, { loopCharacteristics: made });
  };
  const choices = [{ value: "one", label: say("一份") }, { value: "parallel", label: say("几份，同时办") }, { value: "sequential", label: say("几份，一份接一份") }];
  return <Row id="several" label={say("这一步办几份")}><Select id="qh-several" value={value} options={choices} onChange={change} /></Row>;
}
function Expression({ element, id, name, label, hint }) {
  const moddle = useService("moddle");
  const loop = loopOf(element);
  const set = useSet(element, loop);
  const change = (text) => {
    const expression = moddle.create("bpmn:FormalExpression", { body: text });
    expression.$parent = loop;
    set({ [name]: text ? expression : undefined });
  };
  return <Row id={id} label={label} description={hint}><Input id={`qh-${id}`} value={loop.get(name)?.body ?? ""} onChange={change} /></Row>;
}

export const calledEntries = () => [{ id: "called", component: Called }, textEntry("qh:in", say("带进去的名字")), textEntry("qh:out", say("带出来的名字"))];
function Called({ element }) {
  const { options } = useStudio();
  const set = useSet(element);
  const choices = [{ value: "", label: say("还没有选") }, ...options.processes.map((one) => ({ value: one.id, label: one.name }))];
  return <Row id="called" label={say("哪个流程")}><Select id="qh-called" value={valueOf(objectOf(element), "calledElement")} options={choices} onChange={(calledElement) => set({ calledElement })} /></Row>;
}

// The root element that an event refers to: a message by name, an error by code.
export const referenceEntry = (kind, label, description) => ({ id: `${kind}-name`, component: Reference, kind, label, description });
function Reference({ element, id, kind, label, description }) {
  const moddle = useService("moddle");
  const modeling = useService("modeling");
  const definition = objectOf(element).eventDefinitions[0];
  const [reference, type, naming] = kind === "message" ? ["messageRef", "bpmn:Message", "name"] : ["errorRef", "bpmn:Error", "errorCode"];
  const change = (text) => {
    if (!text) return modeling.updateModdleProperties(element, definition, { [reference]: undefined });
    const root = rootOf(objectOf(element));
    let found = root.rootElements.find((one) => one.$type === type && one.get(naming) === text);
    if (!found) {
      found = moddle.create(type, { id: moddle.ids.nextPrefixed(`${kind}_`), name: text, [naming]: text });
      found.$parent = root;
      modeling.updateModdleProperties(element, root, { rootElements: [...root.rootElements, found] });
    }
    return modeling.updateModdleProperties(element, definition, { [reference]: found });
  };
  return <Row id={id} label={label} description={description}><Input id={`qh-${id}`} value={definition.get(reference)?.get(naming) ?? ""} onChange={change} /></Row>;
}

export function rootOf(object) {
  let root = object;
  while (root.$parent) root = root.$parent;
  return root;
}
