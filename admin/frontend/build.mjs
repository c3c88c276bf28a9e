// Bundles each src/*.js into admin/static/dist/, with a hash of its content in the name, and writes
// manifest.json: {"viewer.js": "viewer-ABCD.js", "viewer.css": "viewer-EFGH.css"}. A new file directly
// under src/ is an entry by itself; what several entries use becomes a shared chunk.
import { build } from "esbuild";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "..", "static", "dist");
const fresh = `${dist}.new-${process.pid}`;
const plainNames = process.argv.includes("--plain-names");

const entries = (await readdir(join(here, "src"), { withFileTypes: true }))
  .filter((entry) => entry.isFile() && entry.name.endsWith(".js"))
  .map((entry) => join(here, "src", entry.name))
  .sort();

await mkdir(fresh, { recursive: true });
const result = await build({
  absWorkingDir: here,
  entryPoints: entries,
  outdir: fresh,
  entryNames: plainNames ? "[name]" : "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "asset-[hash]",
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  target: ["es2020"],
  charset: "utf8",
  legalComments: "eof", // the libraries' notices stay with what is sent
  loader: { ".woff": "file", ".woff2": "file", ".ttf": "file", ".eot": "empty", ".svg": "file", ".png": "file" },
  metafile: true,
  logLevel: "warning",
});

const manifest = {};
for (const [path, output] of Object.entries(result.metafile.outputs)) {
  if (!output.entryPoint) continue;
  const name = basename(output.entryPoint, ".js");
  manifest[`${name}.js`] = relative(fresh, join(here, path));
  if (output.cssBundle) manifest[`${name}.css`] = relative(fresh, join(here, output.cssBundle));
}
await writeFile(join(fresh, "manifest.json"), JSON.stringify(manifest, null, 1) + "\n");
await rm(dist, { recursive: true, force: true });
await rename(fresh, dist);

const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
console.log(`${Object.keys(manifest).join(", ")}: ${(bytes / 1e6).toFixed(1)} MB in admin/static/dist`);
