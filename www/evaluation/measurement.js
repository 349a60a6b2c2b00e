// The measurement under way: one model at a time, a piece at a time, until its report is in the table.

import { batch } from "@preact/signals-core";
import { nats } from "../messages/format.js";
import { text } from "../messages/text.js";
import { Superseded } from "./evaluation-client.js";

const MOST_RESULTS = 6; // side by side; the oldest is dropped

export class Measurement {
  #state;
  #client;
  #announcer;
  #current = null; // a token of the measurement under way

  constructor({ state, client, announcer }) {
    this.#state = state;
    this.#client = client;
    this.#announcer = announcer;
  }

  get underWay() {
    return this.#current !== null;
  }

  /** Measures `model`, called `name`, which was `trained` as {settings, changed(step)}, null each where it is unknown; a failure becomes the measurement's `trouble`. */
  async start(model, name, extent, trained) {
    const { classes } = this.#state.dataset.value;
    const current = {};
    this.#current = current;
    this.#write({ status: "measuring", progress: null, trouble: null, name });
    try {
      const report = await this.#client.measure(
        model,
        extent,
        (progress) => this.#write({ progress }),
        () => this.#current === current,
      );
      this.#finish(model, name, { report: { ...report, classes }, trained });
    } catch (error) {
      const stopped = this.#current !== current;
      if (stopped && this.underWay) return; // the next one has begun
      if (!(error instanceof Superseded)) this.#write({ status: "failed", trouble: error });
      else this.#write({ status: stopped ? "stopped" : "superseded" });
    } finally {
      if (this.#current === current) this.#current = null;
    }
  }

  /** Ends it after the piece at hand, without a result. */
  stop() {
    this.#current = null;
  }

  #finish({ step, description }, name, { report, trained }) {
    const { settings, changed } = trained;
    const { likelihood } = description.model;
    const { key, name: data } = this.#state.dataset.peek();
    const result = {
      name,
      step,
      data: { key, name: data },
      likelihood,
      report,
      trained: settings,
      changed: changed(step),
    };
    const { measurements } = this.#state;
    batch(() => {
      measurements.value = withResult(measurements.value, result);
      this.#write({ status: "measured" });
    });
    this.#announcer.say(
      text("evaluation.measure.announced", { name, nats: nats(report.sampled.total.mean) }),
    );
  }

  #write(change) {
    const { measurement } = this.#state;
    measurement.value = { ...measurement.value, ...change };
  }
}

/** The results with one more, which replaces an earlier one of the same model, step and extent. */
function withResult(results, result) {
  const key = ({ name, step, data, report: { images, binarised, importance_samples, prior_samples } }) =>
    JSON.stringify([name, step, data.key, images, binarised, importance_samples, prior_samples]);
  const others = results.filter((other) => key(other) !== key(result));
  const ofOtherData = others.filter(({ data }) => data.key !== result.data.key);
  const here = others.filter(({ data }) => data.key === result.data.key);
  return [...ofOtherData, ...[...here, result].slice(-MOST_RESULTS)];
}
