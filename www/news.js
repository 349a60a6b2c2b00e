// Where the news of a run goes: numbers, chart, sliders, and the screen reader's ear.

import { nats } from "./format.js";
import { History, Recent } from "./history.js";
import { ChartView } from "./views/chart.js";

export class News {
  #progress;
  #studio;
  #announcer;
  #history = new History();
  #recent = new Recent();
  #chart;

  constructor({ root, progress, studio, announcer }) {
    this.#progress = progress;
    this.#studio = studio;
    this.#announcer = announcer;
    this.#chart = new ChartView(root.querySelector("#chart"), this.#history);
  }

  openChart() {
    return this.#chart.open();
  }

  phase(phase) {
    this.#progress.update({ phase });
  }

  status({ status }) {
    this.#progress.update({ status });
    if (["paused", "finished"].includes(status)) this.#studio.settle();
    if (status === "finished") this.#announcer.say("Training finished: all epochs are done.");
    if (status === "paused") this.#announcer.perhaps("Training paused.");
  }

  begin({ step, epoch, device, resumed }) {
    if (resumed) this.#history.rewind(step);
    else this.#history.clear();
    this.#recent.clear();
    this.#chart.update();
    const losses = resumed ? {} : { train: null, quick: null, full: null };
    const speed = { msPerStep: undefined, imagesPerSecond: undefined };
    this.#progress.update({ step, epoch, device, losses, testing: null, ...speed });
  }

  progress({ step, epoch, losses, msPerStep, imagesPerSecond }) {
    this.#history.addTrain(losses);
    this.#recent.add(losses);
    const train = this.#recent.mean();
    this.#progress.update({ step, epoch, msPerStep, imagesPerSecond, losses: { train } });
    this.#chart.update();
    this.#announcer.perhaps(
      `Epoch ${Math.floor(epoch) + 1}, step ${step}, training loss ${nats(train.total)} nats.`,
    );
  }

  testing(testing) {
    this.#progress.update({ testing });
  }

  test({ which, step, epoch, usage, ...terms }) {
    this.#history.addTest(step, terms);
    this.#progress.update({ losses: { [which]: { ...terms, epoch } }, testing: null });
    this.#chart.update();
    if (this.#studio.source === "training") this.#studio.useUsage(usage, which === "full");
    if (which === "full")
      this.#announcer.perhaps(`Epoch ${Math.round(epoch)} done. Test loss ${nats(terms.total)} nats.`);
  }
}
