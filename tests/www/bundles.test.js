import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { kindsOfOthers, wordsFor } from "../../build/bundles.mjs";

const catalogue = {
  page: { title: "Title", close: "Close" },
  training: {
    phase: { open: "Opening", build: "Building" },
    steps: { one: "{count} step", other: "{count} steps" },
  },
  errors: { unexpected: "Failed: {message}" },
  quantities: { digit: "The digit" },
};

test("a bundle holds the words that its modules name, and every error", () => {
  const phase = "$" + "{phase}"; // as in the source of a template
  const code = `text("page.close"); text(\`training.phase.${phase}\`); text("training.steps", { count });`;
  const { page, ...rest } = wordsFor([code], catalogue);
  const { page: _, ...all } = catalogue;
  assert.deepEqual(page, { close: "Close" });
  assert.deepEqual(rest, all);
});

test("errors that only the command line has stay out, but for those that a module throws", () => {
  const errors = { unexpected: "Failed", resume_other_run: "Another run", training_diverged: "Diverged" };
  const code = 'throw new Failure("training_diverged", { step });';
  const words = wordsFor([code], { ...catalogue, errors }, ["resume_other_run", "training_diverged"]);
  assert.deepEqual(Object.keys(words.errors), ["unexpected", "training_diverged"]);
});

test("errors that only a room's actions have are of its script alone, and those of the benchmark of no room", () => {
  const errors = {
    unexpected: "Failed",
    import_empty: "Empty",
    archive_cut: "Cut",
    bench_stopped: "Stopped",
  };
  const others = (script) => kindsOfOthers(script, { errors });
  assert.deepEqual(others("main.js"), ["import_empty", "archive_cut", "bench_stopped"]);
  assert.deepEqual(others("page/data-panel.js"), ["archive_cut", "bench_stopped"]);
  assert.deepEqual(others("bench.js"), ["import_empty", "archive_cut"]);
});

test("words that no module names stay out", () => {
  assert.deepEqual(Object.keys(wordsFor(["const nothing = 1;"], catalogue)), ["errors", "quantities"]);
});

test("the page's words for the benchmark stay out of the page's bundle", () => {
  const real = JSON.parse(readFileSync(new URL("../../www/messages/en.json", import.meta.url), "utf8"));
  assert.equal("bench" in wordsFor(['text("page.close")'], real), false);
});
