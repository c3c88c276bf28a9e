// Palette, context pad and replace menu offer what the engine runs (options.palette of the API), and no more.
import * as ReplaceOptions from "bpmn-js/lib/features/replace/ReplaceOptions";

import { say } from "../words.js";

const LOW = 500; // after the editor's own providers, so that their entries can be taken away

const EVENTS = {
  "bpmn:MessageEventDefinition": "message",
  "bpmn:TimerEventDefinition": "timer",
  "bpmn:ErrorEventDefinition": "error",
  "bpmn:TerminateEventDefinition": "terminate",
};

// "bpmn:BoundaryEvent/timer" for what an entry of the replace menu makes; unknown events keep their own name.
const keyOf = ({ type, eventDefinitionType }) =>
  eventDefinitionType ? `${type}/${EVENTS[eventDefinitionType] ?? eventDefinitionType}` : type;

const targets = new Map(
  Object.values(ReplaceOptions)
    .flatMap((group) => (Array.isArray(group) ? group : Object.values(group).flat()))
    .filter((option) => option?.actionName && option.target?.type)
    .map((option) => [option.actionName, option.target]),
);

const ALWAYS = new Set(["replace-with-sequence-flow", "replace-with-default-flow", "replace-with-conditional-flow", "toggle-parallel-mi", "toggle-sequential-mi"]);
const NEVER = new Set(["toggle-loop", "toggle-adhoc", "replace-with-collapsed-pool", "replace-with-empty-pool"]);

export function Menus(palette, contextPad, popupMenu, create, elementFactory, autoPlace, config) {
  const runs = new Set(config?.runs ?? []);
  const may = (target) => {
    if (target.triggeredByEvent || target.isExpanded === false) return false;
    return runs.has(keyOf(target));
  };

  const entry = (target, className, title, group) => {
    const make = (event) => create.start(event, elementFactory.createShape(target));
    return { group, className, title, action: { dragstart: make, click: make } };
  };
  const append = (target, className, title) => {
    const drag = (event, source) => create.start(event, elementFactory.createShape(target), { source });
    const click = (event, source) => autoPlace.append(source, elementFactory.createShape(target));
    return { group: "model", className, title, action: { dragstart: drag, click } };
  };

  const things = [
    ["event", { type: "bpmn:StartEvent" }, "bpmn-icon-start-event-none", say("开始")],
    ["activity", { type: "bpmn:UserTask" }, "bpmn-icon-user-task", say("人办的步骤")],
    ["activity", { type: "bpmn:ServiceTask" }, "bpmn-icon-service-task", say("系统操作")],
    ["activity", { type: "bpmn:BusinessRuleTask" }, "bpmn-icon-business-rule-task", say("查决策表")],
    ["gateway", { type: "bpmn:ExclusiveGateway" }, "bpmn-icon-gateway-xor", say("分岔：走其中一条")],
    ["gateway", { type: "bpmn:ParallelGateway" }, "bpmn-icon-gateway-parallel", say("分岔：同时走几条")],
    ["wait", { type: "bpmn:IntermediateCatchEvent", eventDefinitionType: "bpmn:TimerEventDefinition" }, "bpmn-icon-intermediate-event-catch-timer", say("等到某个时间（放在步骤边上就是到时候）")],
    ["event", { type: "bpmn:EndEvent" }, "bpmn-icon-end-event-none", say("结束")],
  ].filter(([, target]) => may(target));

  palette.registerProvider(LOW, {
    getPaletteEntries: () => (entries) => {
      const kept = {};
      for (const name of ["hand-tool", "lasso-tool", "space-tool", "global-connect-tool", "tool-separator"]) kept[name] = entries[name];
      for (const [group, target, className, title] of things) kept[`create.${keyOf(target)}`] = entry(target, className, title, group);
      if (may({ type: "bpmn:SubProcess" })) kept["create.subprocess-expanded"] = entries["create.subprocess-expanded"];
      kept["create.participant-expanded"] = entries["create.participant-expanded"];
      return kept;
    },
  });

  contextPad.registerProvider(LOW, {
    getContextPadEntries: () => (entries) => {
      const kept = { ...entries };
      const appends = "append.end-event" in entries;
      for (const name of Object.keys(kept)) if (name.startsWith("append.") && name !== "append.text-annotation") delete kept[name];
      if (appends) {
        for (const [, target, className, title] of things) {
          if (target.type === "bpmn:StartEvent") continue;
          kept[`append.${keyOf(target)}`] = append(target, className, say("接着：{what}", { what: title }));
        }
      }
      return kept;
    },
    getMultiElementContextPadEntries: () => (entries) => entries,
  });

  const filter = (entries) =>
    Object.fromEntries(
      Object.entries(entries).filter(([name]) => {
        if (NEVER.has(name)) return false;
        const target = targets.get(name);
        return ALWAYS.has(name) || !target || may(target);
      }),
    );
  popupMenu.registerProvider("bpmn-replace", LOW, {
    getPopupMenuEntries: () => filter,
    getPopupMenuHeaderEntries: () => filter,
  });
}

Menus.$inject = ["palette", "contextPad", "popupMenu", "create", "elementFactory", "autoPlace", "config.menus"];

export default { __init__: ["studioMenus"], studioMenus: ["type", Menus] };
