// The form for what to run: workloads, engines and counts.

import { Failure, sentence } from "../messages/failure.js";
import { engineTitle, workloadTitle } from "./labels.js";
import { ENGINES, obstacle, readPlan, SWEEP, WORKLOADS } from "./plan.js";

const COUNTS = ["rounds", "block", "warmup", "marathon"];

export class PlanForm {
  #root;
  #defaults;
  #abilities;

  /** `defaults`: the plan that replaces what is not valid; `abilities`: of this machine. */
  constructor(root, { defaults, abilities }) {
    this.#root = root;
    this.#defaults = defaults;
    this.#abilities = abilities;
    root.addEventListener("wheel", ({ target }) => target.type === "number" && target.blur(), {
      passive: true,
    }); // it would change
  }

  /** Builds the choices and enters `plan`. */
  fill(plan) {
    const choices = {
      works: [...WORKLOADS, SWEEP].map((workload) => [workload.name, workloadTitle(workload), null]),
      engines: ENGINES.map((engine) => [engine.name, engineTitle(engine), obstacle(engine, this.#abilities)]),
    };
    for (const [group, all] of Object.entries(choices)) {
      const labels = all.map(([name, title, obstacle]) =>
        choice(group, name, { title, obstacle, checked: plan[group].includes(name) }),
      );
      this.#root.querySelector(`#${group}`).append(...labels);
    }
    for (const name of COUNTS) this.#root.elements[name].value = plan[name];
  }

  /** The plan as entered. */
  get plan() {
    const data = new FormData(this.#root);
    const query = new URLSearchParams();
    for (const name of ["works", "engines"]) query.set(name, data.getAll(name).join(","));
    for (const name of COUNTS) query.set(name, data.get(name));
    return readPlan(query, this.#defaults);
  }

  chooseAllWorkloads() {
    for (const box of this.#root.querySelectorAll("#works input")) box.checked = true;
  }
}

/** `obstacle`: the kind of the failure that keeps it from running here, or null. */
function choice(group, value, { title, obstacle, checked }) {
  const label = document.createElement("label");
  const box = document.createElement("input");
  Object.assign(box, { type: "checkbox", name: group, value, checked });
  label.append(box, ` ${title}`);
  if (obstacle) {
    const reason = document.createElement("small");
    reason.textContent = ` ${sentence(new Failure(obstacle))}`;
    label.append(reason);
  }
  return label;
}
