// The state of training: status, buttons, device, progress bars, speed, and failures.

import { sentence } from "../messages/failure.js";
import { megabytes, milliseconds, seconds } from "../messages/format.js";
import { count } from "../messages/language.js";
import { text } from "../messages/text.js";
import { closedForm } from "../settings/schema.js";
import { deviceName, whyInWords } from "../training/device.js";
import { MORE_EPOCHS } from "../training/run-settings.js";
import { setText } from "./dom.js";
import { onFrame } from "./frame.js";

const CLOCK_MS = 500;
const ROUNDING = 1e-6; // the trainer counts epochs as fractions
const BUTTONS = {
  idle: "train",
  starting: "pause",
  running: "pause",
  paused: "resume",
  failed: "train",
  finished: "more_epochs",
};

export class ProgressView {
  #root;
  #runBar;
  #props = null;
  #phase = "";
  #phaseSince = 0;
  #clock = null;
  #draw = onFrame(() => this.#paint());

  /** `root`: the training panel; `bar`: what is in sight in every view. `actions`: {play, step, restart, newSeed, recover}. */
  constructor(root, bar, { play, step, restart, newSeed, recover }) {
    this.#root = root;
    this.#runBar = bar;
    const buttons = { play, step, restart, "restart-new": newSeed, "trouble-action": recover };
    for (const [id, act] of Object.entries(buttons)) this.#find(id).addEventListener("click", () => act());
  }

  /**
   * `run`, `data`, `ofOtherSystem`: signals `run`, `trainingData` and `runIsOfOtherSystem` of the state; `settings`: those of the
   * run; `epochs`: how many are wanted; `playFits`, `restartFits`: as in training/run-settings.js.
   */
  update(props) {
    this.#props = props;
    for (const part of [this.#root, this.#runBar]) part.dataset.training = props.run.status;
    this.#count(props.run.phase);
    this.#draw();
  }

  /** While a phase of the start goes on, its seconds count up. */
  #count(phase) {
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.#phaseSince = performance.now();
    clearInterval(this.#clock);
    this.#clock = phase ? setInterval(this.#draw, CLOCK_MS) : null;
  }

  #paint() {
    const { step, epoch, device } = this.#props.run;
    this.#root.dataset.step = String(step);
    this.#root.dataset.epoch = epoch.toFixed(3);
    this.#root.dataset.device = device?.kind ?? "";
    for (const part of [this.#root, this.#runBar])
      part.dataset.closedForm = String(closedForm(this.#props.settings));
    this.#status();
    this.#buttons();
    this.#trouble();
    this.#data();
    this.#epoch();
    this.#speed();
  }

  #status() {
    const { device, phase } = this.#props.run;
    const since = Math.floor((performance.now() - this.#phaseSince) / 1000);
    this.#text("status-text", this.#inWords());
    this.#text("phase", phase ? text(`training.phase.${phase}.shown`, { seconds: since }) : "");
    const line = device
      ? text("training.device_line", { device: deviceName(device) })
      : text("training.no_device");
    this.#text("device-line", line);
    this.#text("device-reason", device ? whyInWords(device) : "");
  }

  #inWords() {
    const { run, settings } = this.#props;
    const { status, msPerStep } = run;
    if (!closedForm(settings)) return text(`training.status.${status}`);
    if (status !== "finished" || !msPerStep) return text(`training.closed_form_status.${status}`);
    return text("training.fitted_in", { images: run.dataset.train, seconds: seconds(msPerStep) });
  }

  #buttons() {
    const { run, ofOtherSystem, playFits, restartFits } = this.#props;
    const { status } = run;
    const busy = status === "starting" || status === "running";
    const play = this.#find("play");
    const action =
      playFits && !(busy && !ofOtherSystem) ? "fit" : ofOtherSystem ? "train_other" : BUTTONS[status];
    this.#text("play", text(`training.button.${action}`, { count: MORE_EPOCHS }));
    play.classList.toggle("running", status === "running" && !ofOtherSystem);
    play.disabled = ofOtherSystem && status === "starting";
    this.#find("step").disabled = ofOtherSystem ? status === "starting" : busy || status === "failed";
    this.#find("restart").disabled = status === "idle" || status === "starting";
    this.#find("restart-new").disabled = status === "starting";
    this.#find("step").hidden = playFits;
    for (const id of ["restart", "restart-new"]) this.#find(id).hidden = restartFits;
    this.#find("closed-form-note").hidden = !playFits;
  }

  #trouble() {
    const { trouble } = this.#props.run;
    this.#find("trouble").hidden = !trouble;
    const reason = trouble && sentence(trouble.error);
    this.#text("trouble-text", trouble ? text(`training.trouble.${trouble.kind}`, { reason }) : "");
    this.#text("trouble-action", recoveryText(trouble));
    this.#find("trouble-action").hidden = trouble?.kind === "memory" && !trouble.batch;
  }

  #data() {
    const { data } = this.#props;
    const known = Boolean(data?.total);
    this.#bar("data-progress", !data ? 0 : known ? data.loaded / data.total : null);
    const state = !data ? "none" : data.ready ? "ready" : known ? "loading" : "loading_of_unknown";
    const values = data && { loaded: megabytes(data.loaded), total: megabytes(data.total) };
    this.#text("data-bytes", text(`training.data.${state}`, values ?? {}));
  }

  #epoch() {
    const { run, epochs } = this.#props;
    const { epoch, step, testing } = run;
    const part = epoch - Math.floor(epoch + ROUNDING);
    const ended = testing || (step > 0 && epoch > 0 && part <= ROUNDING);
    this.#bar("epoch-progress", ended ? 1 : Math.max(0, part > ROUNDING ? part : 0));
    const now = Math.max(1, Math.min(Math.ceil(epoch - ROUNDING), epochs));
    const words = testing
      ? text("training.epoch.testing", testing)
      : text("training.epoch.number", { epoch: now, epochs });
    this.#text("epoch-text", testing || step ? words : "–");
  }

  #speed() {
    const { step, msPerStep, imagesPerSecond } = this.#props.run;
    this.#text("step-count", count(step));
    this.#text("ms-per-step", milliseconds(msPerStep));
    this.#text("images-per-second", imagesPerSecond ? count(imagesPerSecond) : "–");
  }

  #bar(id, value) {
    const bar = this.#find(id);
    if (value === null) bar.removeAttribute("value");
    else if (bar.value !== value) bar.value = value;
  }

  #find(id) {
    return this.#runBar.querySelector(`#${id}`) ?? this.#root.querySelector(`#${id}`);
  }

  #text(id, words) {
    setText(this.#find(id), words);
  }
}

/** The words of the button that recovers from a trouble. */
function recoveryText(trouble) {
  if (trouble?.kind === "diverged") return text("training.recover.to_snapshot");
  if (trouble?.kind === "memory") return text("training.recover.batch", { batch: trouble.batch });
  if (trouble?.kind !== "lost") return text("training.recover.retry");
  if (trouble.resumeAt === null) return text("training.recover.begin_again");
  return text("training.recover.continue", { step: trouble.resumeAt });
}
