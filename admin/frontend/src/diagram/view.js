import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

import { compared, sentence, wordsOfPage } from "./words.js";

const LEAST_SCALE = 0.7; // below it 12 px text cannot be read; then the view shows "here" with its neighbours
const PHONE = 600; // frames narrower than this; what is read at arm's length is drawn larger
const LEAST_ON_PHONE = 0.9;
const LEAST_WHOLE = 0.45; // an overview at a desk, of a case that is nowhere any more
const [LABEL, LETTER] = [90, 6.5]; // how wide a name beside its element may become, and about how wide a letter is
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

  // `names` (id → text) are shown in place of those in the diagram: it is drawn in one language.
  async show(xml, marks, names = {}) {
    this.viewer.on("import.parse.complete", ({ definitions, elementsById = {} }) => {
      for (const one of Object.values(elementsById)) {
        const name = names[one.processRef?.id ?? one.id]; // a pool is called what its process is
        if (name) one.name = name;
      }
      for (const drawn of definitions?.diagrams?.[0]?.plane?.planeElement ?? []) if (names[drawn.bpmnElement?.id]) widen(drawn);
    });
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
    const last = others.length ? undefined : nodes.filter((node) => passed.has(node.id) && !node.outgoing.length).at(-1);
    this.last = last ?? this.registry.get(gone.at(-1));
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

  // As large as fits, never larger than drawn. Where the whole would be too small to read, the view shows where the
  // case is (or where it ended) with what is next to it; of an ended case a desk shows the whole all the same.
  fit() {
    const { inner } = this.canvas.viewbox();
    const wide = this.frame.clientWidth || 800;
    const phone = wide < PHONE;
    const high = phone ? 440 : 560;
    const whole = Math.min(1, (wide - 24) / inner.width, (high - 24) / inner.height);
    const least = phone ? LEAST_ON_PHONE : LEAST_SCALE;
    const overview = !phone && !this.current.length && whole >= LEAST_WHOLE;
    const scale = overview ? whole : Math.max(whole, least);
    const height = Math.min(Math.max(inner.height * scale + 24, 140), high) + MARK;
    this.frame.style.setProperty("--diagram-height", `${Math.round(height)}px`);
    this.canvas.resized();
    const view = { width: wide / scale, height: height / scale };
    const room = { width: view.width, height: view.height - MARK / scale };
    const [focus] = this.current.length ? this.current : phone && this.last ? [this.last] : [];
    const around = focus && beside(focus);
    const x = start(inner.x, inner.width, room.width, focus, around, "x", "width");
    const y = start(inner.y, inner.height, room.height, focus, around, "y", "height");
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

// Room for a longer name beside its element: the label grows away from it, or to both sides where it stands
// above or below.
function widen({ bounds: shape, label, bpmnElement: { name } }) {
  const own = label?.bounds;
  const more = own ? Math.min(LABEL, name.length * LETTER) - own.width : 0;
  if (more <= 0) return;
  const middle = own.x + own.width / 2;
  if (shape && middle > shape.x && middle < shape.x + shape.width) own.x -= more / 2;
  else if (shape && middle <= shape.x) own.x -= more;
  own.width += more;
}

// What an element takes on the drawing; of a line, where it begins and ends.
function box(one) {
  if (!one.waypoints) return { x: one.x, y: one.y, right: one.x + one.width, bottom: one.y + one.height };
  const [xs, ys] = ["x", "y"].map((axis) => one.waypoints.map((point) => point[axis]));
  return { x: Math.min(...xs), y: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

// The same of an element and of all that is led to it and from it.
function beside(shape) {
  const flows = [shape, ...(shape.attachers ?? [])].flatMap((one) => [...(one.incoming ?? []), ...(one.outgoing ?? [])]);
  const boxes = [shape, ...flows.flatMap((flow) => [flow.source, flow.target])].map(box);
  const [x, y] = ["x", "y"].map((side) => Math.min(...boxes.map((one) => one[side])));
  const [right, bottom] = ["right", "bottom"].map((side) => Math.max(...boxes.map((one) => one[side])));
  return { x, y, right, bottom };
}

// Where the view begins on one axis: the diagram in the middle where it fits; else its beginning, with the lanes'
// names, while "here" and its neighbours are in sight from there; else these in the middle, or "here" where even
// they are too many. The view stays on the diagram.
function start(from, size, room, shape, around, at, length) {
  if (size <= room) return from - (room - size) / 2;
  if (!shape) return from - 12;
  const far = length === "width" ? "right" : "bottom";
  if (around[far] + 24 <= from - 12 + room) return from - 12;
  const own = box(shape);
  const shown = around[far] - around[at] + 48 <= room ? around : own;
  const middle = (shown[at] + shown[far]) / 2;
  return Math.min(Math.max(middle - room / 2, from - 12), from + size - room + 12);
}
