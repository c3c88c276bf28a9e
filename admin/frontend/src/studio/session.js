// One file of a draft, open in an editor: it is saved as one types, others are told, and nothing is overwritten
// silently. The editor gives { text(), load(text), show(findings), focus? } and calls session.touched().
import { Api, Refused } from "./api.js";
import { download, h, later } from "./dom.js";
import { FindingList } from "./findings.js";
import { say } from "./words.js";

const SAVE_AFTER = 800;
const HEARTBEAT = 30_000;
const clock = () => new Date().toTimeString().slice(0, 5);

export class Session {
  constructor(mount) {
    this.mount = mount;
    this.data = mount.dataset;
    this.path = this.data.path;
    this.revision = this.data.revision;
    this.readonly = this.data.readonly === "1";
    this.api = new Api(this.data);
    this.fallback = mount.querySelector(".studio-fallback") ?? mount.querySelector("form");
    this.status = document.querySelector("[data-studio-status]") ?? h("p", { role: "status", class: "muted small" });
    this.people = document.querySelector("[data-studio-people]") ?? h("p", { class: "muted small" });
    this.findings = new FindingList(this);
    this.saveSoon = later(() => this.save(), SAVE_AFTER);
    this.dirty = false;
    this.saving = null;
  }

  // What the panels offer, on its way while the editor itself is.
  ask() {
    this.options = this.api.options();
    this.options.catch(() => {}); // the editor that waits for it tells
  }

  async open(openEditor) {
    const text = this.fallback?.querySelector("textarea")?.value ?? (await (await this.api.send("GET", this.api.file(), { raw: true })).text());
    this.stage = h("div", { class: "studio-stage", hidden: true });
    this.notice = h("div", { class: "studio-notice", role: "alert", hidden: true });
    this.mount.append(this.notice, this.stage);
    for (const part of [this.people, this.status]) if (!part.isConnected) this.mount.prepend(part);
    // The stage has to be in sight while the editor measures it.
    this.stage.hidden = false;
    if (this.fallback) this.fallback.hidden = true;
    try {
      this.editor = await openEditor(this.stage, this, text);
    } catch (error) {
      this.stage.remove();
      throw error;
    }
    this.saved = text;
    this.listen();
    if (!this.readonly) this.beat();
    this.check();
  }

  giveUp(sentence) {
    if (this.fallback) this.fallback.hidden = false;
    this.mount.dataset.failed = sentence;
    this.mount.prepend(h("div", { class: "banner warn", role: "alert" }, h("p", {}, sentence)));
  }

  listen() {
    document.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
      event.preventDefault();
      this.save();
    }, true);
    window.addEventListener("beforeunload", (event) => {
      if (this.dirty) event.preventDefault();
    });
    // A link out of the page takes what was typed with it.
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("a[href]");
      if (!link || !this.dirty || this.stuck || event.defaultPrevented || link.target || link.download) return;
      if (new URL(link.href, location.href).origin !== location.origin || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.save().finally(() => location.assign(link.href));
    });
  }

  // The editor's content has changed.
  touched() {
    if (this.readonly) return;
    this.dirty = true;
    this.tell(say("有改动，马上保存"), "changed");
    if (!this.stuck) this.saveSoon();
  }

  async save() {
    this.saveSoon.stop();
    if (this.readonly || this.stuck || !this.dirty) return;
    if (this.saving) return this.saving.then(() => this.save());
    this.saving = this.put().finally(() => (this.saving = null));
    return this.saving;
  }

  async put() {
    let text;
    try {
      text = await this.editor.text();
    } catch (error) {
      return this.tell(error.message, "failed"); // half typed; the editor says what is missing
    }
    this.dirty = false;
    if (text === this.saved) return this.tell(say("已保存"), "saved");
    this.tell(say("保存中"), "saving");
    try {
      const { revision } = await this.api.save(text, this.revision);
      this.revision = this.data.revision = revision;
      this.saved = text;
      this.notice.hidden = true;
      if (!this.dirty) this.tell(say("已保存 {at}", { at: clock() }), "saved");
      this.check();
    } catch (error) {
      this.dirty = true;
      if (!(error instanceof Refused)) return this.refused(new Refused(500, { detail: say("服务器的回答看不懂") })); // a proxy's page
      if (error.problem.code === "stale") this.conflict(error.problem, text);
      else this.refused(error);
    }
  }

  refused(error) {
    this.tell(say("没有保存"), "failed");
    if (error.problem.code === "closed") this.stuck = true;
    const again = h("button", { class: "btn btn-sm", type: "button", onclick: () => this.save() }, say("再试一次"));
    this.say(say("没有保存：{why}", { why: error.message }), this.stuck ? [] : [again]);
    if (error.status === 0 || error.status >= 500) setTimeout(() => this.save(), 5000);
  }

  // Someone else saved since: the choice is the reader's, and both texts exist until it is made.
  conflict(problem, mine) {
    this.stuck = true;
    this.tell(say("有冲突"), "conflict");
    const when = problem.at ? String(problem.at).slice(11, 16) : "";
    const name = this.path.split("/").pop();
    const done = () => {
      this.stuck = false;
      this.notice.hidden = true;
    };
    const button = (words, act) => h("button", { class: "btn btn-sm", type: "button", onclick: act }, words);
    this.say(
      problem.detail || say("{by} {when} 保存过这个文件。你的改动还没有保存，什么都没有丢。", { by: problem.by ?? "", when }),
      [
        button(say("重新载入（用对方的）"), async () => {
          this.revision = this.data.revision = problem.revision;
          this.saved = problem.theirs;
          await this.editor.load(problem.theirs);
          this.dirty = false;
          done();
          this.tell(say("已载入 {by} 的版本", { by: problem.by ?? "" }), "saved");
          this.check();
        }),
        button(say("把我的另存到电脑"), () => download(`${say("我的")}-${name}`, mine)),
        button(say("用我的覆盖"), () => {
          this.revision = this.data.revision = problem.revision;
          done();
          this.dirty = true;
          this.save();
        }),
      ],
    );
  }

  say(sentence, buttons) {
    this.notice.replaceChildren(h("div", { class: "banner warn" }, h("p", {}, sentence), h("div", { class: "line" }, buttons)));
    this.notice.hidden = false;
  }

  tell(words, state) {
    this.status.textContent = words;
    this.status.dataset.state = this.data.state = state;
  }

  async beat() {
    try {
      const { editing } = await this.api.editing();
      const other = editing && !editing.me && editing.active;
      this.people.textContent = other ? say("{name} 也开着这份草稿", { name: editing.name }) : "";
    } catch {
      // told when something is saved
    }
    setTimeout(() => this.beat(), HEARTBEAT);
  }

  async check() {
    const asked = (this.asked = (this.asked ?? 0) + 1);
    this.findings.wait();
    try {
      const answer = await this.api.check();
      if (asked !== this.asked) return;
      this.findings.fill(answer);
      this.editor.show?.(answer.findings.filter((finding) => finding.file === this.path));
    } catch (error) {
      if (asked === this.asked) this.findings.failed(error.message);
    }
  }

  // The reader chose a finding of this file.
  go(finding) {
    this.editor.focus?.(finding);
  }
}
