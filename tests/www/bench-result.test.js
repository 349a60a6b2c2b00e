// Results of the benchmark that others have sent.

import assert from "node:assert/strict";
import test from "node:test";
import { deflateRawSync } from "node:zlib";
import { isComparable } from "../../www/bench/exchange.js";
import { linkOf, resultOfLink } from "../../www/bench/result-link.js";
import { readResult, resultOfFile, sharedResult } from "../../www/bench/shared-result.js";
import { legend, sideBySide } from "../../www/bench/side-by-side.js";
import { Failure } from "../../www/messages/failure.js";

const speed = (median) => ({ q1: median * 0.9, median, q3: median * 1.1, count: 12 });
const row = (name, median, agrees = true) => ({
  engine: { name },
  speed: { each: speed(median), rare: speed(median / 2) },
  loss: 210.5,
  agrees,
});

function report(machine = "Firefox/1 on Linux", median = 10) {
  return {
    machine: { sentence: machine, browser: "…", cores: 8 },
    begun: "2026-01-02T03:04:05.678Z",
    comparisons: [
      {
        workload: { name: "mlp-128", preset: "vae", batch: 128 },
        rows: [
          row("ours-webgpu", median),
          row("jax-webgpu", 2 * median, false),
          { engine: { name: "tfjs-webgpu" }, failed: "No." },
        ],
      },
    ],
    sweep: [],
  };
}

const refused = (action, kind = "bench_not_a_result") =>
  assert.throws(action, (error) => error instanceof Failure && error.kind === kind);

/** The text of a shared result after a change. */
function changed(change) {
  const result = sharedResult(report());
  change(result);
  return JSON.stringify(result);
}

/** The part of an address that carries any bytes, deflated. */
function linkOfBytes(bytes) {
  return `#result=${deflateRawSync(bytes).toString("base64url")}`;
}

test("a saved report and its shared result are the same result", () => {
  const shared = sharedResult(report());
  assert.deepEqual(readResult(JSON.stringify(report())), shared);
  assert.deepEqual(readResult(JSON.stringify(shared)), shared);
  assert.deepEqual(
    shared.rows.map(({ workload, engine }) => [workload, engine]),
    [
      ["mlp-128", "ours-webgpu"],
      ["mlp-128", "jax-webgpu"],
    ],
  );
});

test("a link carries a result, and a damaged one is refused", async () => {
  const shared = sharedResult(report());
  const link = await linkOf(shared);
  assert.ok(link.length < 500, `a link of ${link.length} characters`);
  assert.deepEqual(await resultOfLink(link), shared);
  assert.equal(await resultOfLink("#other"), null);
  for (const damaged of [link.slice(0, -9), `${link}ü`, "#result=", `#result=${"A".repeat(200_000)}`])
    await assert.rejects(resultOfLink(damaged), { kind: "bench_not_a_result" });
});

test("what is no result is refused", () => {
  for (const text of [
    "",
    "{",
    "null",
    "[]",
    "7",
    JSON.stringify({ comparisons: [{}] }),
    JSON.stringify({ comparisons: [] }),
    JSON.stringify({ ...report(), format: "another" }),
    JSON.stringify({ ...report(), format: 1 }),
  ])
    refused(() => readResult(text));
  for (const change of [
    (result) => (result.rows = {}),
    (result) => (result.rows = Array(100_000).fill(result.rows[0])),
    (result) => result.rows.push(result.rows[0]),
    (result) => (result.rows[0].each = null),
    (result) => (result.rows[0].each.median = "12"),
    (result) => (result.rows[0].each.median = -1),
    (result) => (result.rows[0].each.q3 = 0.1),
    (result) => delete result.rows[0].rare,
    (result) => (result.rows[0].engine = "toString"),
    (result) => (result.rows[0].workload = "mlp-1"),
    (result) => (result.rows[0].agrees = 1),
    (result) => (result.rows[0].loss = null), // which agrees with no other
    (result) => delete result.rows[1].loss,
    (result) => (result.rows[0] = null),
    (result) => (result.machine = "x".repeat(501)),
    (result) => (result.begun = "yesterday"),
    (result) => (result.begun = "9999-99-99T::::Z"),
    (result) => (result.begun = "2026-02-30T03:04:05.678Z"),
    (result) => (result.begun = "+012026-01-02T03:04:05.678Z"),
    (result) => (result.begun = [result.begun]),
    (result) => (result.format = "latent-lab-benchmark-0"),
    (result) => (result.format = "latent-lab-benchmark-two"),
    (result) => delete result.format,
  ])
    refused(() => readResult(changed(change)));
});

test("what a later version of the page has made is not called damaged", async () => {
  const format = "latent-lab-benchmark-2";
  const later = JSON.stringify({ format, results: "in another form" });
  for (const text of [later, JSON.stringify({ format, comparisons: [{ other: true }] })])
    refused(() => readResult(text), "bench_later_version");
  await assert.rejects(resultOfLink(linkOfBytes(later)), { kind: "bench_later_version" });
});

test("a loss that is not finite and a step shorter than the clock's tick are results like others", async () => {
  const made = report();
  const [ours, jax] = made.comparisons[0].rows;
  ours.speed.each = { q1: 0, median: 0, q3: 1, count: 12 };
  Object.assign(jax, { loss: Number.NaN, agrees: false });
  const shared = sharedResult(made);
  assert.deepEqual(await resultOfLink(await linkOf(shared)), shared);
  assert.deepEqual(readResult(JSON.stringify(made)), shared);
  assert.match(sideBySide([shared])[0].columns[0][1]({ name: "jax-webgpu" }), /other losses/);
});

test("a report without times is a result with nothing to compare", async () => {
  const nothing = report();
  nothing.comparisons = [];
  refused(() => readResult(JSON.stringify(nothing)), "bench_nothing_to_compare");
  await assert.rejects(resultOfLink(await linkOf(sharedResult(nothing))), {
    kind: "bench_nothing_to_compare",
  });
  assert.equal(isComparable(nothing), false);
  assert.equal(isComparable(report()), true);
});

test("no more is read than a result can have", async () => {
  const padded = `${JSON.stringify(sharedResult(report()))}${" ".repeat(2_000_000)}`;
  await assert.rejects(resultOfLink(linkOfBytes(padded)), { kind: "bench_not_a_result" });
  await assert.rejects(resultOfFile(new File([padded], "large.json")), { kind: "bench_too_large" });
  assert.ok(await resultOfFile(new File([padded.slice(0, 1000)], "small.json")));
});

test("a browser that cannot compress says so", async (context) => {
  const link = await linkOf(sharedResult(report()));
  for (const name of ["CompressionStream", "DecompressionStream"]) {
    const Stream = globalThis[name];
    context.after(() => Object.assign(globalThis, { [name]: Stream }));
    globalThis[name] = undefined;
  }
  await assert.rejects(linkOf(sharedResult(report())), { kind: "bench_no_compression" });
  await assert.rejects(resultOfLink(link), { kind: "bench_no_compression" });
});

test("results stand side by side, a column each, and other losses are said", () => {
  const results = [sharedResult(report()), sharedResult(report("Chrome/2 on Windows", 1))];
  const [table, ...others] = sideBySide(results);
  assert.deepEqual([table.title, others.length], ["784-400-20, batch 128", 0]);
  const cells = table.rows.map((row) => table.columns.map(([, cell]) => cell(row)));
  assert.deepEqual(cells, [
    ["10.0 (9.00–11.0)", "1.00 (0.90–1.10)"],
    ["20.0 (18.0–22.0), other losses", "2.00 (1.80–2.20), other losses"],
  ]);
  assert.deepEqual(legend(results), [
    "1: Firefox/1 on Linux 2026-01-02",
    "2: Chrome/2 on Windows 2026-01-02",
  ]);
});
