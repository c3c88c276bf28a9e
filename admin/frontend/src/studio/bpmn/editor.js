// The diagram's editor: bpmn-js with the official properties panel, our groups, our words.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import Modeler from "bpmn-js/lib/Modeler";
import { BpmnPropertiesPanelModule } from "bpmn-js-properties-panel";

import { h, later } from "../dom.js";
import { loadStyle } from "../style.js";
import { say } from "../words.js";
import { translated } from "./chinese.js";
import style from "./editor.css?address";
import ids from "./ids.js";
import { Known } from "./known.js";
import { Marks } from "./marks.js";
import lines from "./lines.js";
import menus from "./menus.js";
import panel from "./panel/provider.jsx";
import qh from "./qh.json";
import spiffworkflow from "./spiffworkflow.json";
import together from "./together.js";
import { tools } from "./tools.js";
import { opening } from "./view.js";

export async function open(stage, session, text) {
  if (session.readonly) return look(stage, session, text);
  const [options, translate] = await Promise.all([session.options, translated(session.data.locale), loadStyle(style)]);
  const frame = h("div", { class: "studio-diagram" });
  const canvas = h("div", { class: "studio-canvas" });
  const side = h("div", { class: "studio-panel", "aria-label": say("属性") });
  const bar = h("div", { class: "studio-bar", role: "toolbar", "aria-label": say("工具") });
  frame.append(canvas, side);
  stage.classList.add("studio-frame");
  stage.append(bar, frame);

  const modeler = new Modeler({
    container: canvas,
    propertiesPanel: { parent: side, layout: { groups: {} }, feelPopupContainer: stage },
    moddleExtensions: { qh, spiffworkflow },
    additionalModules: [BpmnPropertiesPanelModule, panel, menus, ids, lines, together, { translate: ["value", translate] }],
    menus: { runs: options.palette },
    studio: { options, session, known: null },
    bpmnRenderer: { defaultFillColor: "#fff", defaultStrokeColor: "#43535B", defaultLabelColor: "#14222A" },
  });
  const known = new Known(session.api, () => modeler.saveXML({ format: false }).then(({ xml }) => xml));
  modeler.get("studio").known = known;
  await modeler.importXML(text);
  opening(modeler.get("canvas"));

  const marks = new Marks(modeler, session);
  tools(bar, modeler, session, stage);
  const touched = later(() => known.forget(), 900);
  modeler.on("commandStack.changed", () => {
    touched();
    session.touched();
  });
  window.qihang = Object.assign(window.qihang ?? {}, { modeler }); // for tests and for whoever looks inside
  const wanted = new URLSearchParams(location.hash.slice(1)).get("element");
  if (wanted) marks.go({ element: wanted });

  return {
    text: async () => (await modeler.saveXML({ format: true })).xml,
    load: async (xml) => {
      await modeler.importXML(xml);
      opening(modeler.get("canvas"));
      known.forget();
    },
    show: (findings) => marks.show(findings),
    focus: (finding) => marks.go(finding),
  };
}

// A draft that was handed in is looked at, not changed.
async function look(stage, session, text) {
  await loadStyle(style);
  const canvas = h("div", { class: "studio-canvas" });
  stage.classList.add("studio-frame");
  stage.append(h("div", { class: "studio-diagram studio-diagram-alone" }, canvas));
  const viewer = new NavigatedViewer({ container: canvas, moddleExtensions: { qh, spiffworkflow } });
  await viewer.importXML(text);
  opening(viewer.get("canvas"));
  const marks = new Marks(viewer, session);
  return { text: async () => text, load: (xml) => viewer.importXML(xml), show: (findings) => marks.show(findings), focus: (finding) => marks.go(finding) };
}
