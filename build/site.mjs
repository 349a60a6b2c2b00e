// Assembles dist/, the folder that any static host can serve: the pages with their words, the wasm modules, the vendored
// libraries, the libraries that the benchmark page compares with, and a .br and .gz neighbour of every file that they shorten. Only
// what changed is written again. Entry modules are bundled, because a browser discovers each import only in the importing file:
// half a hundred files in five round trips were half of the wait on a host that answers after 60 ms. So are style sheets. Every name
// carries a hash of its file's content, but those that must stay the same: of the pages, the manifest and the service worker.

import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gunzipSync, gzip } from "node:zlib";
import { transform } from "esbuild";
import { ROOM_SCRIPTS } from "../www/room-scripts.js";
import { bundle } from "./bundles.mjs";
import { digest, hashedTogether, MARK, withDigits, withNames } from "./hashed-names.mjs";
import { leavingOut } from "./optional-parts.mjs";
import { uplotLines } from "./uplot-lines.mjs";
import { fillWords } from "./words.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** For `./build.sh dev`: names stay plain, nothing is compressed, and the GPU module, which is not rebuilt there, is left out. */
const DEV = process.argv.includes("--dev");
/** For `./build.sh`, which serves this machine: compressed neighbours would take it a minute. */
const UNCOMPRESSED = process.argv.includes("--uncompressed");
/** For its first minutes, until the GPU module is built: without that. */
const FIRST = process.argv.includes("--first");
/** While the site is served: files of the version before stay, because open pages may still load them. */
const KEEP_OLD = process.argv.includes("--keep-old");
const SITE = join(ROOT, DEV ? "target/site" : "dist");
const COMPRESSED = new Set([".html", ".css", ".js", ".json", ".svg", ".wasm", ".webmanifest"]);
/** Weights hardly compress, by a sixth: only those that every visit waits for have neighbours. */
const FIRST_WEIGHTS = /^models\/vae-z20-/;
const isLeftOut = leavingOut(process.env.LEAVE_OUT ?? "");
/** With the CPU module with threads, which has a command of its own. */
const THREADS = process.argv.includes("--threads") && !isLeftOut("pkg/threads/latent_lab.js");
/** Whether the page keeps itself for visits without a network: not where what is served changes with every edit. */
const OFFLINE = !DEV && process.env.OFFLINE !== "off";
/** The folders of www/ that are served as they are. */
const FOLDERS = ["models", "data", "icons"];
/**
 * Bundles, in an order in which each knows the names that it needs: those of the paths that `knows` accepts. All are at the site's root,
 * because urls.js resolves addresses relative to itself.
 */
const BUNDLES = [
  { entry: "styles/page.css" },
  { entry: "bench/bench.css" },
  { entry: "boot.js", format: "iife" },
  ...(THREADS ? [{ entry: "thread.js", knows: /^pkg\/threads\// }] : []),
  { entry: "worker.js", knows: /^(pkg\/|thread\.js$)/ },
  { entry: "bench/replay-worker.js", knows: /^pkg\/cpu\// },
  { entry: "bench/bench-worker.js", knows: /^(pkg\/|peers\/|thread\.js$)/ },
  {
    entry: "main.js",
    rooms: ROOM_SCRIPTS,
    knows: /^(models\/|data\/|vendor\/.*\.js$|worker\.js$|pkg\/(gpu|threads)\/.*\.js$)/,
  },
  {
    entry: "bench.js",
    knows: /^(data\/|worker\.js$|bench\/.*\.js$|pkg\/(gpu|threads)\/.*\.js$|peers\/jax-js\/index\.js$)/,
  },
  { entry: "service-worker.js", knows: /^/, format: "iife", plain: true },
];
/** Pages and the manifest, whose words come from the catalogue and whose names stay. */
const PAGES = ["index.html", "bench.html", "manifest.webmanifest"];
/** Libraries that the page loads when it needs them, with their licences: folder of `vendor/`, and files of the package. */
const VENDORED = {
  uplot: ["dist/uPlot.esm.js", "dist/uPlot.min.css", "LICENSE"],
  gifenc: ["dist/gifenc.esm.js", "LICENSE.md"],
};
const CHART = "vendor/uplot/uPlot.esm.js";
/** A browser discovers the core, which the page's script imports, as early as that. */
const PRELOAD = '<link rel="modulepreload" href="main.js">';
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

/** `[name, file]` of each file, by folder of `peers/`. */
async function peers() {
  const folders = {};
  for (const [folder, from, pattern] of PEERS) {
    const names = (await readdir(join(ROOT, from))).filter((name) => pattern.test(name)).sort();
    folders[folder] = [...(folders[folder] ?? []), ...names.map((name) => [name, join(ROOT, from, name)])];
  }
  return folders;
}

/** The icon, the vendored libraries and the wasm modules: `[path in the source, file]`. */
function libraries() {
  const names = ["cpu", ...(DEV || FIRST ? [] : ["gpu"]), ...(THREADS ? ["threads"] : [])];
  const modules = names.flatMap((name) =>
    ["latent_lab.js", "latent_lab_bg.wasm"].map((file) => join("pkg", name, file)),
  );
  const vendored = Object.entries(VENDORED).flatMap(([name, paths]) =>
    paths.map((path) => [
      join("vendor", name, path.replace("dist/", "")),
      join(ROOT, "node_modules", name, path),
    ]),
  );
  const icon = ["icon.svg", join(ROOT, "www/icon.svg")];
  return [icon, ...modules.map((path) => [path, join(ROOT, path)]), ...vendored];
}

/** The vendored library, whose licence lies beside it, and the modules' bindings come as ES modules that are not minified: two thirds more with brotli. */
async function minified(path, bytes) {
  if (DEV || !/^(vendor|pkg)\/.*\.js$/.test(path)) return bytes;
  if (path === CHART) return Buffer.from(await uplotLines(bytes.toString()));
  const { code } = await transform(bytes, { minify: true });
  return Buffer.from(code);
}

/** Everything in dist/: `[path, bytes]`. Files come before those that name them. */
class Site {
  files = [];
  /** As in www/site-files.js. */
  #names = {};
  #inflated = {};

  async assemble() {
    for (const folder of FOLDERS) await this.#addFolder(folder);
    for (const [path, file] of libraries()) this.#add(path, await minified(path, await readFile(file)));
    if (!isLeftOut("peers/")) await this.#addPeers();
    for (const each of BUNDLES) await this.#addBundle(each);
    for (const path of PAGES) await this.#addPage(path);
    return this.files;
  }

  #add(path, bytes, { plain = DEV, as = path } = {}) {
    this.#names[path] = plain ? as : withDigits(as, digest(bytes));
    this.files.push([this.#names[path], bytes]);
    return this.#names[path];
  }

  async #addFolder(folder) {
    const names = (await filesUnder(join(ROOT, "www", folder))).filter((name) => !name.endsWith(".md"));
    const included = names.map((name) => join(folder, name)).filter((path) => !isLeftOut(path));
    for (const path of included.sort()) {
      const bytes = await readFile(join(ROOT, "www", path));
      this.#add(path, bytes);
      if (path.endsWith(".gz") && !DEV) this.#inflated[path] = digest(gunzipSync(bytes));
    }
  }

  /** Their files name each other. */
  async #addPeers() {
    for (const [folder, all] of Object.entries(await peers())) {
      const read = all.map(async ([name, file]) => [`peers/${folder}/${name}`, await readFile(file)]);
      const files = await Promise.all(read);
      if (DEV) for (const [path, bytes] of files) this.#add(path, bytes);
      else
        for (const [path, name, bytes] of hashedTogether(files)) {
          this.#names[path] = name;
          this.files.push([name, bytes]);
        }
    }
  }

  async #addBundle({ entry, rooms, knows, format, plain = DEV }) {
    const names = Object.entries(this.#names).filter(([path]) => knows?.test(path));
    const inflated = Object.entries(this.#inflated).filter(([path]) => knows?.test(path));
    const facts = {
      NAMES: Object.fromEntries(names),
      INFLATED: Object.fromEntries(inflated),
      PAGES: { "": this.#names["main.js"], "bench.html": this.#names["bench.js"] },
      OFFLINE,
    };
    const options = { root: ROOT, minify: !DEV, facts, rooms, format, mark: plain ? "" : MARK };
    const marked = {}; // names by those with the mark
    for (const { path, code, map } of await bundle(entry, options)) {
      const as = basename(path);
      const named = withNames(code, marked);
      if (!plain && named.includes(MARK)) throw new Error(`${path} names a script that comes after it`);
      const link = DEV ? this.#addMap(path, map) : "";
      const bytes = Buffer.from(named + link);
      marked[as.replace(/(?=\.\w+$)/, MARK)] = this.#add(path, bytes, { plain, as });
    }
  }

  /** Adds the source map of a bundle; returns the line by which the bundle names it. */
  #addMap(path, map) {
    const name = this.#add(`${path}.map`, Buffer.from(map), { as: `${basename(path)}.map` });
    return path.endsWith(".css") ? `/*# sourceMappingURL=${name} */\n` : `//# sourceMappingURL=${name}\n`;
  }

  async #addPage(path) {
    const source = await readFile(join(ROOT, "www", path), "utf8");
    const html = fillWords(source).replace(PRELOAD, `$&\n  ${PRELOAD.replace("main.js", "core.js")}`);
    this.files.push([path, Buffer.from(withNames(html, this.#names))]);
  }
}

/** Replaces a file at once: a server may be sending it. */
async function replace(target, bytes) {
  const unfinished = join(dirname(target), `.${basename(target)}`);
  await writeFile(unfinished, bytes);
  await rename(unfinished, target);
}

async function write(bytes, target) {
  const written = await readFile(target).catch(() => null);
  if (written?.equals(bytes)) return false;
  await mkdir(dirname(target), { recursive: true });
  for (const suffix of Object.keys(encoders)) await rm(target + suffix, { force: true });
  await replace(target, bytes);
  return true;
}

/** Writes the neighbour with this suffix, where that is smaller. */
async function compress([path, bytes], suffix) {
  const target = join(SITE, path + suffix);
  if (await stat(target).catch(() => null)) return;
  const compressed = await encoders[suffix](bytes);
  if (compressed.length < bytes.length) await replace(target, compressed);
}

/** What the names of a file's neighbours end with. */
function suffixes(path) {
  const isCompressed = !DEV && (COMPRESSED.has(extname(path)) || FIRST_WEIGHTS.test(path));
  return isCompressed ? Object.keys(encoders).filter((suffix) => !isLeftOut(path + suffix)) : [];
}

async function place(file) {
  const [path, bytes] = file;
  const changed = await write(bytes, join(SITE, path));
  if (!UNCOMPRESSED) await Promise.all(suffixes(path).map((suffix) => compress(file, suffix)));
  return changed;
}

async function prune(paths) {
  const kept = new Set(paths.flatMap((path) => [path, ...suffixes(path).map((suffix) => path + suffix)]));
  const stale = (await filesUnder(SITE)).filter((path) => !kept.has(path));
  await Promise.all(stale.map((path) => rm(join(SITE, path))));
}

const files = await new Site().assemble();
await mkdir(SITE, { recursive: true });
// The pages come last: whoever gets one finds the files that it names.
const isPage = ([path]) => PAGES.includes(path);
const placed = await Promise.all(files.filter((file) => !isPage(file)).map(place));
placed.push(...(await Promise.all(files.filter(isPage).map(place))));
if (!KEEP_OLD) await prune(files.map(([path]) => path));
console.log(`${relative(ROOT, SITE)}/: ${files.length} files, ${placed.filter(Boolean).length} changed`);
