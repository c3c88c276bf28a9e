// Conditions and moments as the office says them, and the FEEL they are written in. What a person wrote by hand in
// another form is left as it is and shown as an expression.

const LITERAL = /^(?:"((?:[^"\\]|\\.)*)"|(-?\d+(?:\.\d+)?)|(true|false|null)|date\("(\d{4}-\d\d-\d\d)"\))$/;
const PATH = "[\\p{L}_][\\p{L}\\p{N}_]*(?:\\.[\\p{L}_][\\p{L}\\p{N}_]*)*";
const TERM = new RegExp(`^(${PATH})\\s*(<=|>=|!=|=|<|>)\\s*(.+)$`, "u");
const NOT = new RegExp(`^not\\((${PATH})\\)$`, "u");
const BARE = new RegExp(`^(${PATH})$`, "u");

export const strip = (text) => (text ?? "").trim().replace(/^=\s*/, "");

// [{ path, op, value, kind }] and the word between them, or null where the builder cannot say it.
export function readCondition(text) {
  const body = strip(text);
  if (!body) return { terms: [], join: "and" };
  for (const join of ["and", "or"]) {
    const parts = split(body, ` ${join} `);
    if (!parts) return null;
    const terms = parts.map(readTerm);
    if (terms.every(Boolean) && (parts.length > 1 || join === "and")) return { terms, join };
    if (parts.length > 1) return null;
  }
  return null;
}

function readTerm(text) {
  const term = text.trim();
  const not = NOT.exec(term);
  if (not) return { path: not[1], op: "=", value: "false", kind: "boolean" };
  const bare = BARE.exec(term);
  if (bare && !["true", "false", "null"].includes(bare[1])) return { path: bare[1], op: "=", value: "true", kind: "boolean" };
  const compared = TERM.exec(term);
  const literal = compared && LITERAL.exec(compared[3].trim());
  if (!literal) return null;
  const [, string, number, word, date] = literal;
  if (string !== undefined) return { path: compared[1], op: compared[2], value: string.replace(/\\(.)/g, "$1"), kind: "string" };
  if (number !== undefined) return { path: compared[1], op: compared[2], value: number, kind: "number" };
  if (date !== undefined) return { path: compared[1], op: compared[2], value: date, kind: "date" };
  return { path: compared[1], op: compared[2], value: word, kind: word === "null" ? "null" : "boolean" };
}

// At the separators that stand neither in quotes nor in brackets; null where those do not match.
function split(text, separator) {
  const parts = [""];
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"' && text[at - 1] !== "\\") quoted = !quoted;
    if (!quoted && "([{".includes(sign)) depth += 1;
    if (!quoted && ")]}".includes(sign)) depth -= 1;
    if (!quoted && depth === 0 && text.startsWith(separator, at)) {
      parts.push("");
      at += separator.length - 1;
    } else parts[parts.length - 1] += sign;
  }
  return depth === 0 && !quoted ? parts : null;
}

export const quote = (text) => `"${String(text).replace(/(["\\])/g, "\\$1")}"`;

export function writeCondition({ terms, join }) {
  if (!terms.length) return "";
  return `=${terms.map(writeTerm).join(` ${join} `)}`;
}

function writeTerm({ path, op, value, kind }) {
  if (kind === "string") return `${path} ${op} ${quote(value)}`;
  if (kind === "date") return `${path} ${op} date(${quote(value)})`;
  if (kind === "boolean" && op === "=") return value === "true" ? path : `not(${path})`;
  return `${path} ${op} ${value === "" ? "0" : value}`;
}

// A moment: { kind: none|days|hours|workdays|on|field|near|raw, … }
const DURATION = /^(?:duration\()?"?P(?:(\d+)D|T(\d+)H)"?\)?$/;
const WORKING = /^working days\(\s*today\(\)\s*,\s*(\d+)\s*\)$/;
const WORKING_AT = /^date and time\(\s*working days\(\s*today\(\)\s*,\s*(\d+)\s*\)\s*,\s*time\("(\d\d:\d\d)(?::\d\d)?"\)\s*\)$/;
const FIELD = new RegExp(`^${PATH}$`, "u");
const NEAR = new RegExp(`^date and time\\(\\s*(${PATH})(?:\\s*([-+])\\s*duration\\("P(\\d+)D"\\))?\\s*,\\s*time\\("(\\d\\d:\\d\\d)(?::\\d\\d)?"\\)\\s*\\)$`, "u");

const ON = /^(?:date and time\("(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d)?"\)|date and time\(\s*date\("(\d{4}-\d\d-\d\d)"\)\s*,\s*time\("(\d\d:\d\d)(?::\d\d)?"\)\s*\))$/;

export function readMoment(text) {
  const body = strip(text);
  if (!body) return { kind: "none" };
  const on = ON.exec(body);
  if (on) return { kind: "on", date: on[1] ?? on[3], at: on[2] ?? on[4] };
  const duration = DURATION.exec(body);
  if (duration) return duration[1] ? { kind: "days", n: duration[1] } : { kind: "hours", n: duration[2] };
  const working = WORKING.exec(body);
  if (working) return { kind: "workdays", n: working[1] };
  const workingAt = WORKING_AT.exec(body);
  if (workingAt) return { kind: "workdays", n: workingAt[1], at: workingAt[2] };
  const near = NEAR.exec(body);
  if (near) return { kind: "near", path: near[1], side: near[2] === "+" ? "after" : "before", n: near[3] ?? "0", at: near[4] };
  if (FIELD.test(body)) return { kind: "field", path: body };
  return { kind: "raw", text };
}

export function writeMoment(moment) {
  const n = moment.n;
  switch (moment.kind) {
    case "days": return `P${n}D`;
    case "hours": return `PT${n}H`;
    case "workdays": return moment.at ? `=date and time(working days(today(), ${n}), time("${moment.at}:00"))` : `=working days(today(), ${n})`;
    case "on": return `=date and time(date("${moment.date}"), time("${moment.at}:00"))`;
    case "field": return moment.path ? `=${moment.path}` : "";
    case "near": {
      if (!moment.path) return "";
      const days = n === "0" ? "" : ` ${moment.side === "after" ? "+" : "-"} duration("P${n}D")`;
      return `=date and time(${moment.path}${days}, time("${moment.at || "09:00"}:00"))`;
    }
    case "raw": return moment.text ?? "";
    default: return "";
  }
}

// Which of BPMN's three timers a moment is.
export const timerOf = (moment) => (["days", "hours"].includes(moment.kind) || /^=?\s*(duration\(|P)/.test(moment.text ?? "") ? "timeDuration" : "timeDate");
