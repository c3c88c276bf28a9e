// A stylesheet that a module brings with it; `address` is what `import … from "x.css?address"` gave, relative to
// the file that the bundler made of the module. All of the bundler's files lie in one folder.
export function loadStyle(address) {
  const href = new URL(address, import.meta.url).href;
  if ([...document.styleSheets].some((sheet) => sheet.href === href)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    Object.assign(link, { rel: "stylesheet", href, onload: resolve, onerror: () => reject(new Error(href)) });
    const own = document.querySelector('link[rel="stylesheet"][href*="studio"]');
    if (own) own.before(link); // the house's own rules come last
    else document.head.append(link);
  });
}
