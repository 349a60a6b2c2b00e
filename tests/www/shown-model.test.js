// The model shown: chosen, loaded from a file or following the run, and the notice where it is refused.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ShownModel } from "../../www/explore/shown-model.js";
import { Failure } from "../../www/messages/failure.js";
import { createState } from "../../www/state.js";

const SHIPPED = ["z20", "z2", "ae"];
const oursAlready = ({ weights }) => ({ weights, converted: [], unused: [] });
const described = (source) => ({ source, description: { model: { latent: 20 } } });

/**
 * `refuses`: the source whose weights are refused; `held`: sources whose weights arrive when `arrive(source)` is called;
 * `translate(args)`: the file of ours that a given one becomes, where it is none of ours.
 */
function opened({ refuses = null, held = [], translate = oursAlready } = {}) {
  const state = createState({ system: { name: "vae" }, values: {} });
  state.shown.value = described("z20");
  const shows = [];
  const explore = {
    async show(source, bytes, options = {}) {
      shows.push([source, bytes[0], options.fresh ?? false]);
      if (source === refuses) throw new Failure("file_empty");
      if (options.file) state.file.value = options.file;
      state.shown.value = described(source);
    },
  };
  const waiting = new Map();
  const files = {
    async fetchWeights(source) {
      if (held.includes(source)) await new Promise((go) => waiting.set(source, go));
      if (!SHIPPED.includes(source)) throw new Failure("download_status", { file: source, status: 404 });
      return Uint8Array.of(SHIPPED.indexOf(source));
    },
    readWeights: async ({ bytes }) => bytes,
    saveWeights: (bytes, name) => saved.push([bytes[0], name]),
  };
  const [notices, saved, said, offered] = [new Map(), [], [], {}];
  const viewer = { call: async (_, args) => translate(args) };
  const shownModel = new ShownModel({
    state,
    viewer,
    explore,
    session: { weights: async () => Uint8Array.of(99) },
    notices: {
      show: ({ name, text, actions = {} }) => notices.set(name, text) && Object.assign(offered, actions),
      clear: (name) => notices.delete(name),
    },
    announcer: { say: (words) => said.push(words) },
    files,
  });
  return {
    state,
    shownModel,
    shows,
    notices,
    saved,
    said,
    offered,
    arrive: (source) => waiting.get(source)(),
  };
}

const source = ({ state }) => state.shown.value.source;
const mine = { name: "mine.safetensors", bytes: Uint8Array.of(7) };

test("chosen weights are shown, and an older notice is removed", async () => {
  const page = opened();
  page.notices.set("weights", "older");
  assert.equal(await page.shownModel.choose("z2"), true);
  assert.equal(source(page), "z2");
  assert.equal(page.notices.size, 0);
});

test("of two choices the newer wins, although its weights arrive first", async () => {
  const page = opened({ held: ["z2"] });
  const older = page.shownModel.choose("z2");
  assert.equal(await page.shownModel.choose("ae"), true);
  page.arrive("z2");
  assert.equal(await older, false);
  assert.equal(source(page), "ae");
  assert.equal(page.notices.size, 0);
});

test("weights that cannot be fetched leave the model, and a notice says why", async () => {
  const page = opened();
  assert.equal(await page.shownModel.choose("gan"), false);
  assert.equal(source(page), "z20");
  assert.match(page.notices.get("weights"), /gan could not be fetched: the server answers 404\./);
});

test("a file is shown and kept by name", async () => {
  const page = opened();
  await page.shownModel.load(mine);
  assert.equal(source(page), "file");
  assert.equal(page.state.file.value.name, "mine.safetensors");
  assert.match(page.said[0], /mine\.safetensors/);
  assert.deepEqual([...(await page.shownModel.bytes())], [7]);
});

test("a refused file leaves the model, and a notice says why", async () => {
  const page = opened({ refuses: "file" });
  await page.shownModel.load(mine);
  assert.equal(source(page), "z20");
  assert.equal(page.state.file.value, null);
  assert.equal(
    page.notices.get("weights"),
    "mine.safetensors was refused. The file is empty. The model shown is unchanged.",
  );
});

test("a file of another program is kept as one of ours, and a notice says what changed", async () => {
  const unused = ["ema.a", "ema.b", "ema.c", "ema.d", "ema.e", "ema.f", "ema.g", "ema.h"];
  const converted = [
    { kind: "prefix", prefix: "module." },
    { kind: "type", dtype: "BF16" },
  ];
  const page = opened({ translate: () => ({ weights: Uint8Array.of(8), converted, unused }) });
  await page.shownModel.load(mine);
  assert.deepEqual([...(await page.shownModel.bytes())], [8]);
  assert.equal(
    page.notices.get("weights"),
    "mine.safetensors is loaded. The prefix module. was removed from the names. BF16 was converted to F32. " +
      "Loaded; not used: ema.a, ema.b, ema.c, ema.d, ema.e, ema.f and 2 more.",
  );
});

test("a likelihood that the file does not tell is asked, and the answer loads it", async () => {
  const translate = ({ weights, likelihood }) => {
    if (!likelihood) throw new Failure("weights_likelihood_unknown");
    return { weights, converted: [{ kind: "likelihood" }], unused: [likelihood] };
  };
  const page = opened({ translate });
  await page.shownModel.load(mine);
  assert.equal(source(page), "z20");
  assert.match(page.notices.get("weights"), /^mine\.safetensors: .*Bernoulli .* Which one was it\?$/);
  assert.deepEqual(Object.keys(page.offered), ["Bernoulli", "Gaussian, variance 1"]);
  await page.offered["Gaussian, variance 1"]();
  assert.equal(source(page), "file");
  assert.match(page.notices.get("weights"), /not used: unit_gaussian\.$/);
});

test("a file that another choice overtakes is dropped", async () => {
  let go;
  const waits = new Promise((done) => (go = done));
  const page = opened({ translate: (args) => waits.then(() => oursAlready(args)) });
  const loading = page.shownModel.load(mine);
  await page.shownModel.choose("z2");
  go();
  await loading;
  assert.equal(source(page), "z2");
});

test("choosing the run shows its weights, and its snapshots follow", async () => {
  const page = opened();
  await page.shownModel.choose("training");
  await page.shownModel.showRun(Uint8Array.of(5), { fresh: true });
  assert.deepEqual(page.shows, [
    ["training", 99, false],
    ["training", 5, true],
  ]);
});

test("a snapshot that arrives while other weights replace the run's is not shown", async () => {
  const page = opened();
  await page.shownModel.choose("training");
  const chosen = page.shownModel.choose("z2");
  while (page.shows.length < 2) await Promise.resolve();
  const late = page.shownModel.showRun(Uint8Array.of(5));
  await Promise.all([chosen, late]);
  assert.equal(source(page), "z2");
  assert.deepEqual(page.shows.at(-1), ["z2", 1, false]);
});

test("after a refused file the run is shown as it is now", async () => {
  const page = opened({ refuses: "file" });
  await page.shownModel.choose("training");
  await page.shownModel.load(mine);
  assert.deepEqual(page.shows.at(-1), ["training", 99, false]);
  assert.match(page.notices.get("weights"), /was refused/);
  await page.shownModel.showRun(Uint8Array.of(6));
  assert.deepEqual(page.shows.at(-1), ["training", 6, false]);
});

test("the model shown is saved under its size and source", async () => {
  const page = opened();
  await page.shownModel.choose("z2");
  await page.shownModel.save();
  assert.deepEqual(page.saved, [[1, "latent-lab-z20-z2.safetensors"]]);
});

test("training starts from the system's own weights, or from those named", async () => {
  const page = opened();
  page.state.system.value = { name: "ae" };
  assert.deepEqual([...(await page.shownModel.startingWeights("z20"))], [2]);
  assert.deepEqual([...(await page.shownModel.startingWeights("z2"))], [1]);
});

test("another system's own weights are shown and announced", async () => {
  const page = opened();
  await page.shownModel.takeSystem({ name: "ae" });
  assert.equal(source(page), "ae");
  assert.match(page.said[0], /: its pre-trained weights are shown\.$/);
});

test("a system without pre-trained weights leaves the model, and a notice says what can be done", async () => {
  const page = opened();
  await page.shownModel.takeSystem({ name: "gan" });
  assert.equal(source(page), "z20");
  assert.match(
    page.notices.get("weights"),
    /no pre-trained weights.* train it from scratch.* answers 404\.$/,
  );
  assert.equal(page.said.length, 0);
});
