import assert from "node:assert/strict";
import { test } from "node:test";
import { fromQuery, toQuery } from "../../www/settings/address.js";
import { scales } from "../../www/settings/scales.js";
import { warmUpNote } from "../../www/settings/schedule-note.js";
import { hasMeaning, names, settings } from "../../www/settings/schema.js";
import {
  clean,
  defaults,
  modelConfig,
  pending,
  stepsPerEpoch,
  trainConfig,
  wantedDevice,
  withClasses,
} from "../../www/settings/values.js";
import { system } from "./schema.js";

test("the defaults are within their own limits", () => {
  for (const name of names) {
    const { value, sentence } = clean(name, String(defaults()[name]));
    assert.equal(value, settings[name].default);
    assert.equal(sentence, null);
  }
});

test("a good value is taken as it stands", () => {
  assert.deepEqual(clean("latent", "8"), { value: 8, sentence: null });
  assert.deepEqual(clean("learning_rate", "3e-4"), { value: 3e-4, sentence: null });
  assert.deepEqual(clean("beta", " 0,5 "), { value: 0.5, sentence: null });
});

test("a value out of range is brought to the limit with a sentence that says so", () => {
  const cases = {
    latent: ["0", 1],
    hidden: ["5000", 1024],
    batch: ["0", 1],
    learning_rate: ["100", 10],
    beta: ["-3", 0],
    epochs: ["1e9", 1000],
  };
  for (const [name, [text, limit]] of Object.entries(cases)) {
    const { value, sentence } = clean(name, text);
    assert.equal(value, limit, name);
    assert.match(sentence, /limited to/);
  }
});

test("a fraction where a whole number is needed is rounded, and said", () => {
  const { value, sentence } = clean("latent", "8.4");
  assert.equal(value, 8);
  assert.match(sentence, /whole number/);
});

test("text that is not a number is refused and the previous value kept", () => {
  for (const text of ["", "abc", "NaN", "Infinity", "0x10", "1e", "--3", "12px", "1 2"]) {
    const { value, sentence } = clean("batch", text, 64);
    assert.equal(value, 64, text);
    assert.match(sentence, /not a number/);
  }
});

test("an overflowing number is clamped and never infinite", () => {
  assert.equal(clean("beta", "1e999").value, 1000);
  assert.equal(clean("seed", "1e300").value, Number.MAX_SAFE_INTEGER);
});

test("the address sets what it names and leaves the rest", () => {
  const { values, complaints } = fromQuery("?latent=8&lr=0.01&beta=4&batch=64&seed=3&epochs=5&device=cpu");
  assert.deepEqual(complaints, []);
  assert.deepEqual(values, {
    ...defaults(),
    latent: 8,
    learning_rate: 0.01,
    beta: 4,
    batch: 64,
    seed: 3,
    epochs: 5,
    device: "cpu",
  });
});

test("a wrong value in the address is refused with a sentence and the default used", () => {
  for (const query of [
    "latent=0",
    "latent=eight",
    "lr=-1",
    "device=tpu",
    "epochs=2.5",
    "seed=",
    "from=file",
  ]) {
    const { values, complaints } = fromQuery(`?${query}`);
    assert.deepEqual(values, defaults(), query);
    assert.equal(complaints.length, 1, query);
  }
});

test("a long wrong value does not flood the page", () => {
  const { complaints } = fromQuery(`?beta=${"9".repeat(5000)}x`);
  assert.ok(complaints[0].length < 200);
});

test("a yes or no is a boolean, and anything else is refused", () => {
  assert.deepEqual(clean("labelled", "true"), { value: true, sentence: null });
  assert.deepEqual(clean("labelled", "false", true), { value: false, sentence: null });
  assert.equal(clean("labelled", "yes", true).value, true);
  assert.match(clean("labelled", "yes").sentence, /not one of/);
});

test("the parts of a model wait for a restart, unless weights bring them", () => {
  const running = defaults();
  const other = { ...running, posterior: "point", labelled: true, corruption: "mask", warm_up: 2 };
  assert.deepEqual(pending(other, running), ["posterior", "labelled"]);
  assert.deepEqual(pending({ ...other, from: "z20" }, running), ["from"]);
});

test("settings survive the way into the address and back", () => {
  const values = {
    ...defaults(),
    latent: 2,
    beta: 0.1,
    learning_rate: 3e-4,
    seed: 9007199254740991,
    device: "gpu",
    from: "z2",
    warm_up: 0.5,
    corruption: "salt_and_pepper",
    posterior: "full",
    likelihood: "learned_gaussian",
    labelled: true,
    classifier: true,
    labels: 100,
    critic_weight: 0.25,
    samples: 5,
    binarise: true,
    cool_down: 2.5,
    body: "conv",
    codes: 64,
  };
  assert.deepEqual(fromQuery(toQuery(values)).values, values);
});

test("defaults are left out of the address, and parameters of others stay", () => {
  assert.equal(toQuery(defaults()), "");
  assert.equal(toQuery(defaults(), "?latent=8&lang=de"), "?lang=de");
});

test("only settings that need a new model wait for a restart", () => {
  const running = defaults();
  assert.deepEqual(pending({ ...running, beta: 4, learning_rate: 0.1, batch: 32, epochs: 3 }, running), []);
  assert.deepEqual(pending({ ...running, latent: 8, seed: 2 }, running), ["latent", "seed"]);
  assert.deepEqual(pending({ ...running, latent: 8 }, null), []);
});

test("the size of a model that starts from a file does not wait: the file decides it", () => {
  assert.deepEqual(pending({ ...defaults(), from: "z2", latent: 2 }, defaults()), ["from"]);
});

test("a training configuration holds exactly what the trainer takes; the classes come with the data set", () => {
  const { model, train } = system("vae");
  const made = withClasses(defaults(), { labelled: true, classes: ["a", "b"] });
  assert.deepEqual(Object.keys(trainConfig(defaults())).sort(), Object.keys(train).sort());
  assert.deepEqual(Object.keys(modelConfig(made)).sort(), Object.keys(model).sort());
  assert.equal(modelConfig(made).classes, 2);
  const { classes: _, ...others } = model;
  assert.deepEqual(Object.keys(modelConfig(defaults())).sort(), Object.keys(others).sort());
});

test("a setting of a part has a meaning exactly while that part is chosen", () => {
  for (const [name, part, chosen] of [
    ["components", "prior", "vamp"],
    ["codes", "posterior", "codebook"],
    ["critic_weight", "critic", true],
    ["labels", "classifier", true],
  ]) {
    assert.equal(hasMeaning(name, defaults()), false, name);
    assert.equal(hasMeaning(name, { ...defaults(), [part]: chosen }), true, name);
  }
  assert.ok(
    names.filter((name) => settings[name].fold).every((name) => hasMeaning(name, defaults())),
    "none of them hides in a fold",
  );
});

test("what has no meaning for the model counts as its default in training", () => {
  const values = { ...defaults(), posterior: "point", samples: 5, labels: 100 };
  assert.equal(trainConfig(values).samples, 1);
  assert.equal(trainConfig(values).labels, 0);
  assert.equal(trainConfig({ ...values, posterior: "full" }).samples, 5);
});

test("a running model keeps what only a restart changes, and what its own parts mean", () => {
  const made = { ...defaults(), labelled: true, classifier: true, labels: 100, seed: 7 };
  const config = trainConfig({ ...made, classifier: false, labels: 1000, seed: 8, beta: 4 }, made);
  assert.deepEqual([config.labels, config.seed, config.beta], [100, 7, 4]);
});

test("principal components have a place and few settings of their own", () => {
  const pca = {
    ...defaults(),
    body: "linear",
    posterior: "point",
    likelihood: "unit_gaussian",
    device: "gpu",
  };
  assert.equal(wantedDevice(pca), "closed form");
  for (const name of ["epochs", "learning_rate", "batch", "beta", "samples", "hidden"])
    assert.equal(hasMeaning(name, pca), false, name);
  assert.equal(hasMeaning("latent", pca), true);
  for (const other of [{ labelled: true }, { critic: true }, { corruption: "mask" }, { body: "mlp" }]) {
    assert.equal(wantedDevice({ ...pca, ...other }), "gpu", JSON.stringify(other));
    assert.equal(hasMeaning("closed_form", { ...pca, ...other }), false, JSON.stringify(other));
  }
});

test("a linear autoencoder that is trained has the settings of training", () => {
  const linear = { ...defaults(), ...system("linear").model, ...system("linear").train };
  assert.notEqual(wantedDevice(linear), "closed form");
  for (const name of ["epochs", "learning_rate", "batch", "closed_form"])
    assert.equal(hasMeaning(name, linear), true, name);
  assert.equal(trainConfig(linear).closed_form, false);
  const config = trainConfig({ ...linear, closed_form: true, learning_rate: 0.01 }, linear);
  assert.deepEqual([config.closed_form, config.learning_rate], [false, 0.01], "only a new model is solved");
});

test("an epoch has as many steps as whole batches", () => {
  assert.equal(stepsPerEpoch(128, 60_000), 468);
  assert.equal(stepsPerEpoch(1024, 60_000), 58);
  assert.equal(stepsPerEpoch(100_000, 60_000), 1);
});

test("a slider covers its setting's range and reads as round numbers", () => {
  for (const name of names.filter((each) => settings[each].scale)) {
    const { min, max, scale } = settings[name];
    const { position, value } = scales[scale];
    assert.equal(position(min, settings[name]), 0);
    assert.equal(position(max, settings[name]), 1);
    assert.equal(value(0, settings[name]), min);
    assert.equal(value(1, settings[name]), max);
    for (const at of [1e-6, 1e-4, 1e-3, 0.02, 0.1, 10])
      assert.equal(value(position(at, settings[name]), settings[name]), at, `${name} at ${at}`);
  }
});

test("a warm-up that is longer than the run is said, with where it ends", () => {
  const note = (change) => warmUpNote({ ...defaults(), epochs: 10, ...change });
  assert.equal(note({}), "");
  assert.equal(note({ warm_up: 10 }), "");
  assert.match(note({ warm_up: 40, beta: 4 }), /40 epochs.*run of 10: β ends at 1, not at 4/);
  assert.match(note({ warm_up: 30, capacity: 25 }), /target ends at 8.3 nats, not at 25/);
  assert.equal(note({ warm_up: 40, beta: 0 }), "", "there is nothing to reach");
  assert.match(note({ warm_up: 3, cycles: 4 }), /no effect/);
  const pca = { body: "linear", posterior: "point", likelihood: "unit_gaussian" };
  assert.equal(note({ ...pca, warm_up: 40 }), "", "a closed form has none");
});
