// The benchmark page: reads the plan, runs it, shows the results and exports them.

import { asText } from "./bench/bench-report.js";
import { compareEngines } from "./bench/engine-comparison.js";
import { engineTitle, workloadTitle } from "./bench/labels.js";
import { examineMachine } from "./bench/machine.js";
import { defaultPlan, readPlan, SWEEP, WORKLOADS } from "./bench/plan.js";
import { PlanForm } from "./bench/plan-form.js";
import { ReplayClient } from "./bench/replay-client.js";
import { comparisonSection, sideBySideSection, sweepSection } from "./bench/result-sections.js";
import { linkOf, readResult, resultOfLink, sharedResult } from "./bench/shared-result.js";
import { runSweep } from "./bench/sweep.js";
import { unlessAborted } from "./bench/unless-aborted.js";
import { MNIST } from "./data-sets/shipped.js";
import { shippedFiles } from "./data-sets/shipped-files.js";
import { trainingFiles } from "./data-sets/training-files.js";
import { sentence } from "./messages/failure.js";
import { text } from "./messages/text.js";

const element = (id) => document.getElementById(id);
/** Of the run under way: aborting it stops the run. */
let running = null;
let report = null;
/** Results that were opened, of this machine or others. */
const received = [];

const { machine, abilities } = await examineMachine();
const defaults = defaultPlan(abilities);
const form = new PlanForm(element("plan"), { defaults, abilities });
form.fill(readPlan(location.search, defaults));
element("machine").textContent = machine.sentence;
element("plan").addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
element("stop").addEventListener("click", () => running?.abort());
element("everything").addEventListener("click", () => form.chooseAllWorkloads());
element("copy").addEventListener("click", copy);
element("save").addEventListener("click", save);
element("link").addEventListener("click", copyLink);
element("open").addEventListener("click", () => element("files").click());
element("files").addEventListener("change", ({ target }) => openFiles([...target.files]));
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  openFiles([...event.dataTransfer.files]);
});
addEventListener("hashchange", openLink);
await openLink();
if (new URLSearchParams(location.search).has("run")) run();
else showStatus(null);

async function run() {
  running = new AbortController();
  const plan = form.plan;
  element("results").replaceChildren();
  showStatus(text("bench.status.loading"));
  report = { machine, plan, begun: new Date().toISOString(), comparisons: [], sweep: [] };
  const client = new ReplayClient();
  try {
    await runPlan(plan, client, running.signal);
    showResult(outcome([...report.comparisons, ...report.sweep]));
  } catch (error) {
    showResult(
      running.signal.aborted
        ? text("bench.result.stopped")
        : text("bench.result.failed", { reason: sentence(error) }),
    );
  } finally {
    client.close();
    running = null;
    showStatus(null);
  }
}

/** Fills the report and shows each result as soon as it is known. */
async function runPlan(plan, client, signal) {
  const inputs = await inputsOf(client, signal);
  for (const workload of WORKLOADS.filter(({ name }) => plan.works.includes(name))) {
    const result = await compareEngines(workload, plan, inputs, showStatus, signal);
    report.comparisons.push(result);
    element("results").append(comparisonSection(result));
  }
  if (!plan.works.includes(SWEEP.name)) return;
  const card = document.createElement("div");
  element("results").append(card);
  const add = (point) => {
    report.sweep.push(point);
    card.replaceChildren(sweepSection(report.sweep));
  };
  await runSweep(plan, inputs, { report: showStatus, add }, signal);
}

/** What `compareEngines` needs. */
async function inputsOf(client, signal) {
  const files = await unlessAborted(shippedFiles(MNIST).raw(), signal);
  const presets = await unlessAborted(client.presets(), signal);
  const replay = (options, steps) => client.replay(options, steps, files.trainImages);
  return { abilities, files: trainingFiles(MNIST, files), presets, replay };
}

/** Whether all engines computed the same losses, as a sentence. */
function outcome(comparisons) {
  const different = comparisons.flatMap(({ workload, rows }) =>
    rows
      .filter(({ agrees }) => agrees === false)
      .map(({ engine }) => `${engineTitle(engine)} (${workloadTitle(workload)})`),
  );
  if (different.length === 0) return text("bench.result.done");
  return text("bench.result.not_equal", { engines: different.join("; ") });
}

/** What is going on, or null when nothing is. */
function showStatus(words) {
  const busy = words !== null;
  document.documentElement.dataset.benchmark = busy ? "running" : "idle";
  element("status").textContent = words ?? "";
  element("run").disabled = busy;
  element("stop").disabled = !busy;
  const hasResults = Boolean(report?.comparisons.length || report?.sweep.length);
  element("link").disabled = busy || !report?.comparisons.length;
  for (const id of ["copy", "save"]) element(id).disabled = busy || !hasResults;
}

function showResult(words) {
  element("result").textContent = words;
}

async function copy() {
  await navigator.clipboard.writeText(asText(report));
  showResult(text("bench.result.copied"));
}

function save() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(report, null, 2)], { type: "application/json" }));
  link.download = "latent-lab-benchmark.json";
  link.click();
  URL.revokeObjectURL(link.href);
}

async function copyLink() {
  const address = new URL(location.pathname, location.href);
  await navigator.clipboard.writeText(`${address}${await linkOf(sharedResult(report))}`);
  showResult(text("bench.result.link_copied"));
}

async function openLink() {
  try {
    const result = await resultOfLink(location.hash);
    if (result) receive(result);
  } catch (error) {
    showResult(text("bench.result.link_refused", { reason: sentence(error) }));
  }
}

/** Those that can be read; the last sentence says which cannot. */
async function openFiles(files) {
  const said = [];
  for (const file of files) {
    try {
      receive(readResult(await file.text()));
      said.push(text("bench.result.received", { name: file.name }));
    } catch (error) {
      said.push(text("bench.result.refused", { name: file.name, reason: sentence(error) }));
    }
  }
  showResult(said.join(" "));
  element("files").value = "";
}

/** Shows a result beside those before it, each once. */
function receive(result) {
  const same = JSON.stringify(result);
  if (!received.some((other) => JSON.stringify(other) === same)) received.push(result);
  element("received").replaceChildren(sideBySideSection(received));
}
