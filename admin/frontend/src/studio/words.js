// The editors' own words. The Chinese text is the key; English comes as one more file where the page is English.
let english = null;

export async function loadWords(locale) {
  if (locale === "en") english = (await import("./english.js")).default;
}

export const isEnglish = () => english !== null;

// say("还有 {n} 处要改", { n: 3 })
export function say(text, values = {}) {
  const words = english?.[text] ?? text;
  return words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
