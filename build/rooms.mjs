// Which module is in which script, where a page has rooms that are loaded later.

import { join } from "node:path";

const TEXT = "www/messages/text.js";
/** Names the rooms, and is no part of the core. */
const ADDRESSES = "www/room-scripts.js";

export const inSource = (path) => join("www", path);

/**
 * `inputs` of esbuild's metafile, the `entry` and its rooms' `scripts` as paths in www/. Returns {core, own}: the modules of www/ that all scripts
 * share, and by script those that it has alone. What two rooms need and the entry does not is in the core too.
 */
export function planOf(inputs, entry, scripts) {
  const [ofEntry, ...ofRooms] = [entry, ...scripts].map((path) => reached(inputs, inSource(path)));
  if (scripts.length === 0) return { core: [], own: { [entry]: modules(ofEntry) } };
  const isInCore = (path) => ofEntry.has(path) || ofRooms.filter((ofRoom) => ofRoom.has(path)).length > 1;
  const aside = [inSource(entry), ADDRESSES];
  const all = modules(new Set([ofEntry, ...ofRooms].flatMap((paths) => [...paths])));
  const core = all.filter((path) => isInCore(path) && !aside.includes(path));
  const own = scripts.map((path, k) => [path, modules(ofRooms[k]).filter((each) => !core.includes(each))]);
  return { core, own: { [entry]: aside, ...Object.fromEntries(own) } };
}

/** All that a module imports statically, directly or not, and itself. */
function reached(inputs, path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  for (const { path: next, kind, external } of inputs[path].imports)
    if (kind !== "dynamic-import" && !external) reached(inputs, next, found);
  return found;
}

function modules(paths) {
  return [...paths].filter((path) => path.startsWith("www/") && path.endsWith(".js"));
}

/**
 * Adds the modules "script:<path>" to a build: a script of www/ after the whole core, and after its `words`, where it has some by its path. Because all
 * import the core, esbuild makes one file of it: it puts together what the same entry points reach.
 */
export function addScripts({ onResolve, onLoad }, { root, core, words }) {
  const address = (path) => JSON.stringify(join(root, path));
  const contents = {
    script: (path) => [
      ...core.map((each) => `import ${address(each)};`),
      path in words ? `import "words:${path}";` : "",
      `export * from ${address(inSource(path))};`,
    ],
    words: (path) => [
      `import { addWords } from ${address(TEXT)};`,
      `addWords(${JSON.stringify(words[path])});`,
    ],
  };
  for (const [namespace, lines] of Object.entries(contents)) {
    const prefix = new RegExp(`^${namespace}:`);
    onResolve({ filter: prefix }, ({ path }) => ({ path: path.replace(prefix, ""), namespace }));
    onLoad({ filter: /./, namespace }, ({ path }) => ({
      contents: lines(path).join("\n"),
      resolveDir: root,
    }));
  }
}
