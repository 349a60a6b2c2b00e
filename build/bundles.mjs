// Bundles the pages' style sheets and entry modules. A module's bundle has the words that its own modules ask for; those that only
// HTML uses are filled into the pages.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { literals } from "./literals.mjs";

const CATALOGUE = "www/messages/en.json";
/** Rust's errors reach every page by their kind alone. */
const ALWAYS = ["errors", "quantities"];

/**
 * The bundle of www/`entry` and its source map: `{code, map}`, as text. `facts`: what site-files.js says in it; `format`: "esm", or
 * "iife" for a script that is no module.
 */
export async function bundle(entry, { root, minify, facts, format = "esm" }) {
  const options = {
    absWorkingDir: root,
    entryPoints: [join("www", entry)],
    outdir: root,
    alias: { "d3-transition": "./build/d3-still.js", "d3-interpolate": "./build/d3-still.js" },
    bundle: true,
    format,
    minify,
    sourcemap: "external",
    write: false,
    logLevel: "warning",
  };
  const { metafile } = await build({ ...options, metafile: true });
  const inputs = Object.keys(metafile.inputs).filter(
    (path) => path.startsWith("www/") && path.endsWith(".js"),
  );
  const sources = await Promise.all(inputs.map((path) => readFile(join(root, path), "utf8")));
  const catalogue = JSON.parse(await readFile(join(root, CATALOGUE), "utf8"));
  const words = JSON.stringify(wordsFor(sources, catalogue));
  const plugin = {
    name: "words and files",
    setup({ onLoad }) {
      onLoad({ filter: /\/messages\/en\.json$/ }, () => ({ contents: words, loader: "json" }));
      onLoad({ filter: /\/www\/site-files\.js$/ }, () => ({ contents: constants(facts) }));
    },
  };
  const { outputFiles } = await build({ ...options, plugins: [plugin] });
  const [map, code] = [/\.map$/, /\.(js|css)$/].map(
    (name) => outputFiles.find(({ path }) => name.test(path)).text,
  );
  return { code, map };
}

function constants(facts) {
  return Object.entries(facts)
    .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
    .join("\n");
}

/** The messages of `catalogue` that a literal of the `sources` may name; `${}` in a template stands for one segment. */
export function wordsFor(sources, catalogue) {
  const keys = sources
    .flatMap((code) => literals(code))
    .filter(({ pieces }) => /^[\w-]+\./.test(pieces[0]))
    .map(({ pieces }) => pieces.map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("[\\w-]+"));
  const pattern = new RegExp(`^(${[...new Set(keys)].join("|")})(\\.(zero|one|two|few|many|other))?$`);
  const kept = Object.fromEntries(ALWAYS.map((room) => [room, catalogue[room]]));
  return { ...pick(catalogue, pattern), ...kept };
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
