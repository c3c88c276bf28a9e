// h("button", { class: "btn", onclick: act, "aria-label": "…" }, "words", child) without a library.
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const later = (act, ms) => {
  let timer;
  const run = (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...args), ms);
  };
  run.stop = () => clearTimeout(timer);
  return run;
};

// A button that writes a file to the reader's disk.
export function download(name, text, type = "text/plain") {
  const address = URL.createObjectURL(new Blob([text], { type }));
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
