// Fields that come and go with an answer. The server decides; this follows the simple conditions at once:
// comparisons of a field with a literal (=, !=), and, or, not(), brackets. What it cannot read it leaves as it is.
(() => {
  const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|(-?\d+(?:\.\d+)?)|([\p{L}_][\p{L}\p{N}_]*)|(!=|=|\(|\)))/uy;
  const WORDS = new Set(["and", "or", "not", "true", "false", "null"]);

  function tokens(text) {
    const found = [];
    const source = text.trim().replace(/^=/, "");
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < source.length) {
      const from = TOKEN.lastIndex;
      const match = TOKEN.exec(source);
      if (!match) {
        if (source.slice(from).trim() === "") break;
        throw new Error(`not read: ${source.slice(from)}`);
      }
      if (match[1] !== undefined) found.push({ value: JSON.parse(`"${match[1]}"`) });
      else if (match[2] !== undefined) found.push({ value: Number(match[2]) });
      else if (match[3] !== undefined && !WORDS.has(match[3])) found.push({ name: match[3] });
      else found.push({ sign: match[3] ?? match[4] });
    }
    return found;
  }

  // Returns a function of the form, true where the condition holds.
  function compile(text) {
    const rest = tokens(text);
    const next = (sign) => rest[0]?.sign === sign && rest.shift();
    const need = (sign) => {
      if (!next(sign)) throw new Error(`no ${sign}`);
    };
    const literals = { true: true, false: false, null: null };
    function operand() {
      const token = rest.shift();
      if (!token) throw new Error("ended early");
      if ("value" in token) return { literal: token.value };
      if (token.sign in literals) return { literal: literals[token.sign] };
      if (token.name) return { name: token.name };
      throw new Error("not read");
    }
    function comparison() {
      if (next("not")) {
        need("(");
        const inner = or();
        need(")");
        return (form) => !inner(form);
      }
      if (next("(")) {
        const inner = or();
        need(")");
        return inner;
      }
      const left = operand();
      const unequal = next("!=");
      if (!unequal) need("=");
      const right = operand();
      const [field, other] = left.name ? [left, right] : [right, left];
      if (!field.name || !("literal" in other)) throw new Error("not read");
      return (form) => same(form, field.name, other.literal) !== Boolean(unequal);
    }
    const chain = (sign, part, join) => () => {
      let left = part();
      while (next(sign)) {
        const [before, right] = [left, part()];
        left = (form) => join(before(form), right(form));
      }
      return left;
    };
    const and = chain("and", comparison, (a, b) => a && b);
    const or = chain("or", and, (a, b) => a || b);
    const found = or();
    if (rest.length) throw new Error("not read to the end");
    return found;
  }

  function same(form, name, literal) {
    const controls = [...form.elements].filter((one) => one.name === name);
    if (!controls.length || controls.some((one) => one.closest("[data-hide][hidden]"))) return literal === null;
    const first = controls[0];
    if (first.type === "checkbox" && typeof literal === "boolean") return first.checked === literal;
    const value =
      first.type === "radio" || first.type === "checkbox" ? (controls.find((one) => one.checked)?.value ?? "") : first.value;
    if (literal === null) return value === "";
    if (typeof literal === "boolean") {
      const options = first.options ? [...first.options].map((one) => one.value).filter(Boolean) : controls.map((one) => one.value);
      return value !== "" && (value === options[0]) === literal;
    }
    return typeof literal === "number" ? value !== "" && Number(value) === literal : value === literal;
  }

  for (const form of document.querySelectorAll("form[data-conditions]")) {
    const parts = [];
    for (const part of form.querySelectorAll("[data-hide]")) {
      try {
        parts.push([part, JSON.parse(part.dataset.hide).map(compile)]);
      } catch {
        // the server shows it after the next submit
      }
    }
    if (!parts.length) continue;
    const shown = form.querySelector('input[name="_shown"]');
    const follow = () => {
      for (let round = 0; round <= parts.length; round += 1) {
        for (const [part, conditions] of parts) part.hidden = conditions.some((holds) => holds(form));
      }
      if (!shown) return;
      const names = new Set(shown.value.split(" ").filter(Boolean));
      for (const [part] of parts) {
        for (const key of [part, ...part.querySelectorAll("[data-key]")].map((one) => one.dataset.key).filter(Boolean)) {
          if (part.hidden) names.delete(key);
          else names.add(key);
        }
      }
      shown.value = [...names].join(" ");
    };
    form.addEventListener("change", follow);
    follow();
  }
})();
