// Which form a step shows, with the way to it.
import { say } from "../../words.js";
import { Row, Select } from "./parts.jsx";
import { objectOf, useSet, useStudio, valueOf } from "./use.js";

export const formEntries = (none) => [{ id: "form", component: FormEntry, none }];

function FormEntry({ element, none }) {
  const { options } = useStudio();
  const set = useSet(element);
  const value = valueOf(objectOf(element), "qh:form");
  const chosen = options.forms.find((form) => form.key === value);
  const choices = [{ value: "", label: none ?? say("不填表单，点一下就办完") }, ...options.forms.map((form) => ({ value: form.key, label: form.title ? `${form.title}（${form.key}）` : form.key }))];
  return (
    <Row id="form" label={say("填哪张表单")}>
      <Select id="qh-form" value={value} options={choices} onChange={(key) => set({ "qh:form": key })} />
      {chosen && (
        <>
          {chosen.fields?.length > 0 && <div class="qh-hint">{chosen.fields.map((field) => field.label || field.key).join("、")}</div>}
          {chosen.url && <a class="qh-link" href={chosen.url}>{say("打开这张表单")}</a>}
        </>
      )}
    </Row>
  );
}
