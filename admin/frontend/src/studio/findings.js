// The checker's findings in words; one of this file leads to its element, one of another file to its editor.
import { h } from "./dom.js";
import { say } from "./words.js";

export class FindingList {
  constructor(session) {
    this.session = session;
    this.box = document.querySelector("[data-studio-findings]");
    if (!this.box) {
      this.box = h("aside", { class: "panel", "data-studio-findings": "" });
      session.mount.after(this.box);
    }
    this.box.setAttribute("aria-label", say("检查结果"));
    this.title = this.box.querySelector("h2") ?? h("h2");
    this.body = this.box.querySelector(".body") ?? h("div", { class: "body" });
    if (!this.body.isConnected) this.box.append(h("header", {}, this.title), this.body);
  }

  wait() {
    this.box.setAttribute("aria-busy", "true");
  }

  failed(why) {
    this.box.removeAttribute("aria-busy");
    this.title.textContent = say("检查");
    this.body.replaceChildren(h("p", { class: "muted small" }, say("现在查不了：{why}", { why })));
  }

  fill({ findings, limit }) {
    this.box.removeAttribute("aria-busy");
    const own = findings.filter((finding) => finding.file === this.session.path);
    const rest = findings.filter((finding) => finding.file !== this.session.path);
    const errors = findings.filter((finding) => finding.severity === "error").length;
    const title = errors ? say("还有 {n} 处要改", { n: errors }) : findings.length ? say("可以发布，{n} 处请看一下", { n: findings.length }) : say("没有发现问题");
    this.box.dataset.errors = String(errors);
    this.title.textContent = title;
    const parts = [];
    if (limit) parts.push(h("p", { class: "muted small" }, say("图太大，没有查完全部走法。")));
    if (findings.length) parts.push(h("ol", { class: "studio-findings" }, [...own, ...rest].map((finding) => this.line(finding))));
    else parts.push(h("p", { class: "muted" }, say("这份草稿可以发布。")));
    this.body.replaceChildren(...parts);
  }

  line(finding) {
    const here = finding.file === this.session.path;
    const chip = finding.severity === "error" ? h("span", { class: "chip bad" }, say("要改")) : h("span", { class: "chip warn" }, say("请看"));
    const where = finding.name || (here ? "" : finding.file?.split("/").pop()) || "";
    const words = [chip, h("span", {}, where ? h("b", {}, where, " ") : null, finding.sentence)];
    if (here && finding.element) {
      return h("li", {}, h("button", { type: "button", "data-element": finding.element, onclick: () => this.session.go(finding) }, words));
    }
    if (!here && finding.url) return h("li", {}, h("a", { href: finding.url }, words));
    return h("li", {}, h("div", {}, words));
  }
}
