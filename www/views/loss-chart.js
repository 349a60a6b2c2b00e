// The loss over the steps: reconstruction and KL of the present run in training (lines), of the test on few images (rings) and of that on
// all (diamonds), with marks at reconstructions that have a meaning; over them those of other runs, several seeds as a band; and one
// cursor, whose values are in the table below.

import { nats } from "../messages/format.js";
import { text } from "../messages/text.js";
import { isBand, withOverlay } from "../training/curve-overlay.js";
import { likelihoods, scaleOf } from "../training/loss-descriptions.js";
import { columns } from "../training/loss-history.js";
import { chartLibrary } from "../urls.js";
import { letterOf } from "./curve-mark.js";
import { setAttribute } from "./dom.js";
import { onFrame } from "./frame.js";
import { chartOptions } from "./loss-chart-options.js";

const SHORT_RUN = 200; // steps
const STOPS = 100; // of the cursor, by keyboard
const EMPTY = { train: [], quick: [], full: [] };
const NOTHING = { cell: 1, steps: [], curves: [] };

export class LossChartView {
  #root;
  #plot = null;
  #Library = null;
  #built = ""; // the curves of the overlay that the plot was built for
  #curves = EMPTY;
  #overlay = NOTHING;
  #scale = likelihoods.bernoulli;
  #whole = false; // whether the range includes the first steps of a long run
  #at = null; // the step at the cursor, or null
  #snapshot = null; // the step whose weights are shown, where these are not the present ones
  #toggle;
  #slider;
  #readout;
  #draw;

  /**
   * `toggle`: the button that shows the first steps of a long run as well; `slider`: moves the cursor by keyboard; `readout`: a
   * LossReadout, the table of values.
   */
  constructor(root, { toggle, slider, readout }) {
    this.#root = root;
    this.#toggle = toggle;
    this.#slider = slider;
    this.#readout = readout;
    this.#draw = onFrame(() => this.#paint(), root);
    toggle.addEventListener("click", () => {
      this.#whole = !this.#whole;
      this.#draw();
    });
    slider.addEventListener("input", () => this.#moveTo((this.#lastStep * Number(slider.value)) / STOPS));
    slider.addEventListener("blur", () => this.#moveTo(null));
  }

  /** Loads the plotting library; fails where it cannot be loaded, and the chart stays empty. */
  async open() {
    const { default: uPlot } = await import(chartLibrary);
    this.#Library = uPlot;
    this.#build();
    new ResizeObserver(() => this.#fit()).observe(this.#root);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#build());
  }

  /**
   * `curves`: as LossHistory has them; `overlay`: as RunList has it; `likelihood`: the kind whose losses they are, on the set of the key `data`; `snapshot`: {step} of the run
   * that is shown, or null.
   */
  update({ curves, overlay, likelihood, data = "mnist", snapshot }) {
    this.#curves = curves;
    this.#snapshot = snapshot?.step ?? null;
    this.#overlay = overlay;
    this.#scale = scaleOf(likelihood, data);
    this.#root.dataset.marks = this.#scale.marks.map(({ at }) => at).join(" ");
    this.#root.dataset.overlaid = overlay.curves.map(({ slot }) => letterOf(slot)).join(" ");
    this.#draw();
  }

  get #data() {
    const { offset } = this.#scale;
    return withOverlay(columns(this.#curves, offset), this.#overlay, offset);
  }

  #build() {
    this.#plot?.destroy();
    const { curves } = this.#overlay;
    this.#built = kinds(curves);
    const drawn = {
      scale: () => this.#scale,
      whole: () => this.#isWhole,
      curves,
      snapshot: () => this.#snapshot,
    };
    this.#plot = new this.#Library(chartOptions(this.#root, drawn), this.#data, this.#root);
    this.#followPointer(this.#plot.over);
    this.#draw();
  }

  /** The cursor is under the mouse, or stays where a finger was. */
  #followPointer(over) {
    const follow = ({ offsetX }) => this.#moveTo(this.#plot.posToVal(offsetX, "x"));
    for (const event of ["pointermove", "pointerdown"]) over.addEventListener(event, follow);
    over.addEventListener("pointerleave", ({ pointerType }) => pointerType === "mouse" && this.#moveTo(null));
  }

  /** To the point that is next to `step`; null: no cursor. */
  #moveTo(step) {
    const [steps] = this.#plot?.data ?? [[]];
    this.#at = step === null || steps.length === 0 ? null : steps[this.#plot.valToIdx(step)];
    this.#draw();
  }

  #fit() {
    const { clientWidth, clientHeight } = this.#root;
    if (clientWidth > 0) this.#plot.setSize({ width: clientWidth, height: clientHeight });
  }

  get #lastStep() {
    return Math.max(this.#curves.train.at(-1)?.step ?? 0, this.#overlay.steps.at(-1) ?? 0);
  }

  /** A short run is shown from its first step on: that is where the loss falls. */
  get #isWhole() {
    return this.#whole || this.#isShort;
  }

  get #isShort() {
    return this.#lastStep < SHORT_RUN;
  }

  #paint() {
    this.#toggle.hidden = this.#isShort;
    setAttribute(this.#toggle, "aria-pressed", String(this.#whole));
    if (this.#plot && this.#built !== kinds(this.#overlay.curves)) this.#build();
    this.#plot?.setData(this.#data);
    this.#placeCursor();
    this.#readout.update({ curves: this.#curves, overlay: this.#overlay, at: this.#at });
    setAttribute(this.#root, "aria-label", this.#inWords());
  }

  #placeCursor() {
    const left = this.#at === null ? -10 : (this.#plot?.valToPos(this.#at, "x") ?? -10);
    this.#plot?.setCursor({ left, top: left < 0 ? -10 : 0 }, false);
    const [slider, last] = [this.#slider, this.#lastStep];
    slider.disabled = last === 0;
    if (this.#at !== null && last > 0) {
      const stop = Math.round((STOPS * this.#at) / last);
      if (Number(slider.value) !== stop && document.activeElement !== slider) slider.value = String(stop);
    }
    setAttribute(slider, "aria-valuetext", this.#readout.inWords(this.#curves, this.#overlay, this.#at));
  }

  #inWords() {
    const words = chartInWords(this.#curves);
    const { curves } = this.#overlay;
    if (curves.length === 0) return words;
    const names = curves.map(({ slot, name }) =>
      text("training.chart.letter_and_name", { letter: letterOf(slot), name }),
    );
    return text("training.chart.with_others", { words, names: names.join(", ") });
  }
}

/** What the options of the plot depend on. */
function kinds(curves) {
  return curves.map(({ slot, count }) => `${slot}${isBand({ count }) ? "+" : ""}`).join();
}

/** The newest points of the curves as a sentence. */
export function chartInWords({ train, full }) {
  const [trained, tested] = [train.at(-1), full.at(-1)];
  if (!trained) return text("training.chart.empty");
  const { step, reconstruction, kl } = trained;
  const values = { step, reconstruction: nats(reconstruction), kl: nats(kl) };
  if (!tested) return text("training.chart.train", values);
  const test = {
    test_step: tested.step,
    test_reconstruction: nats(tested.reconstruction),
    test_kl: nats(tested.kl),
  };
  return text("training.chart.train_and_test", { ...values, ...test });
}
