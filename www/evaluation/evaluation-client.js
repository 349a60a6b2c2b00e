// Evaluates models in a worker of its own, so that drawing never waits. Work is done in pieces; choosing another model ends it.

import { isDamagedData } from "../data-sets/idx-files.js";
import { fetchFile } from "../files/fetch-file.js";
import { Failure, sentence } from "../messages/failure.js";
import { judgeOf } from "../settings/sources.js";
import { weightsFile } from "../urls.js";
import { isWorkerLost } from "../worker/worker-client.js";

/** The work ended without a result because it was stopped, or because another model is to be evaluated. Not a failure. */
export class Superseded extends Error {
  name = "Superseded";
}

export class EvaluationClient {
  #openWorker;
  #fetchJudge;
  #dataSets;
  #source = null; // whose test images the worker has
  #reportPhase;
  #worker = null;
  #judgeRefused = false; // if so, its file is fetched again, past any cache
  #isOpen = false; // whether the worker has the judge, the test images and a model
  #wanted = null; // the model to evaluate
  #current = null; // the model in the worker
  #loading = Promise.resolve(); // settles when the worker is loading no model

  /**
   * `dataSets` gives the test images of the present set, `openWorker()` the worker; `reportPhase(key)` is called with "loading" or "replacing" while the worker loads a model, then with "".
   */
  constructor({ dataSets, reportPhase = () => {}, openWorker, fetchJudge = fetchedJudge }) {
    this.#dataSets = dataSets;
    this.#reportPhase = reportPhase;
    this.#openWorker = openWorker;
    this.#fetchJudge = fetchJudge;
  }

  /** The model to evaluate from now on, an object whose `bytes()` resolves to its weights. */
  setModel(model) {
    this.#wanted = model;
  }

  /** Resolves to the report; calls `report({done, of, stage})` after each piece; ends when `wanted()` is false. */
  async measure(model, extent, report, wanted) {
    await this.#ensureLoaded(model);
    await this.#call(model, "start_evaluation", { extent });
    for (;;) {
      const { report: result, ...progress } = await this.#call(model, "advance_evaluation");
      if (!wanted()) throw new Superseded();
      report(progress);
      if (result) return result;
    }
  }

  /** Encodes the first `count` test images; calls `report({done, of})` after each piece. Ends when `wanted()` is false. */
  async encode(model, count, report, wanted) {
    await this.#ensureLoaded(model);
    for (let done = 0, of = 1; done < of; ) {
      ({ done, of } = await this.#call(model, "encode_test_images", { count }));
      if (!wanted()) return;
      report({ done, of });
    }
  }

  /** The nearest test images with their pictures, the negative log-likelihood, and the class probabilities of a conditional model or null. */
  async compare(model, { image, label, count, samples }) {
    await this.#ensureLoaded(model);
    const drawing = { image, label, samples, seed: 0 }; // a fixed seed: the same drawing gives the same number
    const nearest = await this.#call(model, "nearest", { image, label, count });
    const nll = await this.#call(model, "nll", drawing);
    const classes = await this.#call(model, "class_likelihoods", drawing);
    return { nearest, nll, classes };
  }

  /** The worker has `model` after this; opens a worker where there is none. */
  async #ensureLoaded(model) {
    const loading = this.#loading.then(() => this.#load(model));
    this.#loading = loading.catch(() => {});
    await loading;
  }

  async #load(model) {
    this.#check(model);
    if (this.#worker?.closed) this.#drop(); // by the map, which uses it too
    const isOpen = this.#isOpen && this.#source === this.#dataSets.present;
    if (isOpen && this.#current === model) return;
    try {
      if (isOpen) await this.#replace(model);
      else await this.#open(model);
      this.#current = model;
    } catch (error) {
      await this.#forgetDamaged(error);
      this.#check(model);
      throw error;
    } finally {
      this.#reportPhase("");
    }
    this.#check(model);
  }

  async #replace(model) {
    this.#reportPhase("replacing");
    const weights = await model.bytes();
    this.#check(model);
    await this.#send("replace_evaluated", { weights });
  }

  async #open(model) {
    this.#reportPhase("loading");
    this.#worker ??= this.#openWorker();
    const { present } = this.#dataSets;
    const [weights, judge, test] = await Promise.all([
      model.bytes(),
      this.#judge(),
      this.#dataSets.test(),
      this.#worker.opened,
    ]);
    await this.#send("open_evaluator", { weights, judge }).catch((error) =>
      this.#findRefused(error, weights),
    );
    this.#judgeRefused = false;
    await this.#send("load_test_images", { test });
    this.#isOpen = true;
    this.#source = present;
    present.keepTest();
  }

  /** The judge of the present data set, or null where it has none. */
  async #judge() {
    const file = judgeOf(this.#key);
    return file && this.#fetchJudge(file, this.#judgeRefused);
  }

  get #key() {
    return this.#dataSets.dataset.peek().key;
  }

  /** Finds out which of the two files was refused: if the weights alone can be loaded, it was the judge's. */
  async #findRefused(error, weights) {
    if (isWorkerLost(error)) throw error;
    await this.#send("inspect", { weights }).catch(() => {
      throw error;
    });
    this.#judgeRefused = true;
    throw new Failure(
      "judge_refused",
      { file: judgeOf(this.#key), reason: sentence(error) },
      { cause: error },
    );
  }

  async #forgetDamaged(error) {
    if (isDamagedData(error)) await this.#dataSets.present.forgetTest();
  }

  /** The worker is lost. */
  #drop() {
    this.#worker = null;
    this.#isOpen = false;
    this.#current = null;
  }

  async #call(model, action, args) {
    this.#check(model);
    try {
      return await this.#send(action, args);
    } finally {
      this.#check(model); // neither a result nor a failure is of interest once another model is wanted
    }
  }

  /** After a lost worker the next call opens another. */
  async #send(action, args) {
    try {
      return await this.#worker.call(action, args);
    } catch (error) {
      if (isWorkerLost(error)) this.#drop();
      throw error;
    }
  }

  #check(model) {
    if (this.#wanted !== model) throw new Superseded();
  }
}

function fetchedJudge(file, anew) {
  return fetchFile(weightsFile(file), file, { cache: anew ? "reload" : "default" });
}
