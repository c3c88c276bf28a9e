// A new line looks for a way of its own: not through a step, and not over another line, so that two ways which leave
// the same gateway are seen as two. What a person has laid stays as it is, unless the hint says `anew`.
import BpmnLayouter from "bpmn-js/lib/features/modeling/BpmnLayouter";
import CommandInterceptor from "diagram-js/lib/command/CommandInterceptor";

const WAYS = [["h:v"], ["v:h"], ["h:h"], ["v:v"]];
const NEAR = 4;
const [THROUGH, OVER, JOINED, BEND] = [3, 1.5, 0.3, 0.1];

class Lines extends BpmnLayouter {
  layoutConnection(connection, hints = {}) {
    const usual = super.layoutConnection(connection, hints);
    const source = hints.source ?? connection.source;
    const target = hints.target ?? connection.target;
    const laid = !hints.anew && (hints.waypoints?.length || connection.waypoints?.length);
    if (laid || !target || source === target || source.host || connection.type !== "bpmn:SequenceFlow") return usual;
    const cost = (points) => this.cost(points, connection, source, target);
    let best = usual;
    for (const preferredLayouts of WAYS) {
      const other = super.layoutConnection(connection, { ...hints, preferredLayouts });
      if (cost(other) < cost(best)) best = other;
    }
    return best;
  }

  cost(points, connection, source, target) {
    const parts = segments(points);
    let sum = points.length * BEND;
    this._elementRegistry.forEach((one) => {
      if (one === connection) return;
      if (one.type === "bpmn:SequenceFlow") {
        const over = segments(one.waypoints).some((other) => parts.some((part) => lies(part, other)));
        if (over) sum += one.target === target ? JOINED : OVER;
      } else if (one !== source && one !== target && one.type !== "label" && one.businessObject?.$instanceOf?.("bpmn:FlowNode")) {
        if (parts.some((part) => crosses(part, one))) sum += THROUGH;
      }
    });
    return sum;
  }
}
Lines.$inject = BpmnLayouter.$inject ?? ["elementRegistry"];

// An element that was appended may stand on a line which was there before: the line makes way.
class Room extends CommandInterceptor {
  constructor(eventBus, elementRegistry, modeling) {
    super(eventBus);
    this.postExecuted("shape.append", ({ context: { shape } }) => {
      const over = (flow) => segments(flow.waypoints).some((part) => crosses(part, shape));
      const flows = elementRegistry.filter((one) => one.type === "bpmn:SequenceFlow" && one.source !== shape && one.target !== shape);
      for (const flow of flows.filter(over)) modeling.layoutConnection(flow, { anew: true, waypoints: [] });
    });
  }
}
Room.$inject = ["eventBus", "elementRegistry", "modeling"];

export const segments = (points) => points.slice(1).map((end, at) => [points[at], end]);

const meet = (a, b, c, d) => Math.min(Math.max(a, b), Math.max(c, d)) - Math.max(Math.min(a, b), Math.min(c, d));

// Two upright or two level lines, one on the other for a piece that is seen.
function lies([a, b], [c, d]) {
  const upright = (p, q) => Math.abs(p.x - q.x) < NEAR;
  const level = (p, q) => Math.abs(p.y - q.y) < NEAR;
  if (upright(a, b) && upright(c, d)) return Math.abs(a.x - c.x) < NEAR && meet(a.y, b.y, c.y, d.y) > NEAR;
  if (level(a, b) && level(c, d)) return Math.abs(a.y - c.y) < NEAR && meet(a.x, b.x, c.x, d.x) > NEAR;
  return false;
}

export const crosses = ([a, b], { x, y, width, height }) => meet(a.x, b.x, x + 2, x + width - 2) >= 0 && meet(a.y, b.y, y + 2, y + height - 2) >= 0;

export default { __init__: ["room"], layouter: ["type", Lines], room: ["type", Room] };
