// Bundles each src/*.js into admin/static/dist/, with a hash of its content in the name, and writes
// manifest.json: {"viewer.js": "viewer-ABCD.js", "viewer.css": "viewer-EFGH.css"}. A new file directly
// under src/ is an entry by itself; what several entries use becomes a shared chunk.
// A module that an entry loads later brings its styles itself: `import style from "./some.css?address"` bundles
// that file beside the others and gives its name, relative to the module (see src/studio/style.js).
import { build } from "esbuild";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "..", "static", "dist");
const fresh = `${dist}.new-${process.pid}`;
const plainNames = process.argv.includes("--plain-names");

const entries = (await readdir(join(here, "src"), { withFileTypes: true }))
  .filter((entry) => entry.isFile() && entry.name.endsWith(".js"))
  .map((entry) => join(here, "src", entry.name))
  .sort();

const common = {
  absWorkingDir: here,
  outdir: fresh,
  entryNames: plainNames ? "[name]" : "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "asset-[hash]",
  bundle: true,
  minify: true,
  target: ["es2020"],
  charset: "utf8",
  legalComments: "eof", // the libraries' notices stay with what is sent
  loader: { ".woff": "file", ".woff2": "file", ".ttf": "file", ".eot": "empty", ".svg": "file", ".png": "file" },
  metafile: true,
  logLevel: "warning",
};

const addresses = {
  name: "address of a style",
  setup(bundler) {
    const suffix = /\?address$/;
    bundler.onResolve({ filter: suffix }, ({ path, resolveDir }) => ({
      path: resolve(resolveDir, path.replace(suffix, "")),
      namespace: "address",
    }));
    bundler.onLoad({ filter: /.*/, namespace: "address" }, async ({ path }) => {
      const { metafile } = await build({ ...common, entryPoints: [path] });
      const [style] = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint);
      return {
        contents: `export default ${JSON.stringify("./" + relative(fresh, join(here, style)))};`,
        watchFiles: Object.keys(metafile.inputs).map((input) => join(here, input)),
      };
    });
  },
};

// form-js has no translation service: the words in its components are handed to ours as they are bundled.
const words = {
  name: "words of form-js",
  setup(bundler) {
    const literal = /\b(label|title|placeholder|children|description|name|text): (['"])([A-Z<][^'"\\\n]*)\2/g;
    const returned = /\b(return|(?:label|description) =) (['"])([A-Z][^'"\\\n]*)\2;/g;
    const chinese = join(here, "src", "studio", "form", "chinese.js");
    bundler.onLoad({ filter: /form-js-(editor|viewer)\/dist\/index\.es\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const contents = source
        .replace(literal, (_, key, mark, text) => `${key}: __word(${mark}${text}${mark})`)
        .replace("valueLabel || 'Select'", "valueLabel || __word('Choose')")
        .replace(returned, (_, key, mark, text) => `${key} __word(${mark}${text}${mark});`);
      return { contents: `import { word as __word } from ${JSON.stringify(chinese)};\n${contents}`, loader: "js" };
    });
  },
};

await mkdir(fresh, { recursive: true });
const result = await build({
  ...common,
  entryPoints: entries,
  splitting: true,
  format: "esm",
  jsx: "automatic",
  jsxImportSource: "@bpmn-io/properties-panel/preact",
  plugins: [addresses, words],
});

const manifest = {};
for (const [path, output] of Object.entries(result.metafile.outputs)) {
  if (!entries.includes(join(here, output.entryPoint ?? ""))) continue; // loaded later, not an entry of a page
  const name = basename(output.entryPoint, ".js");
  manifest[`${name}.js`] = relative(fresh, join(here, path));
  if (output.cssBundle) manifest[`${name}.css`] = relative(fresh, join(here, output.cssBundle));
}
await writeFile(join(fresh, "manifest.json"), JSON.stringify(manifest, null, 1) + "\n");
await rm(dist, { recursive: true, force: true });
await rename(fresh, dist);

const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
console.log(`${Object.keys(manifest).join(", ")}: ${(bytes / 1e6).toFixed(1)} MB in admin/static/dist`);
