// The benchmark page: reads the plan, runs it and shows the results.

import { compareEngines } from "./bench/engine-comparison.js";
import { Exchange, isComparable, saveReport } from "./bench/exchange.js";
import { engineTitle, workloadTitle } from "./bench/labels.js";
import { examineMachine } from "./bench/machine.js";
import { defaultPlan, readPlan, SWEEP, WORKLOADS } from "./bench/plan.js";
import { PlanForm } from "./bench/plan-form.js";
import { ReplayClient } from "./bench/replay-client.js";
import { comparisonSection, sweepSection } from "./bench/result-sections.js";
import { FORMAT } from "./bench/shared-result.js";
import { runSweep } from "./bench/sweep.js";
import { unlessAborted } from "./bench/unless-aborted.js";
import { MNIST } from "./data-sets/shipped.js";
import { shippedFiles } from "./data-sets/shipped-files.js";
import { trainingFiles } from "./data-sets/training-files.js";
import { sentence } from "./messages/failure.js";
import { text } from "./messages/text.js";
import { copy } from "./views/clipboard.js";

const element = (id) => document.getElementById(id);
const onClick = (id, act) => element(id).addEventListener("click", act);
/** Of the run under way: aborting it stops the run. */
let running = null;
let report = null;

const { machine, abilities } = await examineMachine();
const defaults = defaultPlan(abilities);
const form = new PlanForm(element("plan"), { defaults, abilities });
const exchange = new Exchange(element("received"), { say, copy: copyOut });
form.fill(readPlan(location.search, defaults));
element("machine").textContent = machine.sentence;
element("plan").addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
onClick("stop", () => running?.abort());
onClick("everything", () => form.chooseAllWorkloads());
onClick("copy", () => exchange.copyText(report));
onClick("save", () => saveReport(report));
onClick("link", () => exchange.copyLink(report, new URL(location.pathname, location.href)));
onClick("open", () => element("files").click());
element("files").addEventListener("change", async ({ target }) => {
  await exchange.openFiles([...target.files]);
  target.value = ""; // so that the same file can be opened again
});
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  exchange.openFiles([...event.dataTransfer.files]);
});
addEventListener("hashchange", () => exchange.openLink(location.hash));
await exchange.openLink(location.hash);
if (new URLSearchParams(location.search).has("run")) run();
else showStatus(null);

async function run() {
  running = new AbortController();
  const { signal } = running;
  const plan = form.plan;
  const begun = new Date().toISOString();
  report = { format: FORMAT, machine, plan, begun, comparisons: [], sweep: [] };
  element("results").replaceChildren();
  element("copied").hidden = true;
  say("");
  showStatus(text("bench.status.loading"));
  const client = new ReplayClient();
  try {
    await runPlan(plan, client, signal);
    say(outcome([...report.comparisons, ...report.sweep]));
  } catch (error) {
    const failed = () => text("bench.result.failed", { reason: sentence(error) });
    say(signal.aborted ? text("bench.result.stopped") : failed());
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
  element("link").disabled = busy || !report || !isComparable(report);
  for (const id of ["copy", "save"]) element(id).disabled = busy || !hasResults;
}

/** Whatever is begun says "" first: words that stay the same are not announced again. */
function say(words) {
  element("result").textContent = words;
}

/** Whether the words could be copied; else they are in a field, selected. */
async function copyOut(words, kind) {
  const area = element("copied");
  await copy(words, { button: element({ text: "copy", link: "link" }[kind]), area });
  return area.hidden;
}
