// The few words of the viewer, by the page's language.
const words = {
  zh: {
    gone: (names) => `已走：${names.join("、")}。`,
    here: (names) => `现在：${names.join("、")}。`,
    ahead: (names) => `之后：${names.join("、")}。`,
    ended: "已办结。",
    added: "新加的",
    removed: "删去的",
    changed: "改过的",
    failed: "停在这里",
    covered: "走过的",
    uncovered: "没有走过的",
    told: (what, names) => `${what}：${names.length ? names.join("、") : "没有"}。`,
    keys: "方向键移动，加号和减号缩放，0 看全图。",
    zoomIn: "放大",
    zoomOut: "缩小",
    whole: "看全图",
  },
  en: {
    gone: (names) => `Done: ${names.join(", ")}. `,
    here: (names) => `Now: ${names.join(", ")}. `,
    ahead: (names) => `Next: ${names.join(", ")}. `,
    ended: "Finished. ",
    added: "Added",
    removed: "Removed",
    changed: "Changed",
    failed: "Stopped here",
    covered: "Taken",
    uncovered: "Not taken",
    told: (what, names) => `${what}: ${names.length ? names.join(", ") : "none"}. `,
    keys: "Arrow keys move, plus and minus zoom, 0 shows the whole diagram.",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    whole: "Whole diagram",
  },
};

export function wordsOfPage() {
  return (document.documentElement.lang || "zh").toLowerCase().startsWith("en") ? words.en : words.zh;
}

// The sentence that screen readers hear in place of the picture. Names come once, in the diagram's order.
export function sentence(say, named) {
  const parts = [];
  if (named.gone.length) parts.push(say.gone(named.gone));
  parts.push(named.here.length ? say.here(named.here) : say.ended);
  if (named.here.length && named.ahead.length) parts.push(say.ahead(named.ahead));
  return parts.join("");
}

// The same for a comparison or a rehearsal.
export const compared = (say, others) => Object.entries(others).map(([mark, names]) => say.told(say[mark], names)).join("");
