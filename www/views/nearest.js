// The test images whose codes are nearest to the drawing's, what the drawing costs, and which digit it is likeliest to be.

import { count, nats } from "../messages/format.js";
import { stepInWords } from "../evaluation/evaluation-controller.js";
import { grey, paint, SIDE } from "./pixels.js";
import { onFrame } from "./frame.js";
import { tally } from "./measure.js";
import { showTrouble, text } from "./dom.js";

const DIGITS = Array.from({ length: 10 }, (_, digit) => String(digit));

export class NearestView {
  #root;
  #state = {
    open: false,
    description: null,
    answer: null,
    progress: null,
    phase: "",
    trouble: null,
    stale: false,
    busy: false,
    step: null,
  };
  #painted = null;
  #draw = onFrame(() => this.#paint());

  /** `open(open)`, `retry()` and `refresh()` hear what the person does. */
  constructor(root, { open, retry, refresh }) {
    this.#root = root;
    root.addEventListener("toggle", () => open(root.open));
    root.querySelector(".trouble button").addEventListener("click", retry);
    root.querySelector(".refresh").addEventListener("click", refresh);
  }

  /**
   * Any of open, description (of the model), answer ({nearest, rarity, classes, samples}, or null), progress ({done, of}), phase,
   * trouble, stale (newer weights are to be had), busy (and not now), step.
   */
  update(change) {
    Object.assign(this.#state, change);
    this.#draw();
  }

  #paint() {
    const { open, answer, trouble, stale, busy } = this.#state;
    this.#root.dataset.state = !open ? "closed" : trouble ? "failed" : answer ? "answered" : "open";
    if (!open) return;
    showTrouble(this.#root, trouble);
    text(this.#root.querySelector("#nearest-state"), this.#words());
    const refresh = this.#root.querySelector(".refresh");
    refresh.hidden = !stale;
    refresh.disabled = busy;
    if (answer === this.#painted) return;
    this.#painted = answer;
    this.#neighbours(answer?.nearest ?? []);
    this.#rarity(answer);
    this.#classes(answer?.classes);
  }

  #words() {
    const { answer, progress, phase, stale, step } = this.#state;
    const old = stale ? ` As of ${stepInWords(step)}; the model has been trained on since.` : "";
    if (phase) return `${phase}…`;
    if (progress && progress.done < progress.of)
      return `Encoding test images: ${count(progress.done)} of ${count(progress.of)}.`;
    if (!answer) return `Draw something, or take a test digit.${old}`;
    return `Among the first ${count(answer.rarity.of)} test images.${old}`;
  }

  #neighbours(nearest) {
    const list = this.#root.querySelector("#neighbours");
    const codebook = this.#model?.posterior === "codebook";
    list.replaceChildren(
      ...nearest.map(({ index, digit, distance, picture }) => {
        const away = codebook
          ? `${distance} of ${this.#state.description.code.length}`
          : Math.sqrt(distance).toFixed(2);
        const canvas = Object.assign(document.createElement("canvas"), {
          className: "digit",
          width: SIDE,
          height: SIDE,
        });
        canvas.setAttribute("role", "img");
        canvas.setAttribute("aria-label", `Test image ${index + 1}, a ${digit}`);
        paint(canvas, grey(picture));
        const item = document.createElement("li");
        const words = document.createElement("span");
        words.append(
          Object.assign(document.createElement("b"), { textContent: String(digit) }),
          Object.assign(document.createElement("small"), { textContent: away }),
        );
        item.append(canvas, words);
        return item;
      }),
    );
  }

  #rarity(answer) {
    const line = this.#root.querySelector("#rarity");
    const note = this.#root.querySelector("#rarity-note");
    if (!answer) {
      text(line, "");
      text(note, "");
      return;
    }
    const { nats: cost, percentile, of } = answer.rarity;
    const share = Math.round(percentile);
    text(line, `Costs ${nats(cost)} nats, more than ${share} % of ${count(of)} test images.`);
    const dense = !["point", "codebook"].includes(this.#model?.posterior);
    const price = dense
      ? `−log p(x) from ${answer.samples} importance-weighted draws`
      : "the model’s loss for it, because this posterior has no density to draw from";
    const distance =
      this.#model?.posterior === "codebook"
        ? "how many of the codes differ"
        : "the distance of the posterior means";
    text(
      note,
      `The price is ${price}: the higher, the stranger the drawing. Beneath each neighbour stand its digit and ${distance}.`,
    );
  }

  #classes(classes) {
    const figure = this.#root.querySelector("#likelihoods");
    figure.hidden = !classes;
    if (!classes) return;
    const { probabilities, nats: costs } = classes;
    const percent = (digit) => Math.round(100 * probabilities[digit]);
    const spoken = DIGITS.map((digit) => `${digit}: ${percent(digit)} %, ${nats(costs[digit])} nats`).join(
      "; ",
    );
    const labels = DIGITS.map((digit) => `${digit}\n${percent(digit)}`);
    tally({ heights: probabilities, labels, top: 1, spoken, into: figure.querySelector(".tally") });
  }

  get #model() {
    return this.#state.description?.model;
  }
}
