// The nearest panel: test images with codes near the drawing's, the drawing's negative log-likelihood and its class probabilities.

import { SIDE } from "../explore/images.js";
import { nats } from "../messages/format.js";
import { text } from "../messages/text.js";
import { classMarks, classNames, mostProbableLabels } from "../settings/class-names.js";
import { hasCodebook, hasDensity } from "../settings/schema.js";
import { barChart } from "./bar-chart.js";
import { BARS } from "./classes.js";
import { create, setAttribute, setText, showTrouble } from "./dom.js";
import { encodingText, showRefresh, withStep } from "./encoding-progress.js";
import { onFrame } from "./frame.js";
import { grey, paint } from "./pixels.js";

export class NearestView {
  #root;
  #props = { open: false };
  #painted = null; // the answer shown
  #draw = onFrame(() => this.#paint());

  /** `actions`: `retry()`, `refresh()`. */
  constructor(root, actions) {
    this.#root = root;
    root.querySelector(".trouble button").addEventListener("click", actions.retry);
    root.querySelector(".refresh").addEventListener("click", actions.refresh);
  }

  /**
   * `open`; `names` of the classes, none without labels; `description` and `step` of the model evaluated, `stale`: whether newer weights are to be had; `busy`: whether it is being
   * measured; `phase`, `progress` ({done, of}) of the encoding; `answer`: {nearest, nll, classes, samples} or null; `trouble`: a sentence or null.
   */
  update(props) {
    this.#props = props;
    this.#draw();
  }

  #paint() {
    const { open, answer, trouble } = this.#props;
    this.#root.dataset.state = !open ? "closed" : trouble ? "failed" : answer ? "answered" : "open";
    if (!open) return;
    showTrouble(this.#root, trouble);
    setText(
      this.#find("nearest-state"),
      encodingText(this.#props) || withStep(this.#sentence(), this.#props),
    );
    showRefresh(this.#root, this.#props);
    if (answer === this.#painted) return;
    this.#painted = answer;
    this.#paintNeighbours(answer?.nearest ?? []);
    setText(this.#find("nearest-nll"), answer ? this.#nllText(answer) : "");
    setText(this.#find("nearest-note"), answer ? this.#noteText(answer) : "");
    this.#paintClasses(answer?.classes);
  }

  #sentence() {
    const { answer } = this.#props;
    return answer
      ? text("evaluation.nearest.among", { count: answer.nll.of })
      : text("evaluation.panel.nearest_empty");
  }

  #paintNeighbours(nearest) {
    this.#find("neighbours").replaceChildren(...nearest.map((neighbour) => this.#neighbour(neighbour)));
  }

  #neighbour({ index, label, distance, picture }) {
    const canvas = create("canvas", { className: "digit", width: SIDE, height: SIDE });
    setAttribute(canvas, "role", "img");
    setAttribute(canvas, "aria-label", this.#pictureText(index, label));
    paint(canvas, grey(picture));
    const away = create("small", { textContent: this.#distanceText(distance) });
    const name = this.#props.names[label];
    const called = name === undefined ? [] : [create("b", { textContent: name, title: name })];
    return create("li", {}, canvas, create("span", {}, ...called, away));
  }

  #pictureText(index, label) {
    const [number, name] = [index + 1, this.#props.names[label]];
    return name === undefined
      ? text("evaluation.nearest.unlabelled_picture", { number })
      : text("evaluation.nearest.picture", { number, name });
  }

  /** `distance`: squared between means, or the number of differing codes. */
  #distanceText(distance) {
    const { code } = this.#props.description;
    if (code.codes === 0) return Math.sqrt(distance).toFixed(2);
    return text("evaluation.nearest.codes_differing", { distance, length: code.length });
  }

  #nllText({ nll }) {
    const values = { nats: nats(nll.nats), percent: Math.round(nll.percentile), count: nll.of };
    const { model } = this.#props.description;
    return text(hasDensity(model) ? "evaluation.nearest.nll" : "evaluation.nearest.loss", values);
  }

  #noteText({ samples }) {
    const { description, names } = this.#props;
    const { code, model } = description;
    const kind = hasDensity(model) ? "density" : hasCodebook(model) ? "codebook" : model.posterior;
    const under = code.codes > 0 ? "codes" : hasDensity(model) ? "means" : "distance";
    const said = [text(`evaluation.nearest.note.${kind}`, { samples })];
    said.push(text(`evaluation.nearest.under.${under}`));
    if (names.length === 0) said.push(text("data_sets.no_labels"));
    return said.join(" ");
  }

  #paintClasses(classes) {
    const figure = this.#find("likelihoods");
    figure.hidden = !classes;
    if (!classes) return;
    const { probabilities, nats: nlls } = classes;
    const names = classNames({ classes: this.#props.names }, probabilities.length);
    const marks = classMarks(names);
    const shown = mostProbableLabels(probabilities, BARS);
    const share = (label) => Math.round(100 * probabilities[label]);
    const classText = (label) =>
      text("evaluation.nearest.class", {
        name: names[label],
        percent: share(label),
        nats: nats(nlls[label]),
      });
    barChart({
      into: figure.querySelector(".bar-chart"),
      heights: shown.map((label) => probabilities[label]),
      labels: shown.map((label) => `${marks[label]}\n${share(label)}`),
      top: 1,
      spoken: shown.map(classText).join("; "),
    });
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}
