// The slow questions about a model, in a worker of their own, so that drawing never waits. Work goes in pieces; whoever turns
// to another model ends what is under way for the one before.

import { Lab } from "../worker/worker-client.js";

const JUDGE = "judge.safetensors";
const JUDGE_ADDRESS = new URL(`./models/${JUDGE}`, import.meta.url);
/** How the worker says that the test images are not what they should be: errors cross from it as text. */
const DAMAGED_TESTS = /^t10k( (images|labels): |-\S+ is damaged)/;

/** Codes are first shown when there are this many. */
const FIRST_SHOWN = 200;

/** Another model has taken the place of the one that was asked about: no failure. */
export class Superseded extends Error {
  name = "Superseded";
}

export class Examiner {
  #open;
  #fetchJudge;
  #dataset;
  #phase;
  #lab = null;
  #refused = false; // whether the judge's file was: then it is fetched anew, past any cache
  #loaded = false; // whether the lab has a judge, the test images and a model
  #wanted = null; // the model asked about
  #held = null; // the model in the lab
  #bringing = Promise.resolve();

  /** `dataset` gives the test images; `phase(text)` hears what goes on before there is anything to count. */
  constructor({ dataset, phase = () => {}, open = () => new Lab("cpu"), fetchJudge = fetchedJudge }) {
    this.#dataset = dataset;
    this.#phase = phase;
    this.#open = open;
    this.#fetchJudge = fetchJudge;
  }

  /** From now on it is about `model`, an object whose `bytes()` promises weights; null: about none. */
  turnTo(model) {
    this.#wanted = model;
  }

  /** Promises the report; `tell({done, of, stage})` after each piece; `wanted()` false ends it. */
  async measure(model, extent, tell, wanted) {
    await this.#hold(model);
    await this.#call(model, "start", { extent });
    for (;;) {
      const { report, ...progress } = await this.#call(model, "advance");
      if (!wanted()) throw new Superseded();
      tell(progress);
      if (report) return report;
    }
  }

  /**
   * Encodes the first `count` test images. `tell({done, of, mean, digits})` after each piece: the codes `[done * Z]` come
   * along when their number has doubled, and at the end; `wanted()` false ends it.
   */
  async gather(model, count, tell, wanted) {
    await this.#hold(model);
    for (let shown = 0, done = 0, of = 1; done < of; ) {
      ({ done, of } = await this.#call(model, "prepare", { count }));
      if (!wanted()) return;
      const codes = done === of || done >= Math.max(FIRST_SHOWN, 2 * shown);
      if (codes) shown = done;
      tell({ done, of, ...(codes ? await this.#call(model, "plane") : {}) });
    }
  }

  /** Neighbours with their pictures, rarity, and what a model with labels says of the ten digits, or null. */
  async ask(model, { image, digit, count, samples }) {
    await this.#hold(model);
    const question = { image, digit, samples, seed: 0 }; // one seed: the same drawing costs the same
    const nearest = await this.#call(model, "nearest", { image, digit, count });
    const rarity = await this.#call(model, "rarity", question);
    const classes = await this.#call(model, "classes", question);
    return { nearest, rarity, classes };
  }

  /** Brings `model` into the lab, opening one where there is none. */
  async #hold(model) {
    const bringing = this.#bringing.then(() => this.#bring(model));
    this.#bringing = bringing.catch(() => {});
    await bringing;
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
      throw error;
    } finally {
      this.#phase("");
    }
    this.#check(model);
  }

  async #replace(model) {
    this.#phase("taking the weights");
    const weights = await model.bytes();
    this.#check(model);
    await this.#send("reexamine", { weights });
  }

  async #load(model) {
    this.#phase("loading the module, the test images and the judge");
    this.#lab ??= this.#open();
    const [weights, judge, [images, labels]] = await Promise.all([
      model.bytes(),
      this.#fetchJudge(this.#refused),
      this.#dataset.test(),
      this.#lab.opened,
    ]);
    await this.#send("examine", { weights, judge }).catch((error) => this.#blame(error, weights));
    this.#refused = false;
    await this.#send("take", { images, labels });
    this.#loaded = true;
    this.#dataset.keepTest();
  }

  /** Two files go in and one sentence comes out: weights that can be looked at by themselves are not the cause. */
  async #blame(error, weights) {
    if (fatal(error)) throw error;
    await this.#send("inspect", { weights }).catch(() => {
      throw error;
    });
    this.#refused = true;
    throw new Error(`The classifier ${JUDGE} was refused. ${error.message}`);
  }

  async #failed(error) {
    if (DAMAGED_TESTS.test(error.message)) await this.#dataset.forgetTest();
    if (error.name === "Superseded" || this.#loaded) return;
    this.#drop();
  }

  #drop() {
    this.#lab?.close();
    this.#lab = null;
    this.#loaded = false;
    this.#held = null;
  }

  async #call(model, action, args) {
    this.#check(model);
    const answer = await this.#send(action, args);
    this.#check(model);
    return answer;
  }

  async #send(action, args) {
    try {
      return await this.#lab.call(action, args);
    } catch (error) {
      if (!fatal(error)) throw error;
      this.#drop();
      const reason = error.name === "LabLost" ? error.message : `The worker stopped: ${error.message}.`;
      throw Object.assign(new Error(`${reason} Trying again starts another.`), { name: "LabLost" });
    }
  }

  #check(model) {
    if (this.#wanted !== model) throw new Superseded();
  }
}

/** The worker itself is gone, not just one call. */
function fatal({ name }) {
  return name === "LabLost" || name === "RuntimeError";
}

async function fetchedJudge(anew) {
  const response = await fetch(JUDGE_ADDRESS, { cache: anew ? "reload" : "default" }).catch(() => null);
  if (!response?.ok)
    throw new Error(
      `The classifier ${JUDGE} could not be fetched (${response ? `the server answers ${response.status}` : "no answer"}).`,
    );
  return new Uint8Array(await response.arrayBuffer());
}
