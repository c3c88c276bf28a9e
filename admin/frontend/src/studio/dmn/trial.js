// A row to try: what goes in, what comes out, and which rules said so.
import { h } from "../dom.js";
import { say } from "../words.js";
import { quote } from "../bpmn/feel.js";

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
      ...this.inputs.map((input, at) => h("div", { class: "field" }, h("label", { for: `try-${at}` }, input.label), field(input, `try-${at}`))),
    );
    this.box.hidden = !inputs.length;
  }

  async run() {
    const values = {};
    this.inputs.forEach((input, at) => {
      const text = this.fields.querySelector(`#try-${at}`).value;
      put(values, input.name.split("."), literal(text, input.type));
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

const KINDS = { number: "number", date: "date", time: "time", dateTime: "datetime-local" };

function field(input, id) {
  if (input.type !== "boolean") return h("input", { class: "input", id, type: KINDS[input.type] ?? "text", step: "any" });
  const option = (value, words) => h("option", { value }, words);
  return h("select", { class: "input", id }, option("", say("没有填")), option("true", say("是")), option("false", say("否")));
}

// What was typed, as a FEEL literal of the column's type: 31 in a column of text is the text 31.
function literal(text, type) {
  if (text === "") return null;
  switch (type) {
    case "number": return text;
    case "boolean": return text;
    case "date": return `date(${quote(text)})`;
    case "time": return `time(${quote(text.length === 5 ? `${text}:00` : text)})`;
    case "dateTime": return `date and time(${quote(text.length === 16 ? `${text}:00` : text)})`;
    case "dayTimeDuration":
    case "yearMonthDuration": return `duration(${quote(text)})`;
    case "string": return quote(text);
    default: return text;
  }
}

const told = (value) => (typeof value === "object" && value !== null ? JSON.stringify(value) : String(value));

function put(target, [name, ...rest], value) {
  if (!rest.length) target[name] = value;
  else put((target[name] ??= {}), rest, value);
}
