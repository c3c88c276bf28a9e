// The diagram of a case, to look at: what is gone, where it is now, what lies ahead.
//
//   window.qihang.showDiagram(element, xml, { gone: [ids], here: [ids], ahead: [ids] })
//
// Ids are of nodes or of sequence flows. Without `ahead`, every node that is neither gone nor here is ahead.
// Elements of the page with data-diagram="<address of the XML>" are filled by themselves; data-gone,
// data-here and data-ahead hold the ids, with spaces between.
import "bpmn-js/dist/assets/diagram-js.css";
import "./diagram/viewer.css";

import { DiagramView } from "./diagram/view.js";

async function showDiagram(element, xml, marks = {}) {
  const view = new DiagramView(element);
  await view.show(xml, marks);
  return view;
}

const ids = (text) => (text === undefined ? undefined : text.split(/\s+/).filter(Boolean));

async function fill(element) {
  const { diagram, gone, here, ahead } = element.dataset;
  try {
    const answer = await fetch(diagram, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(`${answer.status}`);
    await showDiagram(element, await answer.text(), { gone: ids(gone) ?? [], here: ids(here) ?? [], ahead: ids(ahead) });
  } catch (error) {
    element.dataset.failed = String(error.message ?? error);
  }
}

window.qihang = Object.assign(window.qihang ?? {}, { showDiagram });
for (const element of document.querySelectorAll("[data-diagram]")) fill(element);
