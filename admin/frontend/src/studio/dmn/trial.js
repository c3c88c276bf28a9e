// A row to try: what goes in, what comes out, and which rules said so.
import { h } from "../dom.js";
import { say } from "../words.js";

export class Trial {
  constructor(session, write, modeler) {
    this.session = session;
    this.write = write;
    this.modeler = modeler;
    this.fields = h("div", { class: "cols" });
    this.result = h("p", { role: "status" });
    const go = h("button", { type: "button", class: "btn", onclick: () => this.run() }, say("试一下"));
    this.box = h("section", { class: "panel studio-below" }, h("header", {}, h("h2", {}, say("试一行"))), h("div", { class: "body stack" }, this.fields, h("div", { class: "line" }, go, this.result)));
    this.draw();
    modeler.on("views.changed", () => this.draw());
  }

  decision() {
    const { element } = this.modeler.getActiveView() ?? {};
    return element?.$type === "dmn:Decision" ? element : null;
  }

  draw() {
    const inputs = this.decision()?.decisionLogic?.input ?? [];
    this.inputs = inputs.map((input) => ({ name: input.inputExpression?.text?.trim() ?? "", label: input.label || input.inputExpression?.text, type: input.inputExpression?.typeRef }));
    this.fields.replaceChildren(
      ...this.inputs.map((input, at) => h("div", { class: "field" }, h("label", { for: `try-${at}` }, input.label), h("input", { class: "input", id: `try-${at}`, type: input.type === "number" ? "number" : input.type === "date" ? "date" : "text" }))),
    );
    this.box.hidden = !inputs.length;
  }

  async run() {
    const values = {};
    this.inputs.forEach((input, at) => {
      const text = this.fields.querySelector(`#try-${at}`).value;
      put(values, input.name.split("."), text === "" ? null : input.type === "number" ? Number(text) : input.type === "boolean" ? ["true", "是"].includes(text) : text);
    });
    try {
      const { value, explained, problem } = await this.session.api.decision(await this.write(), { decision: this.decision().id, try: values });
      const words = [problem ?? (value === null ? say("没有一条规则符合。") : say("得出 {value}", { value: told(value) })), ...(explained ?? [])];
      this.result.textContent = words.join(" ");
    } catch (error) {
      this.result.textContent = error.message;
    }
  }
}

const told = (value) => (typeof value === "object" && value !== null ? JSON.stringify(value) : String(value));

function put(target, [name, ...rest], value) {
  if (!rest.length) target[name] = value;
  else put((target[name] ??= {}), rest, value);
}
