// Controls of the panel: official entries bound to an attribute, and the few that the library does not have.
import {
  CheckboxEntry,
  isCheckboxEntryEdited,
  isTextFieldEntryEdited,
  TextFieldEntry,
} from "@bpmn-io/properties-panel";
import { useEffect, useRef, useState } from "@bpmn-io/properties-panel/preact/hooks";
import { useService } from "bpmn-js-properties-panel";

import { later } from "../../dom.js";
import { say } from "../../words.js";
import { objectOf, useKnown, useSet, useStudio, valueOf } from "./use.js";

function Attribute({ as: Entry, element, id, name, label, description, object, options, validate, placeholder }) {
  const target = object ? object(element) : objectOf(element);
  const set = useSet(element, target);
  const debounce = useService("debounceInput");
  return (
    <Entry
      element={element} id={id} label={label} description={description} debounce={debounce} validate={validate} placeholder={placeholder}
      getValue={() => valueOf(target, name)} setValue={(value) => set({ [name]: value })} getOptions={options}
    />
  );
}

const entry = (as, isEdited) => (name, label, more = {}) => ({
  id: name.replace(":", "-"), component: Attribute, as, isEdited, name, label, ...more,
});
export const textEntry = entry(TextFieldEntry, isTextFieldEntryEdited);

// An attribute "true" or absent.
export const flagEntry = (name, label, more = {}) => ({ id: name.replace(":", "-"), component: Flag, isEdited: isCheckboxEntryEdited, name, label, ...more });
function Flag({ element, id, name, label, description, object }) {
  const target = object ? object(element) : objectOf(element);
  const set = useSet(element, target);
  return (
    <CheckboxEntry element={element} id={id} label={label} description={description}
      getValue={() => valueOf(target, name) === "true"} setValue={(on) => set({ [name]: on ? "true" : undefined })} />
  );
}

export function Row({ id, label, children, description }) {
  return (
    <div class="bio-properties-panel-entry" data-entry-id={id}>
      {label && <label class="bio-properties-panel-label" for={`qh-${id}`}>{label}</label>}
      {children}
      {description && <div class="bio-properties-panel-description">{description}</div>}
    </div>
  );
}

export function Select({ id, value, options, onChange, label }) {
  const known = options.some((option) => option.value === value);
  return (
    <select id={id} class="bio-properties-panel-input" value={value} aria-label={label} onChange={(event) => onChange(event.target.value)}>
      {!known && <option value={value}>{value}</option>}
      {options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
    </select>
  );
}

// Text that is taken over when the reader pauses or leaves.
export function Input({ id, value, onChange, label, type = "text", list, min }) {
  const [typed, setTyped] = useState(value);
  const latest = useRef(onChange);
  latest.current = onChange;
  const soon = useRef(later((text) => latest.current(text), 400));
  useEffect(() => setTyped(value), [value]);
  const now = (text) => {
    soon.current.stop();
    if (text !== value) onChange(text);
  };
  return (
    <input id={id} class="bio-properties-panel-input" type={type} value={typed} aria-label={label} list={list} min={min} spellcheck={false} autoComplete="off"
      onInput={(event) => { setTyped(event.target.value); soon.current(event.target.value); }} onBlur={(event) => now(event.target.value)} />
  );
}

// A FEEL expression for the practised: names to insert, and what the server says of it.
export function Feel({ element, id, value, onChange, label, names: given }) {
  const known = useKnown(element);
  const names = given ?? known;
  const { known: server } = useStudio();
  const [typed, setTyped] = useState(value);
  const [problem, setProblem] = useState("");
  const latest = useRef(onChange);
  latest.current = onChange;
  const soon = useRef(later((text) => latest.current(text), 500));
  const field = useRef();
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (!value) return setProblem("");
    let wanted = true;
    server.judge(value, element.id).then((answer) => wanted && setProblem(answer.ok ? "" : answer.detail)).catch(() => {});
    return () => (wanted = false);
  }, [value, element.id]);
  const change = (text) => { setTyped(text); soon.current(text); };
  const insert = (path) => {
    const { selectionStart: from, selectionEnd: to } = field.current;
    change(`${typed.slice(0, from)}${path}${typed.slice(to)}`);
    field.current.focus();
  };
  return (
    <div>
      <textarea ref={field} id={id} class="bio-properties-panel-input" rows="2" value={typed} aria-label={label} spellcheck={false}
        onInput={(event) => change(event.target.value)}
        onBlur={(event) => { soon.current.stop(); if (event.target.value !== value) onChange(event.target.value); }} />
      {names.length > 0 && (
        <select class="bio-properties-panel-input" aria-label={say("插入")} value="" onChange={(event) => { insert(event.target.value); event.target.value = ""; }}>
          <option value="">{say("插入已知的内容…")}</option>
          {grouped(names).map(([group, some]) => (
            <optgroup key={group} label={group}>{some.map((name) => <option key={name.path} value={name.path}>{name.label}（{name.path}）</option>)}</optgroup>
          ))}
        </select>
      )}
      {problem && <div class="qh-problem" role="alert">{problem}</div>}
    </div>
  );
}

export function grouped(names) {
  const groups = new Map();
  for (const name of names) {
    const group = name.group || say("前面填的和得出的");
    groups.set(group, [...(groups.get(group) ?? []), name]);
  }
  return [...groups];
}

export const feelEntry = (name, label, more = {}) => ({ id: name.replace(":", "-"), component: FeelAttribute, name, label, isEdited: (node) => Boolean(node?.value), ...more });
function FeelAttribute({ element, id, name, label, description, object }) {
  const target = object ? object(element) : objectOf(element);
  const set = useSet(element, target);
  return (
    <Row id={id} label={label} description={description}>
      <Feel element={element} id={`qh-${id}`} value={valueOf(target, name)} onChange={(text) => set({ [name]: text })} />
    </Row>
  );
}

// Several of a list, kept as one text with `between` between them.
export const checksEntry = (name, label, more) => ({ id: name.replace(":", "-"), component: Checks, name, label, ...more });
function Checks({ element, id, name, label, options, between = " ", empty, foot }) {
  const studio = useStudio();
  const injector = useService("injector");
  const set = useSet(element);
  const chosen = valueOf(objectOf(element), name).split(/[\s,，]+/).filter(Boolean);
  const offered = options(studio.options, element, injector);
  const all = [...offered, ...chosen.filter((one) => !offered.some((option) => option.value === one)).map((value) => ({ value, label: value, note: say("没有这一项了") }))];
  const toggle = (value) => {
    const next = chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value];
    set({ [name]: next.join(between) });
  };
  return (
    <Row id={id} label={label}>
      {all.length ? (
        <div class="qh-checks" role="group" aria-label={label}>
          {all.map(({ value, label: words, note }) => (
            <label key={value}>
              <input type="checkbox" checked={chosen.includes(value)} onChange={() => toggle(value)} value={value} />
              <span>{words} {note && <small>{note}</small>}</span>
            </label>
          ))}
        </div>
      ) : <div class="qh-hint">{empty}</div>}
      {foot?.(studio.options)}
    </Row>
  );
}

export const rolesEntry = (label) => checksEntry("qh:by", label, {
  between: ",",
  options: ({ roles }) => roles.filter(({ kind }) => kind).map((role) => ({ value: role.name, label: role.label ?? role.name })),
});
