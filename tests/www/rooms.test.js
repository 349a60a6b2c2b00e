// The rooms of www: which module may import which.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { ROOM_SCRIPTS } from "../../www/room-scripts.js";

const WWW = fileURLToPath(new URL("../../www/", import.meta.url));

/** From the lowest: a module imports from its own floor and those below. */
const FLOORS = [
  ["urls.js", "site-files.js", "room-scripts.js", "site-version.js", "messages"],
  ["worker"],
  ["files"],
  ["data-sets"],
  ["settings"],
  ["keep"],
  [
    "explore",
    "training",
    "evaluation",
    "compare",
    "paths",
    "posterior",
    "time",
    "share",
    "bench",
    "export",
    "archive",
    "workshop",
    "initial-state.js",
    "state.js",
  ],
  ["views"],
  ["page"],
  ["main.js", "worker.js", "thread.js", "bench.js", "boot.js", "service-worker.js"],
];
const ROOMS_APART = [
  "explore",
  "training",
  "evaluation",
  "compare",
  "paths",
  "time",
  "share",
  "bench",
  "export",
  "archive",
];

const files = readdirSync(WWW, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(WWW.length))
  .filter((path) => /\.(js|css|html)$/.test(path));
const modules = files.filter((path) => path.endsWith(".js"));

/** The modules that each module imports, statically or by a literal `import()`; bare names and JSON files as they are. */
const imports = new Map(modules.map((path) => [path, importsOf(path)]));

function importsOf(path) {
  const code = readFileSync(join(WWW, path), "utf8").replace(/^\s*(\/\/|\*).*$/gm, "");
  const found = code.matchAll(
    /^(?:import|export)\b[^;"]*\bfrom\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm,
  );
  return [...found].map(([, ...names]) => {
    const name = names.find(Boolean);
    return name.startsWith(".") ? join(dirname(path), name) : name;
  });
}

const roomOf = (path) => path.split("/")[0];
const floorOf = (path) => FLOORS.findIndex((rooms) => rooms.includes(roomOf(path)));

/** Everything that a module imports, directly or not. */
function reached(path, found = new Set()) {
  for (const next of imports.get(path) ?? []) {
    if (found.has(next)) continue;
    found.add(next);
    reached(next, found);
  }
  return found;
}

/** Imports `[from, to]` between modules of www for which `refused` holds. */
function offences(refused) {
  return modules.flatMap((from) =>
    imports
      .get(from)
      .filter((to) => imports.has(to) && refused(from, to))
      .map((to) => `${from} imports ${to}`),
  );
}

test("file names are unique", () => {
  const names = files.map((path) => basename(path));
  assert.deepEqual(
    files.filter((path) => names.indexOf(basename(path)) !== names.lastIndexOf(basename(path))),
    [],
  );
});

test("every module is in a room, and every import exists", () => {
  assert.deepEqual(
    modules.filter((path) => floorOf(path) < 0),
    [],
  );
  const missing = modules.flatMap((from) =>
    imports
      .get(from)
      .filter((to) => to.endsWith(".js") && !imports.has(to))
      .map((to) => `${from} imports ${to}`),
  );
  assert.deepEqual(missing, []);
});

test("no import goes from a lower floor to a higher one", () => {
  assert.deepEqual(
    offences((from, to) => floorOf(to) > floorOf(from)),
    [],
  );
});

test("rooms on one floor share nothing but pure modules", () => {
  const isPure = (path) =>
    [...reached(path)].every(
      (to) => to !== "@preact/signals-core" && !["worker", "files"].includes(roomOf(to)),
    );
  assert.deepEqual(
    offences(
      (from, to) =>
        ROOMS_APART.includes(roomOf(from)) &&
        ROOMS_APART.includes(roomOf(to)) &&
        roomOf(from) !== roomOf(to) &&
        !isPure(to),
    ),
    [],
  );
});

test("views know neither state nor controllers", () => {
  assert.deepEqual(
    offences((from, to) => roomOf(from) === "views" && /(^state|-controller|-session|-client)\.js$/.test(to)),
    [],
  );
});

test("no import is circular", () => {
  assert.deepEqual(
    modules.filter((path) => reached(path).has(path)),
    [],
  );
});

test("a room that is loaded later has a script that no other imports, and a place in the page", () => {
  const html = readFileSync(join(WWW, "index.html"), "utf8");
  const { gpu, ...withPlace } = ROOM_SCRIPTS;
  const scripts = Object.values(ROOM_SCRIPTS);
  for (const path of Object.values(withPlace))
    assert.match(readFileSync(join(WWW, path), "utf8"), /^export function openRoom\(/m, path);
  assert.deepEqual(
    offences((_, to) => scripts.includes(to)),
    [],
  );
  const places = [...html.matchAll(/ data-room="(\w+)"/g)].map(([, name]) => name);
  assert.deepEqual(places.sort(), Object.keys(withPlace).sort());
  assert.doesNotMatch(readFileSync(join(WWW, gpu), "utf8"), /openRoom/);
});

test("only main.js names the rooms", () => {
  assert.deepEqual(
    offences((from, to) => to === "room-scripts.js" && from !== "main.js"),
    [],
  );
});

test("main.js only wires", () => {
  const lines = readFileSync(join(WWW, "main.js"), "utf8").trimEnd().split("\n").length;
  assert.ok(lines < 80, `${lines} lines`);
});
