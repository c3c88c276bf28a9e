// The checker's findings at the elements they are about: a badge that tells, an outline, and the way to them.
import { h } from "../dom.js";
import { say } from "../words.js";

export class Marks {
  constructor(modeler, session) {
    this.canvas = modeler.get("canvas");
    this.overlays = modeler.get("overlays");
    this.registry = modeler.get("elementRegistry");
    this.selection = modeler.get("selection");
    this.session = session;
    this.marked = [];
    modeler.on("element.click", () => this.way([]));
  }

  show(findings) {
    this.overlays.remove({ type: "finding" });
    for (const [id, mark] of this.marked) if (this.registry.get(id)) this.canvas.removeMarker(id, mark);
    this.marked = [];
    const about = new Map();
    for (const finding of findings) {
      if (finding.element && this.registry.get(finding.element)) {
        about.set(finding.element, [...(about.get(finding.element) ?? []), finding]);
      }
    }
    for (const [id, some] of about) this.mark(id, some);
  }

  mark(id, findings) {
    const bad = findings.some((finding) => finding.severity === "error");
    const mark = bad ? "qh-bad" : "qh-warn";
    this.canvas.addMarker(id, mark);
    this.marked.push([id, mark]);
    const element = this.registry.get(id);
    if (!element.parent) return; // the root has no place for a badge; the list tells
    const words = findings.map((finding) => finding.sentence).join("\n");
    const badge = h(
      "button",
      { type: "button", class: `qh-finding ${bad ? "bad" : "warn"}`, title: words, "aria-label": words, onclick: () => this.go(findings[0]) },
      bad ? "!" : "?",
    );
    const place = element.waypoints ? { top: -11, left: 4 } : { top: -11, right: 9 };
    this.overlays.add(id, "finding", { position: place, html: badge, scale: { min: 0.8 } });
  }

  go(finding) {
    const element = this.registry.get(finding.element);
    if (!element) return;
    this.canvas.scrollToElement(element, 120);
    this.selection.select(element);
    this.way(finding.path ?? []);
  }

  // The way that a finding speaks of, on the diagram.
  way(ids) {
    for (const id of this.walked ?? []) if (this.registry.get(id)) this.canvas.removeMarker(id, "qh-way");
    this.walked = ids;
    for (const id of ids) if (this.registry.get(id)) this.canvas.addMarker(id, "qh-way");
  }
}
