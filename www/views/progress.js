// How training goes: its state in words, the bars, the speed, and the losses with their labels.

import { count, megabytes, milliseconds, nats } from "../format.js";
import { likelihoods, posteriors } from "../parts.js";
import { onFrame } from "./frame.js";

const WORDS = {
  idle: "Ready to train",
  starting: "Starting",
  running: "Training",
  paused: "Paused",
  failed: "Stopped",
  finished: "All epochs done",
};
const BUTTON = {
  idle: "Train",
  starting: "Pause",
  running: "Pause",
  paused: "Train on",
  failed: "Train",
  finished: "5 more epochs",
};

export class ProgressView {
  #root;
  #state = {
    status: "idle",
    step: 0,
    epoch: 0,
    epochs: 10,
    phase: "",
    phaseSince: 0,
    losses: {},
    trouble: null,
    measure: { likelihood: "bernoulli", posterior: "diagonal" },
    anew: false,
  };
  #clock = null;
  #draw = onFrame(() => this.#paint());

  constructor(root) {
    this.#root = root;
  }

  /** Any of status, trouble ({text, action}), phase, step, epoch, epochs, device, msPerStep, imagesPerSecond, data, testing, losses, measure ({likelihood, posterior}), anew (the next "play" makes the chosen system). */
  update(change) {
    if (change.phase !== undefined && change.phase !== this.#state.phase)
      this.#state.phaseSince = performance.now();
    Object.assign(this.#state, change, { losses: { ...this.#state.losses, ...change.losses } });
    this.#root.dataset.training = this.#state.status;
    this.#tick();
    this.#draw();
  }

  /** While something long goes on, its seconds count up. */
  #tick() {
    if (this.#state.phase && !this.#clock) this.#clock = setInterval(this.#draw, 500);
    if (!this.#state.phase && this.#clock) {
      clearInterval(this.#clock);
      this.#clock = null;
    }
  }

  #paint() {
    const { status, phase, phaseSince, step, epoch, device, msPerStep, imagesPerSecond } = this.#state;
    this.#root.dataset.step = String(step);
    this.#root.dataset.epoch = epoch.toFixed(3);
    this.#root.dataset.device = device?.kind ?? "";
    const seconds = Math.floor((performance.now() - phaseSince) / 1000);
    this.#text("status-text", WORDS[status]);
    this.#text("phase", phase ? `· ${phase}… ${seconds} s` : "");
    this.#text("device-line", device ? device.name : "Device: chosen when training starts");
    this.#text("device-reason", device?.reason ?? "");
    this.#text("step-count", count(step));
    this.#text("ms-per-step", milliseconds(msPerStep));
    this.#text("images-per-second", imagesPerSecond ? count(imagesPerSecond) : "–");
    this.#buttons(status);
    this.#trouble();
    this.#bars();
    this.#losses();
  }

  #buttons(status) {
    const play = this.#find("play");
    const { anew } = this.#state;
    const busy = status === "starting" || status === "running";
    this.#text("play", anew && !busy ? "Train this system" : BUTTON[status]);
    play.classList.toggle("running", status === "running");
    this.#find("step").disabled = busy || (status === "failed" && !anew);
    this.#find("restart").disabled = status === "idle" || status === "starting";
    this.#find("restart-new").disabled = status === "starting";
    play.disabled = false;
  }

  #trouble() {
    const { trouble } = this.#state;
    this.#find("trouble").hidden = !trouble;
    this.#text("trouble-text", trouble?.text ?? "");
    this.#text("trouble-action", trouble?.action ?? "Retry");
  }

  #bars() {
    const { data, testing, epoch, epochs, step } = this.#state;
    if (data) {
      this.#bar("data-progress", data.total ? data.loaded / data.total : null);
      this.#text(
        "data-bytes",
        data.done
          ? `${megabytes(data.total)}, ready`
          : `${megabytes(data.loaded)} of ${data.total ? megabytes(data.total) : "…"}`,
      );
    } else {
      this.#bar("data-progress", 0);
      this.#text("data-bytes", "not loaded yet");
    }
    const whole = Math.floor(epoch + 1e-6);
    this.#bar(
      "epoch-progress",
      testing ? 1 : epoch - whole > 1e-6 ? epoch - whole : step > 0 && epoch > 0 ? 1 : 0,
    );
    const now = Math.min(Math.ceil(epoch - 1e-6), epochs);
    this.#text(
      "epoch-text",
      testing
        ? `testing ${count(testing.done)} of ${count(testing.of)}`
        : step
          ? `${Math.max(1, now)} of ${epochs}`
          : "–",
    );
  }

  #losses() {
    for (const [row, terms] of Object.entries(this.#state.losses)) {
      for (const term of ["reconstruction", "kl", "total"]) {
        const element = this.#root.querySelector(`[data-row="${row}"] [data-term="${term}"]`);
        const words = nats(terms?.[term]);
        if (element.textContent !== words) element.textContent = words;
      }
    }
    const { likelihood, posterior } = this.#state.measure;
    const { offset, note } = likelihoods[likelihood];
    this.#text("scale-note", note + posteriors[posterior].note);
    for (const part of this.#root.querySelectorAll(".chart-offset"))
      part.textContent = offset ? ` − ${offset}` : "";
    const { full } = this.#state.losses;
    this.#text("full-epoch", full ? `after epoch ${Math.round(full.epoch)}` : "at each epoch's end");
  }

  #bar(id, value) {
    const bar = this.#find(id);
    if (value === null) bar.removeAttribute("value");
    else if (bar.value !== value) bar.value = value;
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }

  #text(id, words) {
    const element = this.#find(id);
    if (element.textContent !== words) element.textContent = words;
  }
}
