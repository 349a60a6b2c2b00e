// How training goes: its state in words, the bars, the speed, and the losses with their labels.

import { count, megabytes, milliseconds, nats, seconds } from "../messages/format.js";
import { likelihoods, notes } from "../training/loss-descriptions.js";
import { closedForm, hasMeaning } from "../settings/schema.js";
import { defaults } from "../settings/values.js";
import { onFrame } from "./frame.js";

const WORDS = {
  idle: "Ready to train",
  starting: "Starting",
  running: "Training",
  paused: "Paused",
  failed: "Stopped",
  finished: "All epochs done",
};
/** The same of what is computed at once. */
const CLOSED_WORDS = { ...WORDS, idle: "Ready to fit", running: "Fitting", paused: "Ready to fit" };
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
    measure: defaults(),
    anew: false,
    fits: false,
    closed: false,
  };
  #clock = null;
  #draw = onFrame(() => this.#paint());

  constructor(root) {
    this.#root = root;
  }

  /** Any of status, trouble ({text, action}), phase, step, epoch, epochs, device, msPerStep, imagesPerSecond, data, testing, losses, measure (the settings that these are of), anew (the next "play" makes the chosen system), fits (it computes a closed form), closed (and so would a restart). */
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
    const since = Math.floor((performance.now() - phaseSince) / 1000);
    this.#text("status-text", this.#inWords(status));
    this.#text("phase", phase ? `· ${phase}… ${since} s` : "");
    this.#text("device-line", deviceName(device));
    this.#text("device-reason", device?.reason ?? "");
    this.#text("step-count", count(step));
    this.#text("ms-per-step", milliseconds(msPerStep));
    this.#text("images-per-second", imagesPerSecond ? count(imagesPerSecond) : "–");
    this.#buttons(status);
    this.#trouble();
    this.#bars();
    this.#losses();
    this.#extra();
  }

  #inWords(status) {
    const { measure, msPerStep } = this.#state;
    if (!closedForm(measure)) return WORDS[status];
    if (status !== "finished") return CLOSED_WORDS[status];
    return `Fitted in closed form on 60,000 images${msPerStep ? ` in ${seconds(msPerStep)}` : ""}`;
  }

  #buttons(status) {
    const play = this.#find("play");
    const { anew, fits, closed } = this.#state;
    const busy = status === "starting" || status === "running";
    this.#text("play", busy ? BUTTON[status] : fits ? "Fit" : anew ? "Train this system" : BUTTON[status]);
    play.classList.toggle("running", status === "running");
    this.#find("step").disabled = busy || (status === "failed" && !anew);
    this.#find("restart").disabled = status === "idle" || status === "starting";
    this.#find("restart-new").disabled = status === "starting";
    play.disabled = false;
    this.#find("step").hidden = fits;
    for (const id of ["restart", "restart-new"]) this.#find(id).hidden = closed;
    this.#find("closed-note").hidden = !fits;
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
    const { measure } = this.#state;
    const { offset } = likelihoods[measure.likelihood];
    const closed = closedForm(measure);
    this.#root.dataset.closed = String(closed);
    const shared =
      hasMeaning("samples", measure) && measure.samples > 1
        ? `, bound shared by ${measure.samples} draws`
        : "";
    this.#text("train-row", closed ? "" : `mean of the last 100 steps${shared}`);
    this.#text("scale-note", notes(measure));
    for (const part of this.#root.querySelectorAll(".chart-offset"))
      part.textContent = offset ? ` − ${offset}` : "";
    const { full } = this.#state.losses;
    this.#text(
      "full-epoch",
      closed ? "" : full ? `after epoch ${Math.round(full.epoch)}` : "at each epoch's end",
    );
  }

  /** What a classifier guesses rightly, how many codes are in use, and the variance that was learned. */
  #extra() {
    const { full, quick } = this.#state.losses;
    const { codes } = this.#state.measure;
    const tests = [
      [full, "all 10,000"],
      [quick, "the first 512"],
    ];
    const list = (name, words) =>
      tests
        .filter(([test]) => Number.isFinite(test?.[name]))
        .map(([test, images]) => words(test[name], images))
        .join(", ");
    const right = list("accuracy", (share, images) => `${(100 * share).toFixed(1)} % of ${images}`);
    const used = list("perplexity", (number, images) => `${Math.round(number)} of ${codes} on ${images}`);
    const sigma = (full ?? quick)?.pixel_sigma;
    const sentences = [
      Number.isFinite(sigma) && `The pixels’ learned standard deviation σ is ${sigma.toFixed(3)}.`,
      right && `Test digits guessed right: ${right}.`,
      used &&
        `Codes in use: perplexity ${used}; as many codes, used evenly, would vary as much. A mean over pieces of 256 images.`,
    ].filter(Boolean);
    this.#find("test-extra").hidden = sentences.length === 0;
    this.#text("test-extra", sentences.join(" "));
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

function deviceName(device) {
  if (!device) return "Device: chosen when training starts.";
  return device.reason ? `${device.name}.` : device.name;
}
