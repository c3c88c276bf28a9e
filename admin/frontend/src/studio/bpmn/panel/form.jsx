// Which form a step shows, with the way to it, and a new one where none fits.
import { useState } from "@bpmn-io/properties-panel/preact/hooks";

import { say } from "../../words.js";
import { Row, Select } from "./parts.jsx";
import { objectOf, useSet, useStudio, valueOf } from "./use.js";

const NAME = /^[a-z][a-z0-9_]*$/;

export const formEntries = (none) => [{ id: "form", component: FormEntry, none }];

function FormEntry({ element, none }) {
  const { options } = useStudio();
  const set = useSet(element);
  const value = valueOf(objectOf(element), "qh:form");
  const chosen = options.forms.find((form) => form.key === value);
  const choices = [{ value: "", label: none ?? say("不填表单，点一下就办完") }, ...options.forms.map((form) => ({ value: form.key, label: form.title ? `${form.title}（${form.key}）` : form.key }))];
  const choose = (key) => set({ "qh:form": key });
  return (
    <Row id="form" label={say("填哪张表单")}>
      <Select id="qh-form" value={value} options={choices} onChange={choose} />
      {chosen && (
        <>
          {chosen.fields?.length > 0 && <div class="qh-hint">{chosen.fields.map((field) => field.label || field.key).join("、")}</div>}
          {chosen.url && <a class="qh-link" href={chosen.url}>{say("打开这张表单")}</a>}
        </>
      )}
      <NewForm key={element.id} onMade={choose} />
    </Row>
  );
}

// An empty form in the draft, of the flow's own area; it is filled in its editor.
function NewForm({ onMade }) {
  const { options, session } = useStudio();
  const [name, setName] = useState(null);
  const [problem, setProblem] = useState("");
  if (session.readonly) return null;
  if (name === null) return <button type="button" class="qh-link" onClick={() => setName("")}>{say("新建一张表单")}</button>;
  const make = async () => {
    const key = `${session.path.split("/").slice(1, -1).join("/")}/${name}`;
    if (!NAME.test(name)) return setProblem(say("只用小写英文字母、数字和下划线，字母开头。"));
    if (options.forms.some((form) => form.key === key)) return setProblem(say("已经有这个名字的表单了。"));
    try {
      const path = `forms/${key}.form`;
      await session.api.create(path, `${JSON.stringify({ type: "default", id: key.replace("/", "_"), schemaVersion: 18, components: [] }, null, 2)}\n`);
      const url = `${location.pathname}?${new URLSearchParams({ file: path })}`;
      options.forms.push({ key, path, title: name, url, fields: [] });
      setName(null);
      return onMade(key);
    } catch (error) {
      return setProblem(error.message);
    }
  };
  return (
    <div>
      <label class="bio-properties-panel-label" for="qh-new-form">{say("新表单的名字（英文）")}</label>
      <div class="qh-row">
        <input id="qh-new-form" class="bio-properties-panel-input" type="text" autoComplete="off" value={name} onInput={(event) => setName(event.target.value)} />
        <button type="button" class="qh-button" onClick={make}>{say("建立")}</button>
      </div>
      {problem && <div class="qh-problem" role="alert">{problem}</div>}
    </div>
  );
}
