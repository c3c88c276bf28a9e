// form-js writes defaults and its own order of keys. What the reader did not touch stays as it was in the file, so
// that a comparison shows what was changed and nothing else.
export function tidy(schema, before) {
  const known = new Map();
  collect(before, known);
  return { ...inOrder(schema, before, known), ...kept(before) };
}

const kept = ({ schemaVersion, exporter }) => JSON.parse(JSON.stringify({ schemaVersion, exporter })); // undefined goes

function collect(part, known) {
  for (const one of part?.components ?? []) {
    if (one.id) known.set(one.id, one);
    collect(one, known);
  }
}

function inOrder(part, before, known) {
  const names = [...Object.keys(before ?? {}).filter((name) => name in part), ...Object.keys(part).filter((name) => !(name in (before ?? {})))];
  const ordered = {};
  for (const name of names) {
    if (name === "showOutline" && part.showOutline === true && !(name in (before ?? {}))) continue; // the editor's default
    if (name === "values" && part.properties?.codes) continue; // the choices come from the list; what stands here is a sample
    ordered[name] = name === "components" ? part.components.map((one) => inOrder(one, known.get(one.id), known)) : part[name];
  }
  return ordered;
}
