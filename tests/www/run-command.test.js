// The command that repeats a run.

import assert from "node:assert/strict";
import { test } from "node:test";
import { SettingsRecord } from "../../www/settings/settings-record.js";
import { withSystem } from "../../www/settings/systems.js";
import { defaults, trainConfig } from "../../www/settings/values.js";
import { runCommand } from "../../www/training/run-command.js";
import { system } from "./schema.js";

const settingsOf = (name, change = {}) => ({ ...withSystem(defaults(), system(name)), ...change });

function command(name, { change = {}, later = [], step = 12, from = "scratch", dataset } = {}) {
  const values = settingsOf(name, change);
  const record = new SettingsRecord(null, 0);
  record.trained(trainConfig(values), 0);
  for (const { at, ...more } of later) record.trained({ ...record.value.train, ...more }, at);
  const lines = runCommand({ preset: system(name), values, from, record: record.value, step, dataset }).split(
    "\n",
  );
  return { line: lines.at(-1), comments: lines.slice(0, -1) };
}

test("a command has the options that differ from its preset, and as many epochs as the steps fill", () => {
  const { line, comments } = command("vae", {
    change: { latent: 2, learning_rate: 0.0003, batch: 100 },
    step: 601,
  });
  assert.equal(
    line,
    "latent-lab train --preset vae --latent 2 --seed 1 --batch 100 --learning-rate 0.0003 --epochs 2",
  );
  assert.deepEqual(comments, []);
});

test("choices and flags are options as well", () => {
  const { line } = command("vae", {
    change: { likelihood: "unit_gaussian", binarise: true, corruption: "mask" },
  });
  assert.match(line, / --likelihood unit_gaussian .* --binarise true --corruption mask /);
});

test("settings that changed midway are those of the first step, with a comment for each change", () => {
  const later = [
    { at: 413, beta: 4 },
    { at: 500, beta: 0.5, learning_rate: 0.01 },
  ];
  const { line, comments } = command("vae", { later, step: 900 });
  assert.ok(!/--beta|--learning-rate/.test(line), line);
  assert.deepEqual(comments, [
    "# KL weight β was changed from 1 to 4 at step 413: the command has 1 from the start.",
    "# KL weight β was changed from 4 to 0.5 at step 500: the command has 1 from the start.",
    "# Learning rate was changed from 0.001 to 0.01 at step 500: the command has 0.001 from the start.",
  ]);
});

test("a run that branched off says where, and that it is not repeated", () => {
  const values = settingsOf("vae");
  const record = { train: trainConfig(values), changes: [], since: 0, branches: [54] };
  const words = runCommand({ preset: system("vae"), values, from: "scratch", record, step: 900 });
  assert.match(words, /^# At step 54 the run branched off .* moments at zero/);
});

test("more epochs change a run only where its learning rate decays", () => {
  assert.deepEqual(command("vae", { later: [{ at: 400, epochs: 15 }] }).comments, []);
  const { line, comments } = command("linear", { later: [{ at: 400, epochs: 35 }] });
  assert.match(comments[0], /^# Epochs was changed from 30 to 35 at step 400/);
  assert.ok(!line.includes("--epochs"), "the schedule is the preset's");
});

test("a command says which weights a run began with, and what is not known", () => {
  assert.match(
    command("beta", { from: "z20" }).comments[0],
    /^# The run began with the weights beta\.safetensors;/,
  );
  assert.match(command("vae", { from: "file" }).comments[0], /the weights the loaded file/);
  const values = settingsOf("vae");
  const old = runCommand({ preset: system("vae"), values, from: "scratch", record: null, step: 40 });
  assert.match(old, /^# .* before step 40 was not kept/);
});

test("principal components are fitted in one epoch", () => {
  assert.ok(!command("pca").line.includes("--epochs"));
});

test("a record goes on after a pause, and a run that was kept without one says from which step on it is known", () => {
  const [first, second] = [trainConfig(settingsOf("vae")), trainConfig(settingsOf("vae", { beta: 2 }))];
  const record = new SettingsRecord(null, 0);
  assert.equal(record.value, null);
  assert.equal(record.trained(first, 0), true);
  assert.equal(record.trained({ ...first }, 8), false);
  const resumed = new SettingsRecord(record.value, 8);
  assert.equal(resumed.trained(second, 8), true);
  assert.deepEqual(resumed.value, {
    train: second,
    changes: [{ step: 8, name: "beta", from: 1, to: 2 }],
    since: 0,
    branches: [],
  });
  const late = new SettingsRecord(null, 30);
  late.trained(first, 30);
  assert.equal(late.value.since, 30);
});

test("the data set is named by its key; one of a person has to be exported first, and a comment says so", () => {
  const animals = command("vae", { step: 63, dataset: { key: "animals", name: "Animals", train: 8000 } });
  assert.match(
    animals.line,
    /^latent-lab train --preset vae --data animals .*--epochs 2$/,
    "62 steps are an epoch",
  );
  assert.deepEqual(animals.comments, []);
  const own = command("cvae", {
    change: { classes: 3 },
    dataset: { key: "own-0123456789abcdef", name: "My runes", train: 40 },
  });
  assert.match(own.line, /--preset cvae --data FOLDER /);
  assert.doesNotMatch(own.line, /classes/, "they come with the data");
  assert.match(own.comments.join(" "), /“My runes”.*export it as IDX files/);
});
