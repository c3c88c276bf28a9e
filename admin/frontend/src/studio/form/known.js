// What a condition in a form may look at: the form's other fields, and what is known where a diagram shows the form.
export class Known {
  constructor(session, fields) {
    this.api = session.api;
    this.form = session.path.replace(/^forms\//, "").replace(/\.form$/, "");
    this.fields = fields;
    this.written = new Set(); // fields whose condition a person wants to write as an expression
    this.around = null; // what is known around the form does not change while the form is edited
  }

  // A promise of [{ path, label, type, values }] for the field with this id.
  async at(id) {
    this.around ??= this.ask().catch(() => []);
    const own = flat(this.fields()).filter((field) => field.key && field.id !== id).map(named);
    const taken = new Set(own.map(({ path }) => path));
    return [...own, ...(await this.around).filter(({ path, type }) => !taken.has(path) && !/^(context|list)/.test(type))];
  }

  async ask() {
    const { files } = await this.api.send("GET", "");
    const diagrams = files.filter(({ path }) => path.endsWith(".bpmn"));
    const texts = await Promise.all(diagrams.map(({ path }) => this.api.send("GET", this.api.file(path), { raw: true }).then((answer) => answer.text())));
    const answers = await Promise.all(texts.flatMap((text) => showing(text, this.form)).map((element) => this.api.names(element)));
    return [...new Map(answers.flatMap(({ names }) => names).map((name) => [name.path, name])).values()];
  }
}

const flat = (components = []) => components.flatMap((one) => [one, ...flat(one.components)]);

const showing = (text, form) =>
  [...new DOMParser().parseFromString(text, "application/xml").querySelectorAll("*")]
    .filter((one) => one.getAttributeNS("urn:qihang:bpmn", "form") === form)
    .map((one) => one.getAttribute("id"));

const TYPES = { number: "number", checkbox: "boolean", datetime: "date" };
const named = ({ key, label, type, values }) => ({
  path: key,
  label: label || key,
  type: TYPES[type] ?? "string",
  values: values?.map((one) => ({ value: one.value, label: one.label })) ?? null,
});
