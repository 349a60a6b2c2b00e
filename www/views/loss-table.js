// The table of losses, and how to read them.

import { nats } from "../messages/format.js";
import { text } from "../messages/text.js";
import { closedForm, hasMeaning } from "../settings/schema.js";
import { likelihoods, notes } from "../training/loss-descriptions.js";
import { setText } from "./dom.js";
import { onFrame } from "./frame.js";

const RECENT_STEPS = 100;

export class LossTableView {
  #root;
  #props = null;
  #draw;

  constructor(root) {
    this.#root = root;
    this.#draw = onFrame(() => this.#paint(), root);
  }

  /** `losses`: the signal `losses` of the state; `settings`: those of the run; `data`: the key of its data set. */
  update(props) {
    this.#props = props;
    this.#draw();
  }

  #paint() {
    const { losses, settings, data } = this.#props;
    for (const [row, terms] of Object.entries(losses)) {
      for (const term of ["reconstruction", "kl", "total"])
        setText(this.#root.querySelector(`[data-row="${row}"] [data-term="${term}"]`), nats(terms?.[term]));
    }
    const { offset } = likelihoods[settings.likelihood];
    for (const part of this.#root.querySelectorAll(".chart-offset"))
      setText(part, offset ? ` − ${offset}` : "");
    setText(this.#find("train-row"), trainRow(settings));
    setText(this.#find("full-epoch"), fullRow(losses.full, settings));
    setText(this.#find("loss-note"), notes(settings, data));
    const sentences = resultsInWords(losses, settings);
    this.#find("test-extra").hidden = sentences.length === 0;
    setText(this.#find("test-extra"), sentences.join(" "));
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}

function trainRow(settings) {
  if (closedForm(settings)) return "";
  const { samples } = settings;
  if (samples > 1 && hasMeaning("samples", settings))
    return text("training.train_row.importance_weighted", { steps: RECENT_STEPS, count: samples });
  return text("training.train_row.plain", { steps: RECENT_STEPS });
}

function fullRow(full, settings) {
  if (closedForm(settings)) return "";
  return full
    ? text("training.full_row.after", { epoch: Math.round(full.epoch) })
    : text("training.full_row.before");
}

/** Sentences on what only some models have: a learned variance, a classifier, a codebook. */
function resultsInWords({ quick, full }, { codes }) {
  const sentences = [];
  const sigma = (full ?? quick)?.pixel_sigma;
  if (Number.isFinite(sigma)) sentences.push(text("training.pixel_sigma", { sigma: sigma.toFixed(3) }));
  const accuracy = onTests({ quick, full }, "accuracy", (share) => (100 * share).toFixed(1));
  if (accuracy) sentences.push(text(`training.accuracy.${accuracy.tests}`, accuracy.values));
  const perplexity = onTests({ quick, full }, "perplexity", Math.round);
  if (perplexity)
    sentences.push(text(`training.perplexity.${perplexity.tests}`, { ...perplexity.values, codes }));
  const bottom = onTests({ quick, full }, "bottom_perplexity", Math.round);
  if (bottom) sentences.push(text(`training.bottom_perplexity.${bottom.tests}`, { ...bottom.values, codes }));
  return sentences;
}

/** A measure on those of the two tests that have it: {tests: "both" | "full" | "quick", values}, or null. */
function onTests(losses, measure, format) {
  const known = Object.keys(losses).filter((test) => Number.isFinite(losses[test]?.[measure]));
  if (known.length === 0) return null;
  const values = Object.fromEntries(known.map((test) => [test, format(losses[test][measure])]));
  return { tests: known.length === 2 ? "both" : known[0], values };
}
