import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOfSystem, settingsFromQuery, systemFromQuery, toQuery } from "../../www/settings/address.js";
import { settingsShown } from "../../www/settings/settings-shown.js";
import { hasPretrained, sourcesOf, variantOf } from "../../www/settings/sources.js";
import {
  modelName,
  sourcesOffered,
  startingSource,
  startsOffered,
  withSystem,
} from "../../www/settings/systems.js";
import { defaults, differences } from "../../www/settings/values.js";
import { formula } from "../../www/training/loss-formula.js";
import { system, systems } from "./schema.js";

const [vae, ae, beta, cvae, iwae, vq, gan, semi] = [
  "vae",
  "ae",
  "beta",

  "cvae",
  "iwae",
  "vq",
  "gan",
  "semi",
].map(system);
const values = (system) => withSystem(defaults(), system);

test("a system sets the model and the training, but neither seed nor device", () => {
  const before = { ...defaults(), seed: 9, device: "cpu", latent: 2, beta: 7 };
  assert.deepEqual(withSystem(before, beta), {
    ...defaults(),
    seed: 9,
    device: "cpu",
    beta: 4,
    warm_up: 1,
  });
});

test("training that starts from pre-trained weights starts from the new system's, but never from a file of another", () => {
  const from = (text) => withSystem({ ...defaults(), from: text }, ae).from;
  assert.deepEqual(["scratch", "z20", "z2", "file"].map(from), ["scratch", "z20", "z20", "scratch"]);
});

test("the address names a system, and an unknown one is refused with a sentence", () => {
  assert.deepEqual(systemFromQuery("?system=ae", systems), { system: ae, complaints: [] });
  assert.deepEqual(systemFromQuery("", systems), { system: vae, complaints: [] });
  const { system, complaints } = systemFromQuery("?system=nonsense", systems);
  assert.equal(system, vae);
  assert.match(complaints[0], /nonsense/);
});

test("a system and what was changed in it survive the way into the address and back", () => {
  const wanted = { ...values(beta), beta: 1, latent: 8 };
  const search = toQuery(wanted, addressOfSystem("?lang=de", beta, systems), values(beta));
  assert.equal(search, "?lang=de&system=beta&beta=1&latent=8");
  const { system } = systemFromQuery(search, systems);
  assert.deepEqual(settingsFromQuery(search, system).values, wanted);
  assert.equal(addressOfSystem("?system=beta", vae, systems), "");
});

test("a system cannot be started from weights that it does not have", () => {
  assert.equal(settingsFromQuery("?from=z2", vae).values.from, "z2");
  assert.equal(settingsFromQuery("?from=beta-0.1", beta).values.from, "beta-0.1");
  const { values: refused, complaints } = settingsFromQuery("?from=z2", ae);
  assert.equal(refused.from, "scratch");
  assert.equal(complaints.length, 1);
});

test("each system has its own weights, and those shown stay on offer", () => {
  const names = (pairs) => pairs.map(([source]) => source);
  assert.deepEqual(sourcesOf(vae), ["z20", "z2"]);
  assert.deepEqual(sourcesOf(cvae), ["cvae"]);
  assert.deepEqual(names(sourcesOffered(ae, "z2", systems)), ["ae", "ae-z2", "z2"]);
  assert.deepEqual(names(sourcesOffered(cvae, "training", systems)), ["cvae"]);
  assert.deepEqual(sourcesOf({ name: "full" }), ["full", "full-z2"]);
  assert.deepEqual(names(sourcesOffered(beta, "beta-20", systems)), ["beta", "beta-0.1", "beta-20"]);
  assert.deepEqual(Object.keys(startsOffered(vae, false)), ["scratch", "z20", "z2"]);
  assert.deepEqual(Object.keys(startsOffered(ae, true)), ["scratch", "z20", "ae-z2", "file"]);
  assert.deepEqual(startsOffered(beta, false), {
    scratch: "from scratch",
    z20: "pre-trained, β = 4",
    "beta-0.1": "pre-trained, β = 0.1",
    "beta-20": "pre-trained, β = 20",
  });
  assert.equal(startingSource("z20", vae), "z20");
  assert.equal(startingSource("z20", ae), "ae");
  assert.equal(startingSource("ae-z2", ae), "ae-z2");
  assert.equal(startingSource("file", ae), "file");
});

test("on another data set only some systems have weights", () => {
  assert.ok(hasPretrained(vae, "mnist") && hasPretrained(vae, "fashion"));
  assert.ok(hasPretrained(vq, "mnist") && !hasPretrained(vq, "fashion"));
  assert.ok(!hasPretrained(vae, "own-1"));
});

test("of a system's weights, those for its own settings come first", () => {
  for (const each of systems) {
    const own = { ...each.model, ...each.train };
    const [first, ...more] = sourcesOf(each).map((source) => Object.entries(variantOf(source, each)));
    for (const [name, value] of first) assert.equal(own[name], value, each.name);
    for (const [[name, value]] of more) assert.notEqual(own[name], value, each.name);
  }
});

const CE = "cross-entropy(x, x̂)";
const KL = "KL(q(z|x) ‖ N(0, I))";

test("the formula is that of the settings as they are, with what differs marked", () => {
  const read = (now) => formula(now, systems).map(({ text, changed }) => (changed ? `*${text}` : text));
  assert.deepEqual(read(values(vae)), [CE, "β", KL]);
  assert.deepEqual(read(values(ae)), [CE, "β", "*0"]);
  assert.deepEqual(read(values(beta)), [CE, "*4", KL, "*β from 0 over 1 epoch"]);
  const other = read({ ...values(ae), likelihood: "unit_gaussian", labelled: true });
  assert.deepEqual(other, ["*½‖x − x̂‖² + 392 log 2π", "β", "*0"]);
});

test("the formula has what training minimises in place of the KL, with its weights and schedule", () => {
  const read = (now) => formula({ ...defaults(), ...now }, systems).map(({ text }) => text);
  assert.deepEqual(read({ divergence: "mmd", posterior: "point", beta: 500 }), [
    CE,
    "500",
    "MMD²(q(z), N(0, I))",
  ]);
  const parts = "(0.5 · I(x; z) + 6 · TC(z) + 1 · Σₖ KL(q(zₖ) ‖ p(zₖ)))";
  assert.equal(read({ divergence: "decomposed", mi_weight: 0.5, tc_weight: 6 })[2], parts);
  assert.deepEqual(read({ free_bits: 0.5 }), [CE, "β", "Σₖ max(0.5, KLₖ)"]);
  const target = read({ capacity: 25, beta: 10, warm_up: 2.5 });
  assert.deepEqual(target, [CE, "10", "|KL(q(z|x) ‖ N(0, I)) − 25|", "25 from 0 over 2.5 epochs"]);
  assert.deepEqual(read({ capacity: 25, prior: "mixture" }).length, 3, "a learned prior has no target");
  assert.deepEqual(read({ cycles: 4, warm_up: 3 }), [CE, "β", KL, "β from 0 in 4 cycles"]);
  assert.deepEqual(read({ beta: 0, warm_up: 3 }).length, 3);
});

test("the formula tells classifier, codebook and samples apart, and shows auxiliary losses", () => {
  const read = (now) => formula(now, systems).map(({ text }) => text);
  const conditional = "KL(q(z|x, y) ‖ N(0, I))";
  assert.equal(read(values(cvae))[2], conditional);
  assert.equal(read(values(iwae)).length, 3);
  assert.notEqual(read(values(iwae))[2], KL);
  assert.match(read({ ...values(iwae), samples: 7 })[3], /7/);
  const both = read({ ...values(cvae), samples: 5 });
  assert.equal(both[2], conditional);
  assert.match(both[3], /5/);
  assert.deepEqual(read({ ...values(ae), samples: 5 }), [CE, "β", "0"], "a point posterior takes no samples");
  assert.match(read(values(semi))[2], /q\(y\|x\)/);
  assert.match(read(values(semi))[3], /q\(y\|x\)/);
  assert.equal(read(values(vq)).length, 4);
  assert.match(read({ ...values(gan), critic_weight: 0.4 })[3], /^0\.4 · /);
});

test("differences from a system are named with their settings' labels", () => {
  assert.deepEqual(differences(values(vae), vae), []);
  assert.deepEqual(differences({ ...values(beta), corruption: "salt_and_pepper" }, vae), [
    "KL weight β: 4",
    "KL warm-up (epochs): 1",
    "Corrupt the input: salt and pepper",
  ]);
});

const made = (of, change = {}) => ({ ...values(of), ...change });

test("pre-trained weights are named after their system, and by what they differ in where there are several", () => {
  assert.equal(modelName({ source: "z2" }, systems), "Variational autoencoder, Z = 2");
  assert.equal(modelName({ source: "ae-z2" }, systems), "Plain autoencoder, Z = 2");
  assert.equal(modelName({ source: "beta" }, systems), "Beta-VAE, β = 4");
  assert.equal(modelName({ source: "beta-0.1" }, systems), "Beta-VAE, β = 0.1");
  assert.equal(modelName({ source: "cvae" }, systems), "Conditional VAE");
});

test("a file is named by its name", () => {
  assert.equal(modelName({ source: "file", file: "mine.safetensors" }, systems), "mine.safetensors");
});

test("a run is named after the nearest system, and by what it changed", () => {
  assert.equal(modelName({ source: "training", made: made(beta) }, systems), "Beta-VAE, Z = 20");
  const conditional = made(cvae, { latent: 8, likelihood: "unit_gaussian" });
  assert.equal(
    modelName({ source: "training", made: conditional }, systems),
    "Conditional VAE, Z = 8; Pixel likelihood: Gaussian, variance 1",
  );
});

test("the settings shown are those of the weights, whatever the form says", () => {
  const values = { ...defaults(), beta: 20 };
  const shown = (source, rest = {}) =>
    settingsShown({ source, latent: 20, made: null, values, ...rest }, systems);
  assert.equal(shown("z20").beta, 1);
  assert.equal(shown("z2", { latent: 2 }).latent, 2);
  assert.equal(shown("ae-z2", { latent: 2 }).posterior, "point");
  assert.deepEqual(
    ["beta", "beta-0.1", "beta-20"].map((source) => shown(source).beta),
    [4, 0.1, 20],
  );
  assert.equal(shown("training", { made: { ...defaults(), latent: 8 } }).latent, 8);
  assert.equal(shown("training", { made: defaults() }).beta, 20, "a run takes beta as it goes");
  assert.equal(shown("file"), null, "a file does not say");
});
