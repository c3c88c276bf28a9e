import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

import { compared, sentence, wordsOfPage } from "./words.js";

const LEAST_SCALE = 0.7; // below it 12 px text cannot be read; then the view starts at "here" and is moved
const STEP = 60;
// What a comparison or a rehearsal marks, beside the way of a case.
const OTHERS = ["added", "removed", "changed", "failed", "covered", "uncovered"];
const MARK = 28; // room for the mark of bpmn.io under the diagram

// Tasks and events have a place in the sentence; gateways and end events without a name do not.
const isNode = (element) => Boolean(element.businessObject?.$instanceOf?.("bpmn:FlowNode")) && !element.labelTarget;

export class DiagramView {
  constructor(element) {
    this.say = wordsOfPage();
    this.frame = document.createElement("div");
    this.frame.className = "qh-diagram";
    this.element = element;
    this.before = [...element.childNodes];
    element.replaceChildren(this.frame);
    this.viewer = new NavigatedViewer({
      container: this.frame,
      // The page goes on scrolling under the mouse until the diagram has the focus.
      zoomScroll: { enabled: false },
      bpmnRenderer: {
        defaultFillColor: "var(--surface)",
        defaultStrokeColor: "var(--control)",
        defaultLabelColor: "var(--ink)",
      },
    });
  }

  async show(xml, marks) {
    try {
      await this.viewer.importXML(xml);
    } catch (error) {
      this.element.replaceChildren(...this.before); // what the server wrote is better than an empty frame
      throw error;
    }
    this.canvas = this.viewer.get("canvas");
    this.registry = this.viewer.get("elementRegistry");
    const named = this.mark(marks);
    this.describe(named);
    this.fit();
    this.control();
    this.nameLanes();
  }

  mark({ gone = [], here = [], ahead, ...marks }) {
    const nodes = this.registry.filter(isNode);
    const others = OTHERS.filter((mark) => marks[mark] !== undefined);
    const passed = new Set(gone);
    const current = new Set(here);
    const coming = others.length
      ? (ahead ?? [])
      : ahead === undefined ? nodes.map((node) => node.id).filter((id) => !passed.has(id) && !current.has(id)) : ahead;
    for (const [ids, mark] of [[gone, "gone"], [here, "here"], [coming, "ahead"], ...others.map((mark) => [marks[mark], mark])]) {
      for (const id of ids) if (this.registry.get(id)) this.canvas.addMarker(id, `qh-${mark}`);
    }
    const shapes = (mark) => (marks[mark] ?? []).filter((id) => nodes.some((node) => node.id === id));
    const first = [...here, ...["failed", "added", "removed", "changed"].flatMap(shapes), ...(marks.changed ?? [])];
    this.current = first.map((id) => this.registry.get(id)).filter(Boolean);
    const names = (ids) => {
      const wanted = new Set(ids);
      const found = nodes.filter((node) => wanted.has(node.id) && node.businessObject.name);
      return [...new Set(found.map((node) => node.businessObject.name.replace(/\s+/g, " ").trim()))];
    };
    const told = { gone: names(gone.filter((id) => !current.has(id))), here: names(here), ahead: names(coming) };
    // A comparison speaks of flows and gateways too, by their ids where they have no name.
    const all = (ids) => [...new Set(ids.map((id) => this.registry.get(id)?.businessObject?.name || id))];
    this.others = Object.fromEntries(others.map((mark) => [mark, all(marks[mark])]));
    return told;
  }

  describe(named) {
    const svg = this.frame.querySelector("svg");
    svg.setAttribute("role", "img");
    const others = Object.keys(this.others);
    svg.setAttribute("aria-label", others.length ? compared(this.say, this.others) : sentence(this.say, named));
    this.frame.setAttribute("role", "group");
    this.frame.setAttribute("aria-label", this.say.keys);
    this.svg = svg;
  }

  // As large as fits, never larger than drawn, never too small to read; the frame takes the diagram's height.
  fit() {
    const { inner } = this.canvas.viewbox();
    const wide = this.frame.clientWidth || 800;
    const natural = Math.min(1, (wide - 24) / inner.width);
    const scale = Math.max(natural, LEAST_SCALE);
    const height = Math.min(Math.max(inner.height * scale + 24, 140), 460) + MARK;
    this.frame.style.setProperty("--diagram-height", `${Math.round(height)}px`);
    this.canvas.resized();
    const view = { width: wide / scale, height: height / scale };
    const room = { width: view.width, height: view.height - MARK / scale };
    const x = start(inner.x, inner.width, room.width, this.current[0], "x", "width");
    const y = start(inner.y, inner.height, room.height, this.current[0], "y", "height");
    this.canvas.viewbox({ x, y, ...view });
  }

  // Whose lane it is stays readable: where a lane's own name has left the view at the left, a strip repeats it.
  nameLanes() {
    const lanes = this.registry.filter((one) => one.businessObject?.$type === "bpmn:Lane" && one.businessObject.name);
    if (!lanes.length) return;
    const strip = document.createElement("div");
    strip.className = "qh-lanes";
    strip.setAttribute("aria-hidden", "true"); // the drawing's sentence and the trace say who acts
    const labels = lanes.map((lane) => {
      const label = document.createElement("span");
      label.textContent = lane.businessObject.name;
      strip.append(label);
      return [lane, label];
    });
    this.frame.append(strip);
    const place = () => {
      const { x, y, scale, outer } = this.canvas.viewbox();
      for (const [lane, label] of labels) {
        const top = Math.max(0, (lane.y - y) * scale);
        const bottom = Math.min(outer.height, (lane.y + lane.height - y) * scale);
        label.hidden = x <= lane.x + 2 || bottom - top < 24;
        label.style.top = `${top}px`;
        label.style.height = `${Math.max(0, bottom - top)}px`;
      }
    };
    this.viewer.on("canvas.viewbox.changed", place);
    place();
  }

  whole() {
    this.canvas.zoom("fit-viewport", "auto");
  }

  zoom(factor) {
    this.canvas.zoom(Math.min(3, Math.max(0.2, this.canvas.zoom() * factor)));
  }

  control() {
    const bar = document.createElement("div");
    bar.className = "qh-diagram-bar";
    const acts = [
      [this.say.zoomIn, () => this.zoom(1.25)],
      [this.say.zoomOut, () => this.zoom(0.8)],
      [this.say.whole, () => this.whole()],
    ];
    for (const [label, act] of acts) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "btn btn-sm", textContent: label, onclick: act });
      bar.append(button);
    }
    this.legend(bar);
    this.frame.before(bar);
    const wheel = this.viewer.get("zoomScroll");
    this.svg.addEventListener("focusin", () => wheel.toggle(true));
    this.svg.addEventListener("focusout", () => wheel.toggle(false));
    this.svg.addEventListener("keydown", (event) => this.key(event));
  }

  // What the colours mean, where there are other marks than those of a case's way.
  legend(bar) {
    const marks = Object.keys(this.others).filter((mark) => this.others[mark].length);
    if (!marks.length) return;
    const list = document.createElement("ul");
    list.className = "qh-legend";
    for (const mark of marks) {
      const item = document.createElement("li");
      item.className = `qh-legend-${mark}`;
      item.textContent = this.say[mark];
      list.append(item);
    }
    bar.prepend(list);
  }

  // Shows the same part as another view.
  join(other) {
    const { x, y, scale } = other.canvas.viewbox();
    const { outer } = this.canvas.viewbox();
    this.canvas.viewbox({ x, y, width: outer.width / scale, height: outer.height / scale });
  }

  // Moved and zoomed together with another view of nearly the same diagram.
  follow(other) {
    this.viewer.on("canvas.viewbox.changed", ({ viewbox }) => {
      if (this.led) return;
      const theirs = other.canvas.viewbox();
      const { x, y, scale } = viewbox;
      other.led = true;
      other.canvas.viewbox({ x, y, width: theirs.outer.width / scale, height: theirs.outer.height / scale });
      other.led = false;
    });
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = { ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] };
    const move = moves[event.key];
    if (move) this.canvas.scroll({ dx: move[0], dy: move[1] });
    else if (event.key === "+" || event.key === "=") this.zoom(1.25);
    else if (event.key === "-") this.zoom(0.8);
    else if (event.key === "0") this.whole();
    else return;
    event.preventDefault();
  }
}

// Where the view begins on one axis: the diagram in the middle where it fits; else its beginning, with the lanes'
// names, while "here" is in sight from there; else "here" in the middle.
function start(from, size, room, shape, at, length) {
  if (size <= room) return from - (room - size) / 2;
  if (!shape) return from - 12;
  const middle = shape.waypoints ? shape.waypoints[0][at] : shape[at] + shape[length] / 2;
  const end = shape.waypoints ? middle : shape[at] + shape[length];
  if (end + 24 <= from - 12 + room) return from - 12;
  return Math.min(Math.max(middle - room / 2, from - 12), from + size - room + 12);
}
