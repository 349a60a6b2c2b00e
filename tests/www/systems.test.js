import assert from "node:assert/strict";
import { test } from "node:test";
import { defaults, toQuery } from "../../www/settings/values.js";
import {
  chosen,
  differences,
  formula,
  settingsFromQuery,
  sourcesOf,
  sourcesOffered,
  startingSource,
  startsOffered,
  systemFromQuery,
  withSystem,
} from "../../www/settings/systems.js";

const model = {
  body: "mlp",
  latent: 20,
  hidden: 400,
  posterior: "diagonal",
  codes: 128,
  prior: "standard",
  components: 50,
  likelihood: "bernoulli",
  labelled: false,
  classifier: false,
  critic: false,
};
const train = {
  seed: 0,
  batch: 128,
  learning_rate: 1e-3,
  beta: 1,
  warm_up: 0,
  cool_down: 0,
  samples: 1,
  critic_weight: 1,
  labels: 0,
  binarise: false,
  corruption: "none",
  epochs: 10,
};
const vae = { name: "vae", title: "Variational", reconstruction: "H(x)", divergence: "KL", model, train };
const ae = { ...vae, name: "ae", title: "Plain", divergence: "0", model: { ...model, posterior: "point" } };
const beta = { ...vae, name: "beta", title: "Beta", train: { ...train, beta: 4, warm_up: 1 } };
const mse = {
  ...vae,
  name: "mse",
  title: "Squares",
  reconstruction: "½x²",
  model: { ...model, likelihood: "unit_gaussian" },
};
const cvae = { ...vae, name: "cvae", divergence: "KL y", model: { ...model, labelled: true } };
const iwae = { ...vae, name: "iwae", divergence: "five", train: { ...train, samples: 5 } };
const vq = { ...vae, name: "vq", divergence: "codes", model: { ...model, posterior: "codebook" } };
const gan = { ...vae, name: "gan", model: { ...model, critic: true } };
const semi = {
  ...vae,
  name: "semi",
  divergence: "KL q(y)",
  model: { ...model, labelled: true, classifier: true },
  train: { ...train, labels: 100 },
};
const systems = [vae, ae, beta, mse, cvae, iwae, vq, gan, semi];
const values = (system) => chosen(defaults(), system);

test("a system sets the model and the training, but neither seed nor device", () => {
  const before = { ...defaults(), seed: 9, device: "cpu", latent: 2, beta: 7 };
  assert.deepEqual(chosen(before, beta), {
    ...defaults(),
    seed: 9,
    device: "cpu",
    beta: 4,
    warm_up: 1,
  });
});

test("whoever starts from weights goes on to start from the new system's, but a file's model is not it", () => {
  const from = (text) => chosen({ ...defaults(), from: text }, ae).from;
  assert.deepEqual(["scratch", "z20", "z2", "file"].map(from), ["scratch", "z20", "z20", "scratch"]);
});

test("the address names a system, and one that there is not is refused aloud", () => {
  assert.deepEqual(systemFromQuery("?system=ae", systems), { system: ae, complaints: [] });
  assert.deepEqual(systemFromQuery("", systems), { system: vae, complaints: [] });
  const { system, complaints } = systemFromQuery("?system=nonsense", systems);
  assert.equal(system, vae);
  assert.match(complaints[0], /nonsense/);
});

test("a system and what was changed in it survive the way into the address and back", () => {
  const wanted = { ...values(beta), beta: 1, latent: 8 };
  const search = toQuery(wanted, withSystem("?lang=de", beta, systems), values(beta));
  assert.equal(search, "?lang=de&system=beta&latent=8&beta=1");
  const { system } = systemFromQuery(search, systems);
  assert.deepEqual(settingsFromQuery(search, system).values, wanted);
  assert.equal(withSystem("?system=beta", vae, systems), "");
});

test("a system cannot be started from weights that it does not have", () => {
  assert.equal(settingsFromQuery("?from=z2", vae).values.from, "z2");
  const { values: refused, complaints } = settingsFromQuery("?from=z2", ae);
  assert.equal(refused.from, "scratch");
  assert.equal(complaints.length, 1);
});

test("each system has weights of its own, and what is shown stays on offer", () => {
  const names = (pairs) => pairs.map(([source]) => source);
  assert.deepEqual(names(sourcesOf(vae)), ["z20", "z2"]);
  assert.deepEqual(names(sourcesOf(ae)), ["ae"]);
  assert.deepEqual(names(sourcesOffered(ae, "z2", systems)), ["ae", "z2"]);
  assert.deepEqual(names(sourcesOffered(ae, "training", systems)), ["ae"]);
  assert.deepEqual(Object.keys(startsOffered(vae, false)), ["scratch", "z20", "z2"]);
  assert.deepEqual(Object.keys(startsOffered(ae, true)), ["scratch", "z20", "file"]);
  assert.equal(startingSource("z20", vae), "z20");
  assert.equal(startingSource("z20", ae), "ae");
  assert.equal(startingSource("file", ae), "file");
});

test("the formula is that of the settings as they are, with what differs marked", () => {
  const read = (now) => formula(now, systems).map(({ text, changed }) => (changed ? `*${text}` : text));
  assert.deepEqual(read(values(vae)), ["H(x)", "β", "KL"]);
  assert.deepEqual(read(values(ae)), ["H(x)", "β", "*0"]);
  assert.deepEqual(read(values(beta)), ["H(x)", "*4", "KL"]);
  assert.deepEqual(read({ ...values(ae), likelihood: "unit_gaussian", labelled: true }), ["*½x²", "β", "*0"]);
});

test("the formula tells classifier, codebook and samples apart, and what is trained besides", () => {
  const read = (now) => formula(now, systems).map(({ text }) => text);
  assert.deepEqual(read(values(cvae)), ["H(x)", "β", "KL y"]);
  assert.deepEqual(read(values(iwae)), ["H(x)", "β", "five"]);
  assert.deepEqual(read({ ...values(iwae), samples: 7 }), ["H(x)", "β", "KL", "shared by 7 draws"]);
  assert.deepEqual(read({ ...values(cvae), samples: 5 }), ["H(x)", "β", "KL y", "shared by 5 draws"]);
  assert.deepEqual(read({ ...values(ae), samples: 5 }), ["H(x)", "β", "0"], "a point has no draws");
  assert.equal(read(values(semi))[2], "KL q(y)");
  assert.match(read(values(semi))[3], /q\(y\|x\)/);
  assert.deepEqual(read(values(vq)), ["H(x)", "β", "codes", "pull of the codes"]);
  assert.match(read({ ...values(gan), critic_weight: 0.4 })[3], /^0\.4 · .*critic/);
});

test("the differences are told in words", () => {
  assert.deepEqual(differences(values(vae), systems), []);
  assert.deepEqual(differences({ ...values(beta), corruption: "salt_and_pepper" }, systems), [
    "Weight β of the KL: 4",
    "Warm-up of β, epochs: 1",
    "Spoil the encoder’s input: salt and pepper",
  ]);
});
