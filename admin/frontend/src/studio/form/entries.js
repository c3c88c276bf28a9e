// Entries of the form editor's panel: one text, several lines, a choice, a tick; kept at a path in the field.
import { useEffect, useRef, useState } from "preact/hooks";

import { later } from "../dom.js";
import { html } from "./html.js";

const at = (field, path) => path.reduce((value, name) => value?.[name], field);

// A copy of `value` with what lies at the path set, or taken away where it is empty; empty objects go too.
function put(value, [name, ...rest], next) {
  const copy = Array.isArray(value) ? [...value] : { ...(value ?? {}) };
  const inner = rest.length ? put(copy[name], rest, next) : next;
  const empty = inner === "" || inner === undefined || (typeof inner === "object" && !Array.isArray(inner) && !Object.keys(inner).length);
  if (empty && !Array.isArray(copy)) delete copy[name];
  else copy[name] = inner;
  return copy;
}

function change(field, edit, path, next) {
  const [first, ...rest] = path;
  const value = rest.length ? put(field[first], rest, next) : next;
  edit(field, [first], value);
}

const id = (path) => `qh-${path.join("-")}`;
const entry = (component) => (field, edit, path, label, more) => ({
  id: id(path), component, field, edit, path, label, more, value: at(field, path), isEdited: () => at(field, path) !== undefined,
});

function useTyped(value, take) {
  const [typed, setTyped] = useState(value ?? "");
  const latest = useRef(take);
  latest.current = take;
  const soon = useRef(later((text) => latest.current(text), 400));
  useEffect(() => setTyped(value ?? ""), [value]);
  const type = (text) => {
    setTyped(text);
    soon.current(text);
  };
  const leave = (text) => {
    soon.current.stop();
    if (text !== (value ?? "")) latest.current(text);
  };
  return [typed, type, leave];
}

const frame = (path, label, control) => html`
  <div class="bio-properties-panel-entry" data-entry-id=${id(path)}>
    <label class="bio-properties-panel-label" for=${id(path)}>${label}</label>
    ${control}
  </div>`;

function Text({ field, edit, path, label, value }) {
  const [typed, type, leave] = useTyped(value, (next) => change(field, edit, path, next));
  return frame(path, label, html`<input id=${id(path)} class="bio-properties-panel-input" type="text" autocomplete="off" value=${typed} onInput=${(event) => type(event.target.value)} onBlur=${(event) => leave(event.target.value)} />`);
}

function Area({ field, edit, path, label, value }) {
  const [typed, type, leave] = useTyped(value, (next) => change(field, edit, path, next));
  return frame(path, label, html`<textarea id=${id(path)} class="bio-properties-panel-input" rows="3" value=${typed} onInput=${(event) => type(event.target.value)} onBlur=${(event) => leave(event.target.value)} />`);
}

// A list kept as one text with bars between: one a line, taken over when the reader leaves.
function Lines({ field, edit, path, label, value }) {
  const shown = (value ?? "").split("|").join("\n");
  const [typed, setTyped] = useState(shown);
  useEffect(() => setTyped(shown), [shown]);
  const leave = (written) => {
    const next = written.replaceAll("|", "\n").split("\n").map((one) => one.trim()).filter(Boolean).join("|");
    if (next !== (value ?? "")) change(field, edit, path, next);
  };
  return frame(path, label, html`<textarea id=${id(path)} class="bio-properties-panel-input" rows="4" value=${typed} onInput=${(event) => setTyped(event.target.value)} onBlur=${(event) => leave(event.target.value)} />`);
}

// Something done once, by a button.
function Press({ path, label, more: act }) {
  return html`
    <div class="bio-properties-panel-entry" data-entry-id=${id(path)}>
      <button type="button" class="qh-button" onClick=${act}>${label}</button>
    </div>`;
}

function Choose({ field, edit, path, label, value, more: options }) {
  return frame(path, label, html`
    <select id=${id(path)} class="bio-properties-panel-input" value=${value ?? ""} onChange=${(event) => change(field, edit, path, event.target.value)}>
      ${!options.some((one) => one.value === (value ?? "")) && html`<option value=${value ?? ""}>${value ?? ""}</option>`}
      ${options.map((one) => html`<option key=${one.value} value=${one.value}>${one.label}</option>`)}
    </select>`);
}

function Check({ field, edit, path, label, value, more: { on, off } = { on: true, off: undefined } }) {
  return html`
    <div class="bio-properties-panel-entry" data-entry-id=${id(path)}>
      <label class="qh-row"><input type="checkbox" checked=${value === on} onChange=${(event) => change(field, edit, path, event.target.checked ? on : off)} /> ${label}</label>
    </div>`;
}

export const text = entry(Text);
export const area = entry(Area);
export const lines = entry(Lines);
export const press = entry(Press);
export const choose = entry(Choose);
export const check = entry(Check);
