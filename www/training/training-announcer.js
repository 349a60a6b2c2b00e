// Announces a run to screen readers: every change of status, and progress at most every ten seconds.

import { sentence } from "../messages/failure.js";
import { nats } from "../messages/format.js";
import { text } from "../messages/text.js";
import { closedForm } from "../settings/schema.js";
import { deviceName, whyInWords } from "./device.js";

const ROUNDING = 1e-6; // the trainer counts epochs as fractions

export class TrainingAnnouncer {
  #announcer;
  #status = "idle";
  #step = 0;
  #phase = "";
  #fitted = false; // whether the run is a closed form

  /** `announcer`: {say, sayOccasionally}. The methods are named after the session's events. */
  constructor(announcer) {
    this.#announcer = announcer;
  }

  status({ status }) {
    const words = this.#inWords(status);
    if (words) this.#announcer.say(words);
    this.#status = status;
  }

  phase(phase) {
    if (phase && phase !== this.#phase) this.#announcer.say(text(`training.phase.${phase}.spoken`));
    this.#phase = phase;
  }

  begin({ step, made }) {
    this.#step = step;
    this.#fitted = closedForm(made);
  }

  device(device) {
    const values = { device: deviceName(device), reason: whyInWords(device) };
    this.#announcer.say(text("training.spoken.device", values));
  }

  /** The trainer keeps its old settings. */
  refused(error) {
    this.#announcer.say(sentence(error));
  }

  progress({ step, epoch, loss }) {
    this.#step = step;
    const values = { epoch: Math.max(1, Math.ceil(epoch - ROUNDING)), step, loss: nats(loss) };
    this.#announcer.sayOccasionally(text("training.spoken.progress", values));
  }

  test({ which, epoch, total }) {
    if (which !== "full") return;
    this.#announcer.say(text("training.spoken.epoch_done", { epoch: Math.round(epoch), loss: nats(total) }));
  }

  /** The words for a status; null for a failure, which has an alert of its own, and for the start, which has phases. */
  #inWords(status) {
    if (this.#fitted && status === "finished") return text("training.spoken.fitted");
    if (this.#fitted && status === "running") return text("training.spoken.fitting");
    if (status === "finished") return text("training.spoken.finished");
    if (status === "running") return text("training.spoken.running");
    if (status !== "paused") return null;
    if (this.#status === "starting") return text("training.spoken.ready");
    return text("training.spoken.paused", { step: this.#step });
  }
}
