// Results of the benchmark that others have sent.

import assert from "node:assert/strict";
import test from "node:test";
import { linkOf, readResult, resultOfLink, sharedResult } from "../../www/bench/shared-result.js";
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

const refused = (action) =>
  assert.throws(action, (error) => error instanceof Failure && error.kind === "bench_not_a_result");

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
  const changed = (change) => {
    const result = sharedResult(report());
    change(result);
    return JSON.stringify(result);
  };
  for (const text of [
    "",
    "{",
    "null",
    "[]",
    "7",
    JSON.stringify({ comparisons: [{}] }),
    JSON.stringify({ comparisons: [] }),
  ])
    refused(() => readResult(text));
  for (const change of [
    (result) => (result.rows = []),
    (result) => (result.rows[0].each.median = "12"),
    (result) => (result.rows[0].each.median = -1),
    (result) => (result.rows[0].each.q3 = 0.1),
    (result) => delete result.rows[0].rare,
    (result) => (result.rows[0].engine = "toString"),
    (result) => (result.rows[0].workload = "mlp-1"),
    (result) => (result.rows[0].agrees = 1),
    (result) => (result.rows[0] = null),
    (result) => (result.machine = "x".repeat(501)),
    (result) => (result.begun = "yesterday"),
    (result) => (result.format = "latent-lab-benchmark-2"),
  ])
    refused(() => readResult(changed(change)));
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
