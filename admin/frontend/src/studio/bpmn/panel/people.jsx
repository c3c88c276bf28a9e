// Who: the lane an element stands in is the role that does it. Choosing another role moves it there; a role that
// has no lane yet gets one at the foot of the pool.
import { useService } from "bpmn-js-properties-panel";

import { say } from "../../words.js";
import { crosses, segments } from "../lines.js";
import { checksEntry, Row, Select } from "./parts.jsx";
import { objectOf, useSet, useStudio, valueOf } from "./use.js";

const SYSTEM = "系统";
const ROOM = 20; // between two elements
const LANE_NAME = 30;
const isLane = (element) => element.type === "bpmn:Lane";
const leaf = (lane) => !lane.children.some(isLane);

const inside = (lane, shape) => {
  const y = shape.y + shape.height / 2;
  return y >= lane.y && y < lane.y + lane.height;
};

export function lanesOf(registry, element) {
  let pool = element;
  while (pool && pool.type !== "bpmn:Participant") pool = pool.parent;
  return registry.filter((one) => isLane(one) && leaf(one) && (!pool || within(one, pool)));
}
const within = (shape, pool) => {
  for (let at = shape; at; at = at.parent) if (at === pool) return true;
  return false;
};

export function laneOf(registry, element) {
  const shape = element.host ?? element;
  return lanesOf(registry, element).find((lane) => inside(lane, shape));
}

// How far to the right or left of where it is there is room for it, so many pixels lower or higher: beside other
// elements, and if that can be had beside their lines too.
function aside(registry, element, dy) {
  const own = new Set([element, ...element.attachers, ...element.incoming, ...element.outgoing]);
  const others = registry.filter((one) => !own.has(one) && one.type !== "label");
  const shapes = others.filter((one) => one.businessObject.$instanceOf("bpmn:FlowNode"));
  const lines = others.filter((one) => one.type === "bpmn:SequenceFlow").flatMap((one) => segments(one.waypoints));
  const { parent: pool, width, height } = element;
  const at = (dx) => ({ x: element.x + dx, y: element.y + dy, width, height });
  const free = (dx) => shapes.every((one) => one.x > at(dx).x + width + ROOM || one.x + one.width < at(dx).x - ROOM || one.y > at(dx).y + height || one.y + one.height < at(dx).y);
  const places = [];
  for (let step = 0; step <= pool.width; step += ROOM) places.push(step, -step);
  const inside = places.filter((dx) => at(dx).x > pool.x + 2 * LANE_NAME && at(dx).x + width < pool.x + pool.width && free(dx));
  return inside.find((dx) => !lines.some((line) => crosses(line, at(dx)))) ?? inside[0] ?? 0;
}

export const whoEntries = () => [{ id: "who", component: Who }];

function Who({ element }) {
  const registry = useService("elementRegistry");
  const modeling = useService("modeling");
  const together = useService("together");
  const { options } = useStudio();
  const lanes = lanesOf(registry, element);
  const now = laneOf(registry, element);
  if (!lanes.length) return <Row id="who"><div class="qh-hint">{say("先画泳池，再分泳道；泳道就是谁来办。")}</div></Row>;
  const taken = new Set(lanes.map((lane) => objectOf(lane).name));
  const missing = options.roles.filter((role) => !taken.has(role.name));
  const choices = [
    ...lanes.map((lane) => ({ value: lane.id, label: objectOf(lane).name || say("没有名称的泳道") })),
    ...missing.map((role) => ({ value: `new:${role.name}`, label: say("{role}（加一条泳道）", { role: role.label ?? role.name }) })),
  ];
  const move = (value) => together.run(() => {
    let lane = registry.get(value);
    if (value.startsWith("new:")) {
      const last = [...lanes].sort((one, other) => other.y - one.y)[0];
      lane = modeling.addLane(last, "bottom");
      modeling.updateProperties(lane, { name: value.slice(4) });
    }
    const dy = Math.round(lane.y + lane.height / 2 - (element.y + element.height / 2));
    // Without a parent: with one the editor would put it into a flow that happens to run there.
    modeling.moveElements([element], { x: aside(registry, element, dy), y: dy });
    for (const flow of [...element.incoming, ...element.outgoing]) modeling.layoutConnection(flow, { anew: true, waypoints: [] });
  });
  return (
    <Row id="who" label={say("哪个角色")} description={say("角色就是泳道；换角色会把这一步移过去。")}>
      <Select id="qh-who" value={now?.id ?? ""} options={now ? choices : [{ value: "", label: say("不在泳道里") }, ...choices]} onChange={move} />
    </Row>
  );
}

export const distinctEntry = () =>
  checksEntry("qh:distinct", say("不能和这些步骤是同一个人办"), {
    empty: say("图里没有别的人办的步骤。"),
    options: (_, element, injector) =>
      injector
        .get("elementRegistry")
        .filter((one) => one.type === "bpmn:UserTask" && one !== element)
        .map((one) => ({ value: one.id, label: objectOf(one).name || one.id })),
  });

// A lane: its name is a role.
export const laneRoleEntry = () => ({ id: "role", component: LaneRole });
function LaneRole({ element }) {
  const { options } = useStudio();
  const set = useSet(element);
  const choices = [
    ...options.roles.filter((role) => role.name !== SYSTEM).map((role) => ({ value: role.name, label: role.label ?? role.name })),
    { value: SYSTEM, label: say("系统（自动办，没有人）") },
  ];
  const name = valueOf(objectOf(element), "name");
  return (
    <Row id="role" label={say("哪个角色")}>
      <Select id="qh-role" value={name} options={name ? choices : [{ value: "", label: say("还没有选") }, ...choices]} onChange={(value) => set({ name: value })} />
    </Row>
  );
}
