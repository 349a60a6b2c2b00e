// Experiments that break a variational autoencoder: each really trains, says what to watch, and is left with one press.

import { effect } from "@preact/signals-core";
import { text } from "../messages/text.js";
import { withSystem } from "../settings/systems.js";
import { connect } from "../views/connect.js";
import { ExperimentsView } from "../views/experiments.js";

/** By name: what differs from the variational autoencoder. A loss averaged over 784 pixels is the loss with beta = 784, divided by 784. */
const EXPERIMENTS = {
  mean_over_pixels: { beta: 784 },
  large_beta: { beta: 20 },
  no_kl: { beta: 0 },
  fast: { learning_rate: 0.03 },
  one_component: { latent: 1 },
};

/** `runs`: the RunChoice. */
export function openRoom({ state, systems, training, choice, shownModel, runs }) {
  const find = (id) => document.getElementById(id);
  const [vae] = systems;

  const run = async (name) => {
    const { experiment, system, values, shown, made, runKept, view } = state;
    const before = experiment.value?.before ?? {
      system: system.value,
      values: values.value,
      source: shown.value.source,
      run: made.value && runKept.value.id,
      wasRunning: state.run.value.status === "running",
      view: view.value,
    };
    state.experiment.value = { name, before };
    await choice.adopt(vae, { ...withSystem(values.value, vae), ...EXPERIMENTS[name], from: "scratch" });
    view.value = "train";
    await training.begin();
  };

  const back = async () => {
    const { before } = state.experiment.value;
    state.experiment.value = null;
    await choice.adopt(before.system, before.values);
    state.view.value = before.view;
    if (before.source !== "training") await shownModel.choose(before.source);
    if (!before.run || (before.source !== "training" && !before.wasRunning)) return;
    if (before.wasRunning) return runs.resume(before.run);
    const stop = pauseOnceRunning(state, training);
    runs.resume(before.run).finally(stop); // which ends with the pause
  };

  const view = new ExperimentsView(find("experiments"), find("experiment"), Object.keys(EXPERIMENTS), {
    run,
    back,
  });
  connect(view, () => {
    const { name = null } = state.experiment.value ?? {};
    return { name, watch: name ? text(`experiments.${name}.watch`) : "" };
  });
}

/** Pauses training as soon as it runs; returns a function that ends this. */
function pauseOnceRunning(state, training) {
  return effect(() => {
    if (state.run.value.status === "running") training.pause();
  });
}
