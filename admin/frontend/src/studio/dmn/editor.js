// Decision tables: dmn-js, with the gaps and overlaps that the server finds, a row to try, and the way through Excel.
import Modeler from "dmn-js/lib/Modeler";

import { h, later } from "../dom.js";
import { loadStyle } from "../style.js";
import { say } from "../words.js";
import { translated } from "./chinese.js";
import style from "./editor.css?address";
import { Trial } from "./trial.js";

export async function open(stage, session, source) {
  await loadStyle(style);
  const bar = h("div", { class: "studio-bar", role: "toolbar", "aria-label": say("工具") });
  const frame = h("div", { class: "studio-decision" });
  stage.classList.add("studio-frame");
  stage.append(bar, frame);
  frame.inert = session.readonly;
  const modules = { additionalModules: [{ translate: ["value", translated(session.data.locale)] }] };
  const modeler = new Modeler({ container: frame, height: "100%", common: modules, drd: modules, decisionTable: modules, literalExpression: modules });

  const load = async (xml) => {
    await modeler.importXML(xml);
    const tables = modeler.getViews().filter(({ type }) => type === "decisionTable");
    if (tables.length) await modeler.open(tables[0]);
  };
  const watched = new WeakSet();
  const write = async () => (await modeler.saveXML({ format: true })).xml;
  const problems = new Problems(session, write);
  const looked = later(() => problems.look(), 900);
  const watch = () => {
    const bus = modeler.getActiveViewer()?.get("eventBus");
    if (!bus || watched.has(bus)) return;
    watched.add(bus);
    bus.on("commandStack.changed", () => {
      session.touched();
      looked();
    });
  };
  modeler.on("views.changed", watch);
  await load(source);
  watch();

  const trial = new Trial(session, write, modeler);
  stage.after(problems.box, trial.box);
  bar.append(...tools(session, modeler));
  problems.look();
  window.qihang = Object.assign(window.qihang ?? {}, { dmn: modeler });
  return { text: write, load, focus: ({ element }) => frame.querySelector(`[data-element-id="${CSS.escape(element ?? "")}"]`)?.scrollIntoView({ block: "center" }) };
}

function tools(session, modeler) {
  const button = (words, act) => h("button", { type: "button", class: "btn btn-sm btn-quiet", onclick: act }, words);
  const stack = () => modeler.getActiveViewer()?.get("commandStack");
  const address = `${session.api.base}/decision.xlsx`;
  const file = h("input", { type: "file", accept: ".xlsx", hidden: true, "aria-label": say("选择 Excel 文件") });
  file.addEventListener("change", async () => {
    const body = new FormData();
    body.append("file", file.files[0]);
    body.append("path", session.path);
    body.append("revision", session.revision);
    try {
      await session.api.send("POST", address, { body });
      location.reload();
    } catch (error) {
      session.say(say("没有读入：{why}", { why: error.message }), []);
    }
    file.value = "";
  });
  const views = modeler.getViews();
  const parts = [button(say("撤销"), () => stack()?.undo()), button(say("重做"), () => stack()?.redo())];
  if (views.length > 1) {
    const choose = h("select", { class: "input w-md", "aria-label": say("哪张表"), onchange: (event) => modeler.open(views[Number(event.target.value)]) },
      views.map((view, at) => h("option", { value: String(at) }, view.type === "drd" ? say("各张表的关系") : view.element.name || view.element.id)));
    choose.value = String(views.indexOf(modeler.getActiveView()));
    parts.push(choose);
  }
  parts.push(h("span", { class: "push" }), h("a", { class: "btn btn-sm btn-quiet", href: `${address}?path=${encodeURIComponent(session.path)}`, download: "" }, say("下载 Excel")));
  if (!session.readonly) parts.push(button(say("读入 Excel"), () => session.save().then(() => file.click())), file);
  return parts;
}

// Gaps and overlaps, in words; a rule that one is about wears a mark.
class Problems {
  constructor(session, write) {
    this.session = session;
    this.write = write;
    this.list = h("ul", { class: "studio-findings" });
    this.box = h("section", { class: "panel studio-below" }, h("header", {}, h("h2", {}, say("这张表有没有漏洞"))), h("div", { class: "body" }, this.list));
  }

  async look() {
    const asked = (this.asked = (this.asked ?? 0) + 1);
    let findings;
    try {
      ({ findings } = await this.session.api.decision(await this.write()));
    } catch (error) {
      findings = [{ severity: "warning", sentence: error.message }];
    }
    if (asked !== this.asked) return;
    const chip = (severity) => h("span", { class: `chip ${severity === "error" ? "bad" : "warn"}` }, severity === "error" ? say("要改") : say("请看"));
    this.list.replaceChildren(
      ...(findings.length
        ? findings.map((one) => h("li", {}, h("div", {}, chip(one.severity), h("span", {}, one.sentence))))
        : [h("li", {}, h("div", {}, h("span", { class: "chip ok" }, say("没有")), h("span", {}, say("没有漏掉的情况，也没有互相矛盾的规则。"))))]),
    );
    for (const row of document.querySelectorAll("tr.qh-rule")) row.classList.remove("qh-rule");
    for (const { rule } of findings) document.querySelector(`[data-row-id="${CSS.escape(rule ?? "")}"]`)?.closest("tr")?.classList.add("qh-rule");
  }
}
