// The diagram of a case, to look at: what is gone, where it is now, what lies ahead.
//
//   window.qihang.showDiagram(element, xml, { gone: [ids], here: [ids], ahead: [ids] }, { id: name in the reader's language })
//
// Ids are of nodes or of sequence flows. Without `ahead`, every node that is neither gone nor here is ahead.
// Elements of the page with data-diagram="<address of the XML>" are filled by themselves; data-gone,
// data-here and data-ahead hold the ids, with spaces between, data-names the names as JSON; so do data-added, data-removed, data-changed (a
// comparison), data-failed, data-covered and data-uncovered (a rehearsal). <div data-studio-diff data-before="<address>"
// data-after="<address>" data-added data-removed data-changed [data-before-name data-after-name]> shows two versions.
import "bpmn-js/dist/assets/diagram-js.css";
import "./diagram/viewer.css";

import { DiagramView } from "./diagram/view.js";

async function showDiagram(element, xml, marks = {}, names = {}) {
  const view = new DiagramView(element);
  await view.show(xml, marks, names);
  return view;
}

const MARKS = ["gone", "here", "ahead", "added", "removed", "changed", "failed", "covered", "uncovered"];
const ids = (text) => (text === undefined ? undefined : text.split(/\s+/).filter(Boolean));
const marksOf = (dataset) => Object.fromEntries(MARKS.filter((mark) => mark in dataset).map((mark) => [mark, ids(dataset[mark])]));

async function fetched(address) {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.text();
}

async function fill(element) {
  try {
    return await showDiagram(element, await fetched(element.dataset.diagram), marksOf(element.dataset), JSON.parse(element.dataset.names ?? "{}"));
  } catch (error) {
    element.dataset.failed = String(error.message ?? error);
    return null;
  }
}

// Two versions side by side, moved together.
function together(views) {
  const [before, after] = views.filter(Boolean);
  if (!before || !after) return;
  const came = after.others.added?.length;
  if (!came && before.others.removed?.length) after.join(before);
  else before.join(after);
  before.follow(after);
  after.follow(before);
}

async function compare(element) {
  const { before, after, beforeName, afterName, added, removed, changed } = element.dataset;
  element.classList.add("qh-diff");
  const side = (diagram, name, marks) => {
    const figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    const frame = document.createElement("div");
    caption.textContent = name ?? "";
    frame.className = "diagram";
    Object.assign(frame.dataset, { diagram, ...marks });
    figure.append(caption, frame);
    element.append(figure);
    return fill(frame);
  };
  element.replaceChildren();
  together(await Promise.all([side(before, beforeName, { removed, changed }), side(after, afterName, { added, changed })]));
}

// Diagrams that the page itself put side by side: figures of one parent, one with what went, one with what came.
async function pair(elements) {
  const groups = new Map();
  for (const element of elements) {
    const view = fill(element);
    if (!("removed" in element.dataset || "added" in element.dataset)) continue;
    const parent = (element.closest("figure, section") ?? element).parentElement;
    groups.set(parent, [...(groups.get(parent) ?? []), view]);
  }
  for (const views of groups.values()) together(await Promise.all(views));
}

window.qihang = Object.assign(window.qihang ?? {}, { showDiagram });
pair(document.querySelectorAll("[data-diagram]"));
for (const element of document.querySelectorAll("[data-studio-diff]")) compare(element);
