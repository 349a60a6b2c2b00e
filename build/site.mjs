// Assembles dist/, the folder that any static host can serve: the pages with their words, both wasm modules, the vendored
// library, the libraries that the benchmark page compares with, and a .br and .gz neighbour of every compressible file. Only
// what changed is written again. Entry modules are bundled, because a browser discovers each import only in the importing file:
// half a hundred files in five round trips were half of the wait on a host that answers after 60 ms. So are style sheets.

import { copyFile, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { bundle } from "./bundles.mjs";
import { fillWords } from "./words.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** For `./build.sh dev`: nothing is compressed, and the GPU module, which is not rebuilt there, is left out. */
const DEV = process.argv.includes("--dev");
const SITE = join(ROOT, DEV ? "target/site" : "dist");
const COMPRESSED = new Set([
  ".html",
  ".css",
  ".js",
  ".json",
  ".safetensors",
  ".svg",
  ".wasm",
  ".webmanifest",
]);
/** Files that are served with everything they import. The modules are at the root, because urls.js resolves addresses relative to itself. */
const BUNDLED = ["main.js", "worker.js", "bench.js", "styles/page.css", "bench/bench.css"];
/** Pages whose words come from the catalogue. */
const PAGES = ["index.html", "bench.html"];
const UPLOT = ["dist/uPlot.esm.js", "dist/uPlot.min.css", "LICENSE"];
const TFJS = "node_modules/@tensorflow";
/** The other libraries' own browser builds, under `peers/`; only the benchmark page loads them. */
const PEERS = [
  ["jax-js", "node_modules/@jax-js/jax/dist", /\.js$/],
  ["jax-js", "node_modules/@jax-js/jax", /^LICENSE$/],
  ["tfjs", `${TFJS}/tfjs/dist`, /^tf\.es2017\.min\.js$/],
  ["tfjs", `${TFJS}/tfjs-backend-webgpu/dist`, /^tf-backend-webgpu\.es2017\.min\.js$/],
  ["tfjs", `${TFJS}/tfjs-backend-wasm/dist`, /^(tf-backend-wasm\.es2017\.min\.js|.*simd\.wasm)$/],
];

const encoders = {
  ".br": (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
  ".gz": (bytes) => promisify(gzip)(bytes, { level: 9 }),
};

async function filesUnder(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)));
}

async function peers() {
  const each = PEERS.map(async ([name, folder, pattern]) => {
    const files = (await readdir(join(ROOT, folder))).filter((file) => pattern.test(file));
    return files.map((file) => [join("peers", name, file), join(ROOT, folder, file)]);
  });
  return (await Promise.all(each)).flat();
}

/** `[path in dist/, bytes]` of each bundle and its source map. */
async function bundles() {
  const each = BUNDLED.map((entry) => bundle(entry, { root: ROOT, minify: !DEV }));
  return (await Promise.all(each)).flat();
}

/** `[path in dist/, bytes]` of each page. */
function pages() {
  const each = PAGES.map(async (path) => {
    const html = await readFile(join(ROOT, "www", path), "utf8");
    return [path, Buffer.from(fillWords(html))];
  });
  return Promise.all(each);
}

/** Where each other file of the site comes from: `[path in dist/, source]`. */
async function contents() {
  const page = (await filesUnder(join(ROOT, "www")))
    .filter((path) => !BUNDLED.includes(path) && !PAGES.includes(path))
    .map((path) => [path, join(ROOT, "www", path)]);
  const modules = (DEV ? ["cpu"] : ["cpu", "gpu"]).flatMap((name) =>
    ["latent_lab.js", "latent_lab_bg.wasm"].map((file) => join("pkg", name, file)),
  );
  const vendored = UPLOT.map((path) => [
    join("vendor/uplot", path.replace("dist/", "")),
    join(ROOT, "node_modules/uplot", path),
  ]);
  return [...page, ...modules.map((path) => [path, join(ROOT, path)]), ...vendored, ...(await peers())];
}

// In whole milliseconds, the precision of utimes.
const modified = async (path) => (await stat(path).catch(() => undefined))?.mtime.getTime();

/** Copies the file with its modification time, by which the next run sees that nothing changed. */
async function place(source, target) {
  const { atime, mtime } = await stat(source);
  if ((await modified(target)) === mtime.getTime()) return false;
  await mkdir(dirname(target), { recursive: true });
  await copyFile(source, target);
  await utimes(target, atime, mtime);
  return true;
}

async function write(bytes, target) {
  const written = await readFile(target).catch(() => null);
  if (written?.equals(bytes)) return false;
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, bytes);
  return true;
}

async function compress(target, suffix) {
  const { atime, mtime, size } = await stat(target);
  const neighbour = target + suffix;
  if ((await modified(neighbour)) === mtime.getTime()) return;
  const bytes = await encoders[suffix](await readFile(target));
  if (bytes.length >= size) return rm(neighbour, { force: true });
  await writeFile(neighbour, bytes);
  await utimes(neighbour, atime, mtime);
}

/** `from`: the path of a source, or bytes. */
async function add([path, from]) {
  const target = join(SITE, path);
  const changed = await (typeof from === "string" ? place : write)(from, target);
  if (DEV || !COMPRESSED.has(extname(path))) return changed;
  await Promise.all(Object.keys(encoders).map((suffix) => compress(target, suffix)));
  return changed;
}

async function prune(paths) {
  const kept = new Set(
    paths.flatMap((path) => [path, ...Object.keys(encoders).map((suffix) => path + suffix)]),
  );
  const stale = (await filesUnder(SITE)).filter((path) => !kept.has(path));
  await Promise.all(stale.map((path) => rm(join(SITE, path))));
}

const files = [...(await contents()), ...(await pages()), ...(await bundles())];
await mkdir(SITE, { recursive: true });
await prune(files.map(([path]) => path));
const changed = (await Promise.all(files.map(add))).filter(Boolean).length;
console.log(`${relative(ROOT, SITE)}/: ${files.length} files, ${changed} changed`);
