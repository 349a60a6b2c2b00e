// The benchmark page: reads what to run, runs it, shows it, hands it over.

import { Dataset } from "../files/dataset.js";
import { Caller } from "../worker/rpc.js";
import { examineMachine } from "./machine.js";
import { ENGINES, obstacle, readPlan, SWEEP, usualPlan, WORKS } from "./plan.js";
import { race } from "./race.js";
import { asText } from "./bench-report.js";
import { sweepOver } from "./sweep.js";
import { showRace, showSweep } from "./table.js";

const element = (id) => document.getElementById(id);
const form = element("plan");
const COUNTS = ["rounds", "block", "warmup", "marathon"];
let running = null;
let report = null;

const { machine, abilities } = await examineMachine();
const usual = usualPlan(abilities);
fill(readPlan(location.search, usual));
element("machine").textContent = machine.sentence;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
element("stop").addEventListener("click", () => running?.abort());
element("everything").addEventListener("click", () => {
  for (const box of element("works").querySelectorAll("input")) box.checked = true;
});
element("copy").addEventListener("click", copy);
element("save").addEventListener("click", save);
if (new URLSearchParams(location.search).has("run")) run();
else say(null);

function fill(plan) {
  const choices = [
    ["works", [...WORKS, SWEEP], () => null],
    ["engines", ENGINES, (engine) => obstacle(engine, abilities)],
  ];
  for (const [name, all, hindered] of choices) {
    element(name).append(...all.map((it) => choice(name, it, plan[name].includes(it.name), hindered(it))));
  }
  for (const name of COUNTS) form.elements[name].value = plan[name];
}

function choice(group, { name, title }, checked, hindrance) {
  const label = document.createElement("label");
  const box = document.createElement("input");
  Object.assign(box, { type: "checkbox", name: group, value: name, checked });
  label.append(box, ` ${title}`);
  if (hindrance) {
    const why = document.createElement("small");
    why.textContent = ` ${hindrance}`;
    label.append(why);
  }
  return label;
}

/** The form in the words of an address. */
function chosen() {
  const data = new FormData(form);
  const query = new URLSearchParams();
  for (const name of ["works", "engines"]) query.set(name, data.getAll(name).join(","));
  for (const name of COUNTS) query.set(name, data.get(name));
  return readPlan(query, usual);
}

async function run() {
  running = new AbortController();
  const plan = chosen();
  const races = [];
  element("results").replaceChildren();
  say("Loading the training images");
  report = { machine, plan, begun: new Date().toISOString(), races, sweep: [] };
  let rehearsal = null;
  try {
    const files = await new Dataset().raw();
    rehearsal = openRehearsal();
    const supplies = {
      abilities,
      files,
      presets: await rehearsal.caller.call("presets"),
      rehearse: (options, steps) => rehearsal.caller.call("rehearse", { options, steps, images: files[0] }),
    };
    for (const work of WORKS.filter(({ name }) => plan.works.includes(name))) {
      const result = await race(work, plan, supplies, say, running.signal);
      races.push(result);
      element("results").append(showRace(result));
    }
    if (plan.works.includes(SWEEP.name)) {
      report.sweep = await sweepOver(plan, supplies, say, running.signal);
      element("results").append(showSweep(report.sweep));
    }
    finish(verdict([...races, ...report.sweep]));
  } catch (error) {
    finish(running.signal.aborted ? "Stopped." : `It failed: ${error.message}`);
  } finally {
    rehearsal?.worker.terminate();
    running = null;
    say(null);
  }
}

function openRehearsal() {
  const worker = new Worker(new URL("./replay.js", import.meta.url), { type: "module" });
  const caller = new Caller(worker);
  worker.addEventListener("error", (event) =>
    caller.close(new Error(event.message || "The CPU module did not load.")),
  );
  return { worker, caller };
}

function verdict(races) {
  const apart = races.flatMap(({ work, rows }) =>
    rows.filter(({ agrees }) => agrees === false).map(({ engine }) => `${engine.title} (${work.title})`),
  );
  if (apart.length > 0) return `Not equal work, so their times mean nothing: ${apart.join("; ")}.`;
  return "Done.";
}

/** What goes on, or null when nothing does. */
function say(sentence) {
  const busy = sentence !== null;
  document.documentElement.dataset.benchmark = busy ? "running" : "idle";
  element("status").textContent = busy ? `${sentence} …` : "";
  element("run").disabled = busy;
  element("stop").disabled = !busy;
  for (const id of ["copy", "save"])
    element(id).disabled = busy || !(report?.races.length || report?.sweep.length);
}

function finish(sentence) {
  element("verdict").textContent = sentence;
}

async function copy() {
  await navigator.clipboard.writeText(asText(report));
  finish("Copied.");
}

function save() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(report, null, 2)], { type: "application/json" }));
  link.download = "latent-lab-benchmark.json";
  link.click();
  URL.revokeObjectURL(link.href);
}
