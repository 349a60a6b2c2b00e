// The scripts of the page and of the rooms that it loads later.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { bundle, wordsWithout } from "../../build/bundles.mjs";
import { MARK } from "../../build/hashed-names.mjs";
import { planOf } from "../../build/rooms.mjs";
import { addWords, text } from "../../www/messages/text.js";
import { ROOM_SCRIPTS } from "../../www/room-scripts.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FACTS = { NAMES: {}, INFLATED: {}, PAGES: {}, OFFLINE: false };

/** As in esbuild's metafile: each module of www/ with those that it imports. */
function inputsOf(modules) {
  const imported = (path) => ({ path: `www/${path}`, kind: "import-statement" });
  const entries = Object.entries(modules);
  return Object.fromEntries(
    entries.map(([path, imports]) => [`www/${path}`, { imports: imports.map(imported) }]),
  );
}

test("the core has what the page starts with, and what two rooms need", () => {
  const inputs = inputsOf({
    "main.js": ["state.js", "room-scripts.js"],
    "room-scripts.js": [],
    "state.js": [],
    "page/a.js": ["state.js", "views/both.js", "views/a.js"],
    "page/b.js": ["views/both.js"],
    "views/both.js": [],
    "views/a.js": [],
  });
  const { core, own } = planOf(inputs, "main.js", ["page/a.js", "page/b.js"]);
  assert.deepEqual(core, ["www/state.js", "www/views/both.js"]);
  assert.deepEqual(own, {
    "main.js": ["www/main.js", "www/room-scripts.js"],
    "page/a.js": ["www/page/a.js", "www/views/a.js"],
    "page/b.js": ["www/page/b.js"],
  });
});

test("a page without rooms is one script", () => {
  const inputs = inputsOf({ "bench.js": ["state.js"], "state.js": [] });
  assert.deepEqual(planOf(inputs, "bench.js", []), {
    core: [],
    own: { "bench.js": ["www/bench.js", "www/state.js"] },
  });
});

test("a room brings the words that the page has not, and they are found", () => {
  const words = { rooms_test: { here: "here", there: { one: "one", other: "many" } } };
  const own = wordsWithout(words, { rooms_test: { here: "here" } });
  assert.deepEqual(own, { rooms_test: { there: { one: "one", other: "many" } } });
  assert.deepEqual(wordsWithout(own, own), {});
  assert.throws(() => text("rooms_test.there", { count: 2 }));
  addWords(own);
  addWords({ rooms_test: { later: "later" } });
  assert.equal(text("rooms_test.there", { count: 2 }), "many");
  assert.equal(text("rooms_test.later"), "later");
});

let scripts; // of the page itself, by path

before(async () => {
  const options = { root: ROOT, minify: false, facts: FACTS, rooms: ROOM_SCRIPTS, mark: MARK };
  scripts = new Map((await bundle("main.js", options)).map(({ path, ...script }) => [path, script]));
});

test("the page's scripts are a core, one for each room, and the entry: each names only those before it", () => {
  const paths = [...scripts.keys()];
  assert.deepEqual(paths, ["core.js", ...Object.values(ROOM_SCRIPTS), "main.js"]);
  const names = paths.map((path) => path.split("/").at(-1).replace(".js", `${MARK}.js`));
  for (const [k, path] of paths.entries()) {
    const named = names.filter((name) => scripts.get(path).code.includes(name));
    const isEntry = path === "main.js";
    assert.deepEqual(named, isEntry ? names.slice(0, -1) : k === 0 ? [] : names.slice(0, 1), path);
  }
});

test("no module is in two scripts", () => {
  const found = [...scripts.values()].flatMap(({ map }) =>
    JSON.parse(map).sources.filter((source) => /www\/|node_modules\//.test(source)),
  );
  assert.ok(found.length > 200, `${found.length} modules`);
  assert.deepEqual(
    found.filter((source, k) => found.indexOf(source) !== k),
    [],
  );
});

test("the words of a room and its errors are in its script and not in the core, and all other errors are in the core", () => {
  const ofRooms = {
    "page/compare-panel.js": text("compare.deleted"),
    "page/paths-panel.js": text("paths.codebook"),
    "page/measure-panel.js": text("evaluation.panel.measure_none"),
    "page/runs-panel.js": text("keep.command_text"),
    "page/data-panel.js": text("errors.import_nothing"),
    "page/file-panel.js": text("errors.archive_cut"),
    "page/posterior-panel.js": text("errors.posterior_needs_gaussian"),
  };
  for (const [path, words] of Object.entries(ofRooms))
    for (const [other, { code }] of scripts)
      assert.equal(code.includes(words), other === path, `${words}: ${other}`);
  const ofPage = [text("page.room.retry"), text("errors.offline_off")];
  for (const words of ofPage) assert.ok(scripts.get("core.js").code.includes(words), words);
  for (const { code } of scripts.values()) assert.ok(!code.includes(text("errors.bench_stopped")));
});

test("what one room alone shows, and what only a GPU needs, are in no other script for what else their files have", () => {
  const whole = [...scripts.values()].map(({ map }) => JSON.parse(map).sources.join());
  const core = whole[0];
  for (const own of [
    "compare-column.js",
    "compared-map.js",
    "loss-bars.js",
    "path-numbers.js",
    "path-controller.js",
    "checked-trainer.js",
    "self-test.js",
  ])
    assert.ok(!core.includes(`/${own}`) && whole.some((sources) => sources.includes(`/${own}`)), own);
});
