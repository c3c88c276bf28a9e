// What may happen at a step while it waits: things that others may do, and what comes when time has passed.
import { useService } from "bpmn-js-properties-panel";

import { say } from "../../words.js";
import { Row } from "./parts.jsx";
import { objectOf } from "./use.js";

const MESSAGE = "bpmn:MessageEventDefinition";
const TIMER = "bpmn:TimerEventDefinition";
const SIZE = 36;

const eventOf = (shape) => objectOf(shape).eventDefinitions?.[0]?.$type;

// A free place on the foot of the step, then on its head.
function place(host) {
  const taken = host.attachers.map((one) => [one.x + SIZE / 2, one.y + SIZE / 2]);
  const spots = [host.y + host.height, host.y].flatMap((y) => [0.5, 0.85, 0.15].map((part) => ({ x: Math.round(host.x + host.width * part), y })));
  return spots.find((spot) => taken.every(([x, y]) => Math.abs(x - spot.x) > 30 || Math.abs(y - spot.y) > 30)) ?? spots[0];
}

export const attachedEntries = () => [{ id: "attached", component: Attached }];

function Attached({ element }) {
  const modeling = useService("modeling");
  const selection = useService("selection");
  const factory = useService("elementFactory");
  const autoPlace = useService("autoPlace");
  const together = useService("together");
  const events = element.attachers.filter((one) => [MESSAGE, TIMER].includes(eventOf(one)));
  const add = (definition, attributes, then) => {
    const shape = factory.createShape({ type: "bpmn:BoundaryEvent", eventDefinitionType: definition, cancelActivity: attributes.cancelActivity });
    let made;
    together.run(() => {
      made = modeling.createShape(shape, place(element), element, { attach: true });
      modeling.updateProperties(made, attributes);
      if (!then) return;
      const end = autoPlace.append(made, factory.createShape({ type: "bpmn:EndEvent" }));
      modeling.updateProperties(end, { name: then });
    });
    selection.select(made);
  };
  return (
    <Row id="attached">
      {events.map((one) => (
        <div class="qh-row" key={one.id}>
          <button type="button" class="qh-link" onClick={() => selection.select(one)}>
            {eventOf(one) === TIMER ? say("到时候：{name}", { name: objectOf(one).name || one.id }) : say("可办：{name}", { name: objectOf(one).get("qh:action") || objectOf(one).name || one.id })}
          </button>
        </div>
      ))}
      {!events.length && <div class="qh-hint">{say("等这一步办的时候，还没有别的事可以发生。")}</div>}
      <div class="qh-row">
        <button type="button" class="qh-button" data-add="reminder" onClick={() => add(TIMER, { name: say("提醒"), cancelActivity: false }, say("已提醒"))}>{say("加一次提醒")}</button>
        <button type="button" class="qh-button" data-add="timer" onClick={() => add(TIMER, { name: say("到时候"), cancelActivity: true })}>{say("加一个到时候")}</button>
      </div>
      <div class="qh-row">
        <button type="button" class="qh-button" data-add="action" onClick={() => add(MESSAGE, { name: say("可办的事"), "qh:action": say("可办的事"), cancelActivity: true })}>{say("加一件可办的事")}</button>
      </div>
    </Row>
  );
}
