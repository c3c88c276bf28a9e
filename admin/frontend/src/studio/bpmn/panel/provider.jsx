// The groups of the panel, in the order in which the office thinks: what it is, who, with what, until when, whom to
// tell, and what else may happen.
import { Group } from "@bpmn-io/properties-panel";

import { say } from "../../words.js";
import { attachedEntries } from "./attached.jsx";
import { conditionEntries } from "./condition.jsx";
import { formEntries } from "./form.jsx";
import { calledEntries, idEntry, nameEntry, noteEntry, offeredEntry, processEntries, referenceEntry, severalEntries } from "./general.jsx";
import messages from "./messages.js";
import { dueEntries, Interrupting, timerEntries } from "./moment.jsx";
import { decisionEntries, operationEntries } from "./operation.jsx";
import { checksEntry, feelEntry, rolesEntry, textEntry } from "./parts.jsx";
import { processOf } from "./use.js";
import { distinctEntry, laneRoleEntry, whoEntries } from "./people.jsx";

const group = (id, label, entries, open = true) => ({ id, label, component: Group, entries, shouldOpen: open });

const notifyEntries = () => [
  checksEntry("qh:notify", say("到这里时发哪些通知"), {
    empty: say("这个流程还没有通知。"),
    options: ({ notices }) => notices.map((one) => ({ value: one.id, label: one.subject.replace(/\{\{.*?\}\}/g, "…"), note: `${say("给")} ${one.to.join("、")}` })),
    foot: ({ notices_url: url }) => url && <a class="qh-link" href={url}>{say("改通知的文字")}</a>,
  }),
];
const whenEntries = (words) => [
  feelEntry("qh:when", words),
  textEntry("qh:reason", say("不能办时怎么说"), { description: say("按钮还在，旁边写这句话。") }),
];

function groupsOf(element) {
  const object = element.businessObject;
  const is = (type) => object.$instanceOf(type);
  const event = object.eventDefinitions?.[0]?.$type;
  const groups = [];
  if (is("bpmn:Process") || is("bpmn:Participant") || is("bpmn:Collaboration")) {
    if (processOf(element)) groups.push(group("process", say("流程"), processEntries()));
  } else if (is("bpmn:Lane")) {
    groups.push(group("who", say("谁来办"), [laneRoleEntry(), feelEntry("qh:party", say("哪一方的（不写就是本件的当事方）"))]));
  } else if (is("bpmn:SequenceFlow")) {
    groups.push(group("general", say("基本"), [nameEntry(say("线上的字"))]));
    if (element.source?.businessObject.$instanceOf("bpmn:ExclusiveGateway")) groups.push(group("condition", say("条件"), conditionEntries()));
  } else if (is("bpmn:FlowNode")) {
    groups.push(group("general", say("基本"), [nameEntry(), noteEntry(), idEntry()]));
    groups.push(...nodeGroups(element, is, event));
  }
  return groups;
}

function nodeGroups(element, is, event) {
  const groups = [];
  if (is("bpmn:UserTask")) {
    groups.push(group("who", say("谁来办"), [...whoEntries(), distinctEntry()]));
    groups.push(group("form", say("表单"), formEntries()));
    groups.push(group("due", say("期限"), dueEntries()));
  }
  if (is("bpmn:ServiceTask")) groups.push(group("operation", say("系统操作"), operationEntries()));
  if (is("bpmn:BusinessRuleTask")) groups.push(group("decision", say("决策表"), [...decisionEntries(), textEntry("qh:result", say("结果记为"))]));
  if (is("bpmn:CallActivity")) groups.push(group("called", say("调用的流程"), calledEntries()));
  if (is("bpmn:SubProcess")) groups.push(group("out", say("带出来的名字"), [textEntry("qh:out", say("名字，用空格隔开"))], false));
  if (is("bpmn:StartEvent") && !event && element.parent?.type !== "bpmn:SubProcess") {
    groups.push(group("start", say("怎么开始"), [textEntry("qh:start", say("按钮上的字")), rolesEntry(say("谁可以开始")), offeredEntry(), ...formEntries(say("不填表单")), ...whenEntries(say("什么时候可以（不写就是随时）"))]));
  }
  if (event === "bpmn:TimerEventDefinition") groups.push(group("timer", say("定时"), timerEntries(element)));
  if (event === "bpmn:MessageEventDefinition" && is("bpmn:CatchEvent")) {
    const interrupting = is("bpmn:BoundaryEvent") ? [{ id: "interrupting", component: Interrupting }] : [];
    groups.push(group("action", say("等待时可办的事"), [textEntry("qh:action", say("按钮上的字")), rolesEntry(say("谁可以办")), ...formEntries(say("不填表单")), ...whenEntries(say("什么时候可以（不写就是随时）")), ...interrupting]));
    groups.push(group("message", say("消息"), [referenceEntry("message", say("消息名"), say("别的流程发这个消息时也到这里。"))], false));
  }
  if (event === "bpmn:MessageEventDefinition" && is("bpmn:ThrowEvent")) {
    groups.push(group("message", say("通知别的办理件"), [referenceEntry("message", say("消息名")), feelEntry("qh:key", say("给谁的办理件"))]));
  }
  if (event === "bpmn:ErrorEventDefinition") groups.push(group("error", say("操作被拒绝时"), [referenceEntry("error", say("拒绝的代码"))]));
  groups.push(group("notify", say("通知谁什么"), notifyEntries(), !is("bpmn:Gateway") && !is("bpmn:EndEvent")));
  if (is("bpmn:UserTask")) groups.push(group("attached", say("等待时"), attachedEntries()));
  if (is("bpmn:Activity")) groups.push(group("several", say("办几份"), severalEntries(element), false));
  return groups;
}

class Provider {
  constructor(propertiesPanel) {
    propertiesPanel.registerProvider(1000, this);
  }

  getGroups = (element) => (groups) => [...groups, ...groupsOf(element)];
}
Provider.$inject = ["propertiesPanel"];

// What the entries ask for: the API's options, the session, what is known at an element.
function Studio(config) {
  Object.assign(this, config);
}
Studio.$inject = ["config.studio"];

export default {
  __depends__: [messages],
  __init__: ["studioPanel"],
  studioPanel: ["type", Provider],
  studio: ["type", Studio],
};
