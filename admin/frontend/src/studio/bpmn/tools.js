// The bar over the diagram: undo, look, find, take away as a picture.
import { download, h } from "../dom.js";
import { say } from "../words.js";
import { whole } from "./view.js";

export function tools(bar, modeler, session, stage) {
  const canvas = modeler.get("canvas");
  const stack = modeler.get("commandStack");
  const button = (words, act, title) => h("button", { type: "button", class: "btn btn-sm btn-quiet", onclick: act, title }, words);
  const undo = button(say("撤销"), () => stack.undo(), "Ctrl+Z");
  const redo = button(say("重做"), () => stack.redo(), "Ctrl+Y");
  const zoom = (factor) => canvas.zoom(Math.min(3, Math.max(0.2, canvas.zoom() * factor)));
  const widen = () => {
    const on = stage.classList.toggle("studio-wide");
    wide.textContent = on ? say("回到页面") : say("占满窗口");
    canvas.resized();
  };
  const wide = button(say("占满窗口"), widen, "F2");
  document.addEventListener("keydown", (event) => {
    if (event.key === "F2") widen();
  });
  const name = session.path.split("/").pop().replace(/\.bpmn$/, "");
  bar.append(
    undo,
    redo,
    button(say("放大"), () => zoom(1.2), "Ctrl++"),
    button(say("缩小"), () => zoom(1 / 1.2), "Ctrl+-"),
    button(say("看全图"), () => whole(canvas), "Ctrl+0"),
    button(say("查找"), () => modeler.get("searchPad").toggle(), "Ctrl+F"),
    h("span", { class: "push" }),
    wide,
    button(say("存为图片 SVG"), async () => download(`${name}.svg`, (await modeler.saveSVG()).svg, "image/svg+xml")),
    button(say("下载 BPMN"), async () => download(`${name}.bpmn`, (await modeler.saveXML({ format: true })).xml, "application/xml")),
  );
  const able = () => {
    undo.disabled = !stack.canUndo();
    redo.disabled = !stack.canRedo();
  };
  modeler.on("commandStack.changed", able);
  able();
}
