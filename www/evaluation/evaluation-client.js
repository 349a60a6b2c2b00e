// Evaluates models in a worker of its own, so that drawing never waits. Work is done in pieces; turning to another model ends it.

import { isDamagedData } from "../files/dataset.js";
import { fetchFile } from "../files/fetch-file.js";
import { Failure, sentence } from "../messages/failure.js";
import { weightsFile } from "../urls.js";
import { isWorkerLost, WorkerClient } from "../worker/worker-client.js";

const JUDGE = "judge.safetensors";

/** Codes are first reported when there are this many. */
const FIRST_REPORTED = 200;

/** The work was ended before its result: stopped, or another model took the place of the one evaluated. Not a failure. */
export class Superseded extends Error {
  name = "Superseded";
}

export class EvaluationClient {
  #openWorker;
  #fetchJudge;
  #dataset;
  #reportPhase;
  #worker = null;
  #judgeRefused = false; // then its file is fetched again, past any cache
  #loaded = false; // whether the worker has the judge, the test images and a model
  #wanted = null; // the model to evaluate
  #held = null; // the model in the worker
  #holding = Promise.resolve(); // settles when no model is being brought into the worker

  /**
   * `dataset` gives the test images; `reportPhase(key)` hears "loading" or "replacing" while a model is brought into the worker, then "".
   */
  constructor({
    dataset,
    reportPhase = () => {},
    openWorker = () => new WorkerClient("cpu"),
    fetchJudge = fetchedJudge,
  }) {
    this.#dataset = dataset;
    this.#reportPhase = reportPhase;
    this.#openWorker = openWorker;
    this.#fetchJudge = fetchJudge;
  }

  /** From now on work is for `model`, an object whose `bytes()` promises its weights. */
  turnTo(model) {
    this.#wanted = model;
  }

  /** Promises the report; `tell({done, of, stage})` hears of each piece; work ends when `wanted()` is false. */
  async measure(model, extent, tell, wanted) {
    await this.#hold(model);
    await this.#call(model, "start_evaluation", { extent });
    for (;;) {
      const { report, ...progress } = await this.#call(model, "advance_evaluation");
      if (!wanted()) throw new Superseded();
      tell(progress);
      if (report) return report;
    }
  }

  /**
   * Encodes the first `count` test images. `tell({done, of, mean, digits})` hears of each piece; the codes `mean` [done * Z] and their
   * labels are there when their number has doubled, and at the end. Work ends when `wanted()` is false.
   */
  async encode(model, count, tell, wanted) {
    await this.#hold(model);
    for (let reported = 0, done = 0, of = 1; done < of; ) {
      ({ done, of } = await this.#call(model, "encode_test_images", { count }));
      if (!wanted()) return;
      const withCodes = done === of || done >= Math.max(FIRST_REPORTED, 2 * reported);
      if (withCodes) reported = done;
      tell({ done, of, ...(withCodes ? await this.#call(model, "test_codes") : {}) });
    }
  }

  /** The nearest test images with their pictures, the negative log-likelihood, and the class probabilities of a conditional model or null. */
  async compare(model, { image, digit, count, samples }) {
    await this.#hold(model);
    const drawing = { image, digit, samples, seed: 0 }; // a fixed seed: the same drawing gives the same number
    const nearest = await this.#call(model, "nearest", { image, digit, count });
    const nll = await this.#call(model, "nll", drawing);
    const classes = await this.#call(model, "class_likelihoods", drawing);
    return { nearest, nll, classes };
  }

  /** Brings `model` into the worker, opening one where there is none. */
  async #hold(model) {
    const holding = this.#holding.then(() => this.#bring(model));
    this.#holding = holding.catch(() => {});
    await holding;
  }

  async #bring(model) {
    this.#check(model);
    if (this.#held === model) return;
    try {
      if (this.#loaded) await this.#replace(model);
      else await this.#load(model);
      this.#held = model;
    } catch (error) {
      await this.#failed(error);
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

  async #load(model) {
    this.#reportPhase("loading");
    this.#worker ??= this.#openWorker();
    const [weights, judge, [images, labels]] = await Promise.all([
      model.bytes(),
      this.#fetchJudge(this.#judgeRefused),
      this.#dataset.test(),
      this.#worker.opened,
    ]);
    await this.#send("open_evaluator", { weights, judge }).catch((error) => this.#blame(error, weights));
    this.#judgeRefused = false;
    await this.#send("load_test_images", { images, labels });
    this.#loaded = true;
    this.#dataset.keepTest();
  }

  /** Finds out which of two files was refused: if the weights load by themselves, it was the judge's. */
  async #blame(error, weights) {
    if (isWorkerLost(error)) throw error;
    await this.#send("inspect", { weights }).catch(() => {
      throw error;
    });
    this.#judgeRefused = true;
    throw new Failure("judge_refused", { file: JUDGE, reason: sentence(error) }, { cause: error });
  }

  async #failed(error) {
    if (isDamagedData(error)) await this.#dataset.forgetTest();
    if (error instanceof Superseded || this.#loaded) return;
    this.#drop();
  }

  #drop() {
    this.#worker?.close();
    this.#worker = null;
    this.#loaded = false;
    this.#held = null;
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

function fetchedJudge(anew) {
  return fetchFile(weightsFile(JUDGE), JUDGE, { cache: anew ? "reload" : "default" });
}
