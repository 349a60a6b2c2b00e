// Where the news of a run goes: numbers, chart, sliders, and the screen reader's ear.

import { nats } from "../messages/format.js";
import { History, Recent } from "./loss-history.js";
import { closedForm } from "../settings/schema.js";
import { ChartView } from "../views/loss-chart.js";

const ROUNDING = 1e-6; // the trainer counts epochs as fractions

export class News {
  #progress;
  #studio;
  #announcer;
  #history = new History();
  #recent = new Recent();
  #chart;
  #status = "idle";
  #step = 0;
  #phase = "";
  #closed = false;

  constructor({ root, progress, studio, announcer }) {
    this.#progress = progress;
    this.#studio = studio;
    this.#announcer = announcer;
    this.#chart = new ChartView(root.querySelector("#chart"), this.#history);
  }

  openChart() {
    return this.#chart.open();
  }

  /** Whose losses these are: what they can be, and what marks mean. */
  measure(settings) {
    this.#chart.update(settings);
    this.#progress.update({ measure: settings });
    this.#closed = closedForm(settings);
  }

  /** The trainer goes on as it was. */
  refused(sentence) {
    this.#announcer.say(sentence);
  }

  phase(phase) {
    this.#progress.update({ phase });
    if (phase && phase !== this.#phase) this.#announcer.say(`${phase[0].toUpperCase()}${phase.slice(1)}.`);
    this.#phase = phase;
  }

  status({ status }) {
    this.#progress.update({ status });
    if (["paused", "finished"].includes(status)) this.#studio.settle();
    const words = inWords(status, this.#status, this.#step, this.#closed);
    if (words) this.#announcer.say(words);
    this.#status = status;
  }

  begin({ step, epoch, device, resumed }) {
    this.#step = step;
    if (resumed) this.#history.rewind(step);
    else this.#history.clear();
    this.#recent.clear();
    this.#chart.update();
    const losses = resumed ? {} : { train: null, quick: null, full: null };
    const speed = { msPerStep: undefined, imagesPerSecond: undefined };
    this.#progress.update({ step, epoch, device, losses, testing: null, ...speed });
  }

  /** The run has gone to another device, or it is known now why not. */
  device(device) {
    this.#progress.update({ device });
    this.#announcer.say(`${device.name}. ${device.reason ?? ""}`);
  }

  progress({ step, epoch, losses, msPerStep, imagesPerSecond }) {
    this.#step = step;
    this.#history.addTrain(losses);
    this.#recent.add(losses);
    const train = this.#recent.mean();
    this.#progress.update({ step, epoch, msPerStep, imagesPerSecond, losses: { train } });
    this.#chart.update();
    this.#announcer.perhaps(
      `Epoch ${Math.max(1, Math.ceil(epoch - ROUNDING))}, step ${step}, training loss ${nats(train.total)} nats.`,
    );
  }

  testing(testing) {
    this.#progress.update({ testing });
  }

  test({ which, step, epoch, usage, ...terms }) {
    this.#history.addTest(which, step, terms);
    this.#progress.update({ losses: { [which]: { ...terms, epoch } }, testing: null });
    this.#chart.update();
    if (this.#studio.source === "training") this.#studio.useUsage(usage, which === "full");
    if (which === "full")
      this.#announcer.say(`Epoch ${Math.round(epoch)} done. Test loss ${nats(terms.total)} nats.`);
  }
}

/** A change of state as a sentence; a failure has its own alert, and starting its phases. */
function inWords(status, before, step, closed) {
  if (closed && status === "finished") return "Fitted in closed form.";
  if (closed && status === "running") return "Fitting.";
  if (status === "finished") return "Training finished: all epochs are done.";
  if (status === "running") return "Training.";
  if (status === "paused")
    return before === "starting" ? "The model is ready." : `Training paused at step ${step}.`;
  return null;
}
