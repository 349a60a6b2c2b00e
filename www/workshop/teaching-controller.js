// Teaches a model the present data set, a person's own: a run from scratch or from the weights shown, and what it has changed, by test images that
// it was not trained on.

import { NO_TEACHING } from "../initial-state.js";
import { text } from "../messages/text.js";
import { startingSource, startsOffered } from "../settings/systems.js";
import { WorkerClient } from "../worker/worker-client.js";
import { mixedSet } from "./drawn-set.js";
import { batchFor, epochsFor, firstPictures } from "./teaching.js";

/** Importance samples of -log p(x). */
const SAMPLES = 500;
/** Test images that are scored: a second or two. */
const SCORED = 500;
/** Test images that can be looked at. */
const SEEN = 12;
const ENDS = ["paused", "finished", "failed"];

export class TeachingController {
  #state;
  #parts;
  #worker = null;
  #latest = null; // the weights of the run's last checkpoint
  #begun = false; // whether the run is that of this lesson
  #scoring = Promise.resolve();
  #mixed = new Set(); // keys of the sets that were mixed here

  /** `parts`: {client, dataSets, training, session, choice, shownModel}, `client` being an ImportClient. */
  constructor({ state, ...parts }) {
    this.#state = state;
    this.#parts = parts;
    parts.session.subscribe((event, detail) => this.#take(event, detail));
  }

  /**
   * Begins a run on the present set. `from`: "scratch" or "shown"; `share`: of the set among the training images, 1 without MNIST; `steps` of
   * training.
   */
  async teach({ from, share, steps }) {
    const { training, choice, session } = this.#parts;
    if (["making", "training", "scoring"].includes(this.#lesson.status)) return;
    this.#state.lesson.value = { ...NO_TEACHING, status: "making", steps };
    try {
      await session.pause();
      const start = from === "shown" ? await this.#startFromShown() : "scratch";
      const set = await this.#chooseSet(share);
      await this.#showTestImages(set);
      const { system, values } = this.#state;
      const batch = batchFor(set.train, values.peek().batch);
      const epochs = epochsFor(steps, batch, set.train);
      await choice.adopt(system.peek(), { ...values.peek(), from: start, device: "cpu", batch, epochs });
      this.#begun = false;
      this.#write({ status: "training", set });
      await training.begin();
      if (!this.#begun) this.#fail(this.#state.run.peek().trouble?.error);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Whether a set has MNIST among its training images already. */
  isMixed(key) {
    return this.#mixed.has(key);
  }

  /** Which of the test images is seen. */
  look(index) {
    this.#write({ seen: index });
  }

  /** Which weights a run begins from that begins with those shown; those that no name stands for become those of a file. */
  async #startFromShown() {
    const { shown, system, file, dataset } = this.#state;
    const { source, snapshot } = shown.peek();
    const { key } = dataset.peek();
    const offered = Object.keys(startsOffered(system.peek(), file.peek(), key));
    const named = offered.find((from) => startingSource(from, system.peek(), key) === source);
    if (named && !snapshot) return named;
    const bytes = await this.#parts.shownModel.bytes();
    file.value = { name: text("data.teach.weights_shown"), bytes };
    return "file";
  }

  /** The set to be trained on becomes the present one: the present one itself, or one in which it is `share` of the training images. */
  async #chooseSet(share) {
    const { dataSets, client } = this.#parts;
    const own = this.#state.dataset.peek();
    if (share === 1 || this.isMixed(own.key)) return own;
    const percent = Math.round(100 * share);
    const other = dataSets.info("mnist");
    const [ownFiles, otherFiles] = await Promise.all([
      dataSets.source(own.key).raw(),
      dataSets.source(other.key).raw(),
    ]);
    const name = text("data.teach.mixed_name", { name: own.name, other: other.name, percent });
    const set = await mixedSet(client, { ...own, ...ownFiles }, { ...other, ...otherFiles }, share, name);
    const info = await dataSets.add(set, { origin: own.origin });
    this.#mixed.add(info.key);
    await dataSets.choose(info.key);
    return info;
  }

  async #showTestImages(set) {
    const [images, labels] = await this.#parts.dataSets.source(set.key).test();
    if (!this.#worker || this.#worker.closed) this.#worker = new WorkerClient("cpu");
    const { name, classes } = set;
    await this.#worker.call("open_teaching", {
      set: { name, classes, images: images.slice(), labels: labels?.slice() },
    });
    this.#write({ test: firstPictures(images, labels, SEEN) });
  }

  #take(event, detail) {
    const { status } = this.#lesson;
    if (status !== "training" && status !== "taught") return;
    if (event === "begin" && status === "taught") return this.#leave(); // another run
    if (event === "begin") this.#begun = true;
    if (!this.#begun) return;
    if (event === "checkpoint") this.#takeWeights(detail);
    if (event === "progress" && detail.step > this.#lesson.steps && status === "training")
      this.#parts.session.pause();
    if (event === "status" && ENDS.includes(detail.status)) this.#ended(detail);
  }

  /** The first checkpoint is of before the first step. */
  #takeWeights({ weights, step }) {
    this.#latest = { weights: weights.slice(), step };
    if (step === 0) this.#score("before", this.#latest);
  }

  #ended({ status, trouble }) {
    const latest = this.#latest;
    if (status === "failed") return this.#fail(trouble?.error);
    if (!latest || latest.step === 0 || latest.step === this.#lesson.after?.step) return;
    this.#write({ status: "scoring" });
    this.#score("after", latest).then(
      () => this.#lesson.status === "scoring" && this.#write({ status: "taught" }),
    );
  }

  /** Scores weights as those of "before" or "after", one after the other. */
  #score(which, { weights, step }) {
    this.#scoring = this.#scoring.then(async () => {
      try {
        const { test } = this.#lesson;
        const request = { ...test, weights: weights.slice(), samples: SAMPLES, count: SCORED };
        const score = await this.#worker.call("score_taught", request);
        this.#write({ [which]: { ...score, step }, samples: SAMPLES });
      } catch (error) {
        this.#fail(error);
      }
    });
    return this.#scoring;
  }

  #leave() {
    this.#begun = false;
    this.#state.lesson.value = NO_TEACHING;
  }

  #fail(error) {
    this.#write({ status: "failed", trouble: error ?? null });
  }

  get #lesson() {
    return this.#state.lesson.peek();
  }

  #write(change) {
    this.#state.lesson.value = { ...this.#lesson, ...change };
  }
}
