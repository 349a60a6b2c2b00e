// Bundles the pages' style sheets and entry modules. A script has the words that its own modules ask for; those that only HTML uses are
// filled into the pages.
//
// A page with rooms that are loaded later has three kinds of scripts, and each names only those before it, so that each can carry a hash of
// its content: the core, with all that the page starts with; a script for each room, which imports the core; and the entry, which imports the
// core and has the addresses of the rooms.

import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { literals } from "./literals.mjs";
import { addScripts, inSource, planOf } from "./rooms.mjs";

/** Of d3 the page has its zoom alone. */
const ALIASES = {
  "d3-selection": "./build/d3-few.js",
  "d3-transition": "./build/d3-still.js",
  "d3-interpolate": "./build/d3-still.js",
};
const CATALOGUE = "www/messages/en.json";
/** Declares the errors that only the command line has: 1 kB of the page's script (brotli), but for those that a script has too. */
const COMMAND_LINE = "src/error/command_line.rs";
/**
 * The one script that has the errors whose kinds begin so: 1.8 kB of the page's first script (brotli). Another has those of them that its own
 * modules name.
 */
const ERRORS_OF = {
  archive_: "page/file-panel.js",
  bench_: "bench.js",
  devices_disagree_: "training/training-on-gpu.js",
  import_: "page/data-panel.js",
  posterior_: "page/posterior-panel.js",
  self_test_: "training/training-on-gpu.js",
};

/**
 * The bundle of www/`entry` with the scripts of its `rooms`, paths in www/ by name: `[{path, code, map}]`, as text, those first that others name.
 * `facts`: what site-files.js says in it; `format`: "esm", or "iife" for a script that is no module; `mark`: what the names end with by which these
 * scripts name each other, in place of a hash.
 */
export async function bundle(entry, { root, minify, facts, rooms = {}, format = "esm", mark = "" }) {
  const scripts = Object.values(rooms);
  const options = {
    absWorkingDir: root,
    outdir: root,
    alias: ALIASES,
    bundle: true,
    format,
    minify,
    sourcemap: "external",
    metafile: true,
    write: false,
    logLevel: "warning",
  };
  // A first time only to know what imports what.
  const { metafile } = await build({ ...options, entryPoints: [entry, ...scripts].map(inSource) });
  const { core, own } = planOf(metafile.inputs, entry, scripts);
  const [ofPage, ofRooms] = await wordsOf({ root, entry, core, own });
  const marked = (path) => basename(path).replace(/(?=\.\w+$)/, mark);
  const addresses = Object.fromEntries(Object.entries(rooms).map(([name, path]) => [name, marked(path)]));
  const plugin = {
    name: "words, files and rooms",
    setup(esbuild) {
      const replace = (filter, contents, loader) => esbuild.onLoad({ filter }, () => ({ contents, loader }));
      replace(/\/messages\/en\.json$/, JSON.stringify(ofPage), "json");
      replace(/\/www\/site-files\.js$/, constants(facts));
      replace(/\/www\/room-scripts\.js$/, constants({ ROOM_SCRIPTS: addresses }));
      addScripts(esbuild, { root, core, words: ofRooms });
    },
  };
  const entryPoints = [entry, ...scripts].map((path) => ({
    in: scripts.length > 0 ? `script:${path}` : inSource(path),
    out: marked(path).replace(/\.\w+$/, ""),
  }));
  const splitting = scripts.length > 0;
  const split = { ...options, entryPoints, plugins: [plugin], splitting, chunkNames: `core${mark}` };
  const { outputFiles } = await build(split);
  const textOf = (name) => outputFiles.find(({ path }) => basename(path) === name).text;
  const paths = [...(scripts.length > 0 ? ["core.js"] : []), ...scripts, entry];
  return paths.map((path) => ({ path, code: textOf(marked(path)), map: textOf(`${marked(path)}.map`) }));
}

function constants(facts) {
  return Object.entries(facts)
    .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
    .join("\n");
}

/** The words of the page, and by script those of each room that the page has not. */
async function wordsOf({ root, entry, core, own: { [entry]: ofEntry, ...ofRooms } }) {
  const read = (path) => readFile(join(root, path), "utf8");
  const [catalogue, declared] = [JSON.parse(await read(CATALOGUE)), await read(COMMAND_LINE)];
  const onlyThere = [...declared.matchAll(/\w+ = "(\w+)" \{/g)].map(([, kind]) => kind);
  const wordsIn = async (script, paths) => {
    const leftOut = [...onlyThere, ...kindsOfOthers(script, catalogue)];
    return wordsFor(await Promise.all(paths.map(read)), catalogue, leftOut);
  };
  const ofPage = await wordsIn(entry, [...core, ...ofEntry]);
  const rooms = Object.entries(ofRooms).map(async ([path, paths]) => [
    path,
    wordsWithout(await wordsIn(path, paths), ofPage),
  ]);
  return [ofPage, Object.fromEntries(await Promise.all(rooms))];
}

/** The kinds of the errors in `catalogue` that another script has than `script`. */
export function kindsOfOthers(script, { errors }) {
  const others = Object.keys(ERRORS_OF).filter((beginning) => ERRORS_OF[beginning] !== script);
  return Object.keys(errors).filter((kind) => others.some((beginning) => kind.startsWith(beginning)));
}

/**
 * The messages of `catalogue` that a literal of the `sources` may name; `${}` in a template stands for one segment. Rust's errors reach a page by
 * their kind alone, so that all are there, but for the kinds `leftOut` that no literal is.
 */
export function wordsFor(sources, catalogue, leftOut = []) {
  const found = sources.flatMap((code) => literals(code));
  const keys = found
    .filter(({ pieces }) => /^[\w-]+\./.test(pieces[0]))
    .map(({ pieces }) => pieces.map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("[\\w-]+"));
  const pattern = new RegExp(`^(${[...new Set(keys)].join("|")})(\\.(zero|one|two|few|many|other))?$`);
  const named = new Set(found.map(({ pieces }) => pieces.join()));
  const { quantities, ...words } = catalogue;
  const errors = { ...words.errors };
  for (const kind of leftOut) if (!named.has(kind)) delete errors[kind];
  return { ...pick(words, pattern), errors, quantities };
}

function pick(part, pattern, path = "") {
  const entries = Object.entries(part).flatMap(([name, child]) => {
    const key = path ? `${path}.${name}` : name;
    if (typeof child === "string") return pattern.test(key) ? [[name, child]] : [];
    const inner = pick(child, pattern, key);
    return Object.keys(inner).length > 0 ? [[name, inner]] : [];
  });
  return Object.fromEntries(entries);
}

/** The messages of `words` that are not among those `known`. */
export function wordsWithout(words, known = {}) {
  const entries = Object.entries(words).flatMap(([name, part]) => {
    if (typeof part === "string") return name in known ? [] : [[name, part]];
    const rest = wordsWithout(part, known[name]);
    return Object.keys(rest).length > 0 ? [[name, rest]] : [];
  });
  return Object.fromEntries(entries);
}
