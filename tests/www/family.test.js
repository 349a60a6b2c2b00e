import assert from "node:assert/strict";
import { test } from "node:test";
import { addWords, hasText } from "../../www/messages/text.js";
import { BRANCHES, familyMap, familyOf, search } from "../../www/settings/family.js";
import { names, settings } from "../../www/settings/schema.js";
import { system, systems } from "./schema.js";

const [vae] = systems;
const branchOf = (each) => familyOf(each, vae).branch;

/** A system that the page does not have, which differs from the first in these settings, with its texts. */
function madeUp(name, { model = {}, train = {} }, source = "Nobody 2030") {
  addWords({ presets: { [name]: { title: `Made-up ${name}`, idea: "", source } } });
  return { name, model: { ...vae.model, ...model }, train: { ...vae.train, ...train } };
}

test("a system is in the branch of its most telling difference", () => {
  const branches = Object.fromEntries(systems.map((each) => [each.name, branchOf(each)]));
  const wanted = {
    vae: "root",
    ae: "no_kl",
    noise: "no_kl",
    beta: "divergence",
    mse: "likelihood",
    sigma: "likelihood",
    full: "posterior",
    cvae: "label",
    mixture: "prior",
    vamp: "prior",
    denoise: "networks",
    conv: "networks",
    iwae: "divergence",
    vq: "posterior",
    gan: "adversarial",
    semi: "label",
    pca: "no_kl",
    linear: "no_kl",
    two_stage: "prior",
    clusters: "prior",
    hvae: "posterior",
    iaf: "posterior",
    categorical: "posterior",
    structured: "likelihood",
    wae: "divergence",
    tcvae: "divergence",
    free_bits: "divergence",
    capacity: "divergence",
    cyclic: "divergence",
    small: "no_kl",
    small_kl: "divergence",
    vq2: "posterior",
    cvae_gan: "adversarial",
    unseen: "label",
  };
  assert.deepEqual(branches, wanted);
});

test("a system that is new falls into its place by its settings", () => {
  const places = [
    [{ model: { labelled: true, critic: true } }, "adversarial"],
    [{ model: { posterior: "full", prior: "vamp" } }, "posterior"],
    [{ model: { posterior: "point", prior: "mixture" } }, "prior"],
    [{ model: { likelihood: "unit_gaussian" }, train: { beta: 3 } }, "divergence"],
    [{ model: { likelihood: "unit_gaussian" }, train: { beta: 0 } }, "no_kl"],
    [{ model: { likelihood: "learned_gaussian", body: "conv" } }, "likelihood"],
    [{ model: { latent: 8, hidden: 100 } }, "networks"],
  ];
  for (const [change, branch] of places) assert.equal(branchOf(madeUp("new", change)), branch, branch);
});

test("every setting by which systems differ belongs to a branch of the map", () => {
  const used = names.map((name) => settings[name].branch).filter(Boolean);
  assert.ok(used.length > 10);
  for (const branch of used) assert.ok(BRANCHES.includes(branch), branch);
});

test("the map has every system once, the first alone at its root, with differences in short", () => {
  const map = familyMap(systems);
  const all = map.flatMap((branch) => branch.systems.map(({ name }) => name));
  assert.deepEqual(all.toSorted(), systems.map(({ name }) => name).toSorted());
  assert.deepEqual(
    map[0].systems.map(({ name, tags }) => [name, tags]),
    [["vae", []]],
  );
  const entries = map.flatMap((branch) => branch.systems);
  const tagsOf = (name) => entries.find((each) => each.name === name).tags;
  assert.deepEqual(tagsOf("beta"), ["β = 4", "warm-up 1"]);
  assert.deepEqual(tagsOf("vq"), ["convolutional", "codebook"]);
  for (const { name, tags, source } of entries) {
    assert.ok(source.length > 3, `${name} has a source`);
    assert.ok(name === "vae" || tags.length > 0, `${name} says what differs`);
    for (const tag of tags) assert.ok(tag.length <= 20, `a tag is short: ${tag}`);
  }
});

test("every difference that a system could have is said in short", () => {
  for (const name of names.filter((each) => settings[each].branch && settings[each].choices))
    if (!hasText(`settings.${name}.tag`))
      for (const value of settings[name].choices)
        assert.ok(hasText(`settings.${name}.short.${value}`), `${name}: ${value}`);
  for (const name of names.filter((each) => settings[each].branch && !settings[each].choices))
    assert.ok(hasText(`settings.${name}.tag`), name);
});

test("a family of sixty systems has a map too", () => {
  const parts = [{ posterior: "full" }, { prior: "vamp" }, { critic: true }, { likelihood: "unit_gaussian" }];
  const more = Array.from({ length: 60 - systems.length }, (_, i) =>
    madeUp(`extra-${i}`, { model: parts[i % parts.length] }),
  );
  const map = familyMap([...systems, ...more]);
  assert.equal(map.flatMap((branch) => branch.systems).length, 60);
  assert.equal(search(map, "nobody").found.length, more.length);
});

test("systems are found by name, authors, year and parts, in any case and order", () => {
  const map = familyMap([...systems, madeUp("loève", { model: { prior: "vamp" } }, "Loève 1948")]);
  const found = (typed) => search(map, typed).found;
  assert.deepEqual(found("vq"), ["vq", "vq2"]);
  assert.equal(search(map, "vq").best, "vq");
  assert.deepEqual(found("  KINGMA 2014 ").includes("vae"), true);
  assert.ok(!found("kingma").includes("vq"));
  assert.deepEqual(found("2016 tomczak"), []);
  assert.deepEqual(found("loeve"), ["loève"]);
  assert.ok(found("convolutional").includes("conv"));
  assert.ok(found("vector quantised").includes("vq"), "by the words of the form too");
  assert.ok(found("total correlation").includes("tcvae"), "by its idea");
  assert.deepEqual(search(map, "nothing of the kind"), { found: [], best: null });
  assert.equal(found("").length, systems.length + 1);
  assert.equal(
    search(map, "beta").best,
    "beta",
    "the one that is named so comes before those with another beta",
  );
  assert.equal(system("beta").name, "beta");
});
