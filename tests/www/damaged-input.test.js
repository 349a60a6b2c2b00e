// Addresses and kept entries of any content: each is taken as it is or refused with a sentence, and nothing else changes. CASES of each
// property, a thousand by default; CONTRIBUTING says how to run a million.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { packed, unpacked } from "../../www/keep/entry-format.js";
import { curvesInPoints } from "../../www/keep/kept-curves.js";
import { startingAddress } from "../../www/keep/kept-values.js";
import { sentence } from "../../www/messages/failure.js";
import { settingsFromQuery, systemFromQuery, toQuery } from "../../www/settings/address.js";
import { names, settings } from "../../www/settings/schema.js";
import { withSystem } from "../../www/settings/systems.js";
import { clean, defaults, modelConfig, trainConfig } from "../../www/settings/values.js";
import { isOutOfMemory, isPanic } from "../../www/worker/module-deaths.js";
import { systems } from "./schema.js";

const runs = { numRuns: Number(process.env.CASES ?? 1000) };
const always = (arbitrary, holds) => fc.assert(fc.property(arbitrary, holds), runs);

const queries = names.map((name) => settings[name].query);
const choices = [...new Set(names.flatMap((name) => settings[name].choices ?? []))];
const limits = names.flatMap((name) => [settings[name].min, settings[name].max]).filter(Number.isFinite);
const around = limits.flatMap((limit) => [limit, limit + 1, limit - 1, limit + 0.5, -limit]);

const asked = fc.oneof(
  fc.constantFrom(...choices),
  fc.constantFrom(
    "",
    " ",
    "NaN",
    "Infinity",
    "-0",
    "0x10",
    "1e999",
    "1e-999",
    "9".repeat(400),
    "1,5",
    "١٢",
    "null",
  ),
  fc.constantFrom(...around).map(String),
  fc.double().map(String),
  fc.integer().map(String),
  fc.string(),
  fc.string({ unit: "binary", maxLength: 200 }),
);
const key = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("system", ...queries) },
  { weight: 1, arbitrary: fc.string() },
  { weight: 1, arbitrary: fc.constantFrom("__proto__", "constructor", "toString", "hasOwnProperty") },
);
const named = fc.oneof(asked, fc.constantFrom(...systems.map(({ name }) => name)));
const parameters = fc.array(fc.tuple(key, named), { maxLength: 8 });
const search = fc.oneof(
  parameters.map((pairs) => `?${new URLSearchParams(pairs)}`),
  parameters.map((pairs) => `?${pairs.map(([name, value]) => `${name}=${value}`).join("&")}`),
  fc.string({ unit: "binary" }),
  fc.constantFrom("?", "?&&&", "?=", "?batch", "?%", "?batch=%", "?batch=%FF%FE", "#?batch=3"),
);

/** A placeholder without its value. */
const UNFILLED = /\{\w+\}|undefined/;

test("any address gives values within their limits, and a sentence for each that it refuses", () => {
  always(search, (address) => {
    const { system, complaints: ofSystem } = systemFromQuery(address, systems);
    assert.ok(systems.includes(system));
    const query = new URLSearchParams(address);
    const wanted = new Set(query.getAll("system"));
    assert.equal(
      ofSystem.length,
      wanted.size === 0 || (wanted.size === 1 && wanted.has(system.name)) ? 0 : 1,
    );
    const { values, complaints } = settingsFromQuery(address, system);
    const base = withSystem(defaults(), system);
    assert.deepEqual(Object.keys(values).sort(), Object.keys(base).sort());
    let refused = 0;
    for (const name of names) {
      const value = values[name];
      assert.deepEqual(clean(name, String(value)), { value, sentence: null }, name);
      const given = new Set(query.getAll(settings[name].query));
      const taken = given.size === 1 && same(name, [...given][0], value);
      if (!taken) assert.equal(value, base[name], "what is not asked for, or refused, stays");
      if (given.size > 0 && !taken) refused += 1;
    }
    assert.equal(complaints.length, refused, `a sentence for each refused part of ${address}`);
    if (UNFILLED.test([...query.values()].join(" "))) return; // the sentences repeat what the address has
    for (const complaint of [...ofSystem, ...complaints]) assert.doesNotMatch(complaint, UNFILLED);
  });
});

/** Whether a text means this value. */
function same(name, text, value) {
  const { value: read, sentence: corrected } = clean(name, text);
  return corrected === null && Object.is(read, value);
}

test("the address of any settings brings them back", () => {
  const value = (name) => {
    const { kind, choices, min, max } = settings[name];
    if (choices)
      return fc.constantFrom(...choices.map((choice) => (kind === "flag" ? choice === "true" : choice)));
    return kind === "integer"
      ? fc.integer({ min, max })
      : fc.double({ min, max, noNaN: true }).map((number) => number + 0);
  };
  const all = fc.record(
    Object.fromEntries(names.filter((name) => name !== "from").map((name) => [name, value(name)])),
  );
  always(fc.tuple(all, fc.constantFrom(...systems)), ([chosen, system]) => {
    const base = withSystem(defaults(), system);
    const values = { ...base, ...chosen };
    const restored = settingsFromQuery(toQuery(values, "", base), system);
    assert.deepEqual(restored, { values, complaints: [] });
    assert.doesNotThrow(() => JSON.stringify([modelConfig(values), trainConfig(values)]));
  });
});

test("the kept address is taken only where the page's own asks for nothing", () => {
  always(fc.tuple(search, search), ([own, kept]) => {
    assert.ok([own, kept].includes(startingAddress(own, { address: kept })));
    assert.equal(startingAddress(own, null), own);
  });
});

// Kept entries.

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const count = fc.nat();
const pixels = fc.double({ min: 0, max: 1, noNaN: true }).map((grey) => new Float32Array(784).fill(grey));
const stroke = fc.record({
  points: fc.array(fc.record({ x: finite, y: finite }), { minLength: 1, maxLength: 4 }),
  erase: fc.boolean(),
});
const item = fc.oneof(stroke, fc.record({ image: pixels, label: fc.nat(9) }));
const items = fc.array(item, { maxLength: 3 });
const point = fc.record({ step: count, reconstruction: finite, kl: finite, total: finite });
const losses = fc.option(fc.record({ total: finite }));
const quantity = fc.float64Array({ minLength: 2, maxLength: 2 });
const curve = fc.record({ step: quantity, reconstruction: quantity, kl: quantity, total: quantity });
const labels = { begun: finite, name: fc.string({ maxLength: 60 }), pinned: fc.boolean() };
const bytes = fc.uint8Array({ minLength: 1, maxLength: 9 });

const beta = fc.constantFrom(0, 0.5, 4);
const change = fc.record({ step: count, name: fc.constant("beta"), from: beta, to: beta });
const settingsRecord = fc.record({
  train: fc.constant(trainConfig(defaults())),
  changes: fc.array(change, { maxLength: 3 }),
  since: count,
});
/** Well-formed values, by kind. */
const WELL_FORMED = {
  drawing: fc.record({
    items,
    cleared: fc.array(items, { maxLength: 2 }),
    centre: fc.boolean(),
    labelChoice: fc.record({ label: fc.nat(9), inferred: fc.boolean() }),
  }),
  settings: fc.record({ address: search }),
  code: fc.record({
    origin: fc.constantFrom("drawing", "edited", "sample", "label"),
    component: fc.constant(0),
    source: fc.string(),
    codes: fc.constant(0),
    values: fc
      .array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 })
      .map((z) => Float32Array.from(z)),
  }),
  run: fc.record({
    system: fc.string(),
    address: search,
    made: fc.constant(defaults()),
    step: count,
    epoch: finite,
    time: finite,
    bytes: count,
    losses: fc.record({ train: losses, quick: losses, full: losses }),
    history: fc.record({ train: curve, quick: curve, full: curve }),
    record: fc.option(settingsRecord),
    ...labels,
  }),
  checkpoint: fc.record({ step: count, testing: fc.boolean(), bytes, weights: bytes }),
};
const kinds = Object.keys(WELL_FORMED);
const anything = fc.anything({
  withTypedArray: true,
  withBigInt: true,
  withMap: true,
  withDate: true,
  maxDepth: 3,
});

test("a well-formed entry is taken", () => {
  for (const kind of kinds)
    always(WELL_FORMED[kind], (value) => assert.equal(unpacked(kind, packed(kind, value)), value));
});

test("a run that an earlier version has kept is taken, its points in columns", () => {
  const points = fc.array(point, { maxLength: 3 });
  const earlier = fc.tuple(WELL_FORMED.run, points).map(([{ begun, name, pinned, ...value }, train]) => ({
    version: 1,
    value: { ...value, history: { train, quick: [], full: train } },
  }));
  always(earlier, (entry) => {
    const { history } = unpacked("run", entry);
    assert.deepEqual(curvesInPoints(history), structuredClone(entry.value.history));
  });
});

test("whatever an entry holds, it is taken or refused with a sentence", () => {
  const entry = fc.oneof(
    anything,
    fc.record({ version: fc.oneof(fc.constantFrom(0, 1, 2, 1.5, -1, "1", null), anything), value: anything }),
  );
  always(fc.tuple(fc.constantFrom(...kinds), entry), ([kind, found]) => {
    takenOrRefused(kind, found);
  });
});

test("an entry with one part replaced is taken as it is or refused", () => {
  const changed = kinds.map((kind) =>
    fc.tuple(fc.constant(kind), WELL_FORMED[kind], fc.nat(), anything).map(([kind, value, at, part]) => {
      const copy = structuredClone(value);
      const places = placesIn(copy);
      const [owner, name] = places[at % places.length];
      owner[name] = part;
      return [kind, copy];
    }),
  );
  always(fc.oneof(...changed), ([kind, value]) => {
    if (takenOrRefused(kind, packed(kind, value)) && kind === "run")
      for (const name of names.filter((each) => each in value.made))
        assert.deepEqual(clean(name, String(value.made[name])), { value: value.made[name], sentence: null });
  });
});

/** Whether it was taken; a refusal is a failure with a sentence. */
function takenOrRefused(kind, entry) {
  try {
    assert.equal(unpacked(kind, entry), entry.value);
    return true;
  } catch (failure) {
    assert.match(String(failure.kind), new RegExp(`^kept_(damaged|later)\\.${kind}$`), failure.stack);
    assert.doesNotMatch(sentence(failure), /\{\w+\}/);
    return false;
  }
}

/** [owner, name] of every part of a plain value. */
function placesIn(value) {
  const parts = Object.entries(value).filter(
    ([, part]) => part && typeof part === "object" && !ArrayBuffer.isView(part),
  );
  return [...Object.keys(value).map((name) => [value, name]), ...parts.flatMap(([, part]) => placesIn(part))];
}

test("a lack of memory is distinguished from panics, whatever their message", () => {
  for (const message of [
    "unreachable",
    "Uncaught RuntimeError: unreachable executed",
    "Unreachable code should not be executed (evaluating 'x')",
    "panicked at library/alloc/src/raw_vec.rs:28:5:\ncapacity overflow",
    "Array buffer allocation failed",
    "WebAssembly.Memory(): could not allocate memory",
    "the graphics device reported: out of memory",
    "the graphics device was lost (Out of device memory)",
  ])
    assert.ok(isOutOfMemory(message), message);
  for (const message of [
    "memory access out of bounds",
    "panicked at src/train/trainer.rs:10:5:\ninternal error: entered unreachable code",
    "the graphics device was lost (no reason given)",
    "integer divide by zero",
  ])
    assert.ok(!isOutOfMemory(message), message);
  always(fc.string(), (words) => assert.ok(isPanic(`panicked at src/lib.rs:1:1:\n${words}`)));
});
