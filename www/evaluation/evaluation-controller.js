// The panels of slow questions: which model they are about, when work begins and ends, and where its answers go.

import { count } from "../messages/format.js";
import { latest } from "../worker/latest.js";

const PREPARED = 2000; // test images that a drawing is placed among
const NEIGHBOURS = 8;
const SAMPLES = 100; // importance-weighted draws for what a drawing costs
const SETTLED_MS = 350; // without a change, a drawing is asked about
const NOBODY = 255; // the digit of a model that guesses it

export class Inquiry {
  #examiner;
  #views;
  #weights;
  #run;
  #announcer;
  #model = null; // {source, name, description, step, bytes()}
  #measuring = null; // what the measurement under way was asked for
  #gathering = null; // the model whose test images are being encoded
  #opened = { plane: false, nearest: false };
  #gathered = 0; // test images encoded
  #look = null;
  #digit = 0;
  #asked = null; // {framed, digit, model, among} of the last question
  #timer = null;

  /**
   * `views`: {measure, plane, nearest}; `weights()` promises what the pictures show; `run()` is {step} of the model in training.
   * `examiner(phase)` makes the examiner, which tells `phase` what it waits for.
   */
  constructor({ examiner, views, weights, run, announcer }) {
    this.#views = views;
    this.#weights = weights;
    this.#run = run;
    this.#announcer = announcer;
    this.#examiner = examiner((phase) => this.#phase(phase));
  }

  /** Other weights are in the pictures: those of `source`, as `name`. A run's later weights do not end what is under way. */
  shown({ source, name, description }) {
    const before = this.#model;
    if (before?.source === source && before.description === description) return;
    const moved = source === "training" && before?.source === source && sameModel(before, description);
    if (moved && this.#run().step >= (before.step ?? 0)) return this.#movedOn(description);
    this.#turn({ source, name, description });
  }

  /** What the studio shows: look, z, usage, pictures, digit and the rest, as the views of the latents are told. */
  hear(change) {
    if (change.digit !== undefined) this.#digit = change.digit;
    this.#views.plane.update(change);
    if ((change.look !== undefined && change.look !== this.#look) || change.digit !== undefined) {
      if (change.look !== undefined) this.#look = change.look;
      this.#soon();
    }
  }

  /** A panel was opened or closed; work for it begins when it is opened. */
  opened(panel, open) {
    this.#opened[panel] = open;
    this.#views[panel].update({ open });
    if (open) this.#gather();
    if (panel === "nearest" && open) this.#soon();
  }

  /** The newer weights of the run, for the panels that show older ones. */
  refresh() {
    if (!this.#measuring) this.#turn(this.#model);
  }

  /** Measures the model shown, as it is now. */
  async measure(extent) {
    if (this.#measuring) return;
    if (this.#model.source === "training") this.#turn(this.#model);
    const model = this.#model;
    const measuring = {};
    this.#measuring = measuring;
    this.#views.measure.update({ state: "measuring", progress: null, trouble: null, name: model.name });
    this.#tell({ busy: true });
    try {
      const report = await this.#examiner.measure(
        model,
        extent,
        (progress) => this.#views.measure.update({ progress }),
        () => this.#measuring === measuring,
      );
      const { name, step, description } = model;
      this.#views.measure.add({ name, step, likelihood: description.model.likelihood, report });
      this.#views.measure.update({ state: "measured" });
      this.#announcer.say(`${name} is measured: ${report.sampled.total.toFixed(1)} nats.`);
    } catch (error) {
      if (this.#measuring && this.#measuring !== measuring) return; // stopped, and another has begun
      const other = this.#model !== model;
      if (error.name === "Superseded")
        this.#views.measure.update({ state: other ? "superseded" : "stopped" });
      else this.#views.measure.update({ state: "failed", trouble: error.message });
    } finally {
      if (this.#measuring === measuring) this.#measuring = null;
      this.#tell({ busy: this.#measuring !== null });
    }
  }

  stop() {
    this.#measuring = null;
  }

  /** After a failure: the work of the open panels again. */
  retry() {
    this.#gather();
    this.#soon();
  }

  /** From now on everything is about these weights. */
  #turn({ source, name, description }) {
    const model = { source, name, description, step: null, bytes: () => this.#bytes(model) };
    this.#model = model;
    this.#gathered = 0;
    this.#asked = null;
    this.#examiner.turnTo(model);
    this.#views.measure.update({ ready: true });
    const fresh = { description, step: null, stale: false, trouble: null, progress: null };
    this.#views.plane.update({ ...fresh, codes: null, digits: null });
    this.#views.nearest.update({ ...fresh, answer: null });
    this.#gather();
  }

  async #bytes(model) {
    const bytes = await this.#weights();
    if (model.source === "training") model.step = this.#run().step;
    return bytes;
  }

  #movedOn(description) {
    this.#model.description = description;
    const { step } = this.#model;
    if (step === null || step === this.#run().step) return; // nothing older is shown
    this.#views.plane.update({ stale: true, step });
    this.#views.nearest.update({ stale: true, step });
  }

  #phase(phase) {
    for (const view of Object.values(this.#views)) view.update({ phase });
  }

  get #anyOpen() {
    return this.#opened.plane || this.#opened.nearest;
  }

  /** Encodes test images for the panels that are open. */
  async #gather() {
    const model = this.#model;
    if (!model || !this.#anyOpen || this.#gathering === model) return;
    this.#gathering = model;
    this.#tell({ trouble: null });
    try {
      const wanted = () => this.#anyOpen;
      await this.#examiner.gather(model, PREPARED, (news) => this.#heardOf(model, news), wanted);
    } catch (error) {
      if (error.name !== "Superseded") this.#tell({ trouble: error.message, progress: null });
    } finally {
      if (this.#gathering === model) this.#gathering = null;
    }
  }

  #heardOf(model, { done, of, mean, digits }) {
    this.#tell({ progress: { done, of }, step: model.step });
    if (!mean) return;
    this.#gathered = done;
    this.#views.plane.update({ codes: mean, digits });
    this.#soon();
  }

  #tell(change) {
    this.#views.plane.update(change);
    this.#views.nearest.update(change);
  }

  /** Asks about the drawing once it rests. */
  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#question(), SETTLED_MS);
  }

  #question = latest(async () => {
    if (!this.#opened.nearest) return;
    const look = this.#look;
    if (!look) {
      this.#asked = null;
      this.#views.nearest.update({ answer: null });
      return;
    }
    const asked = {
      model: this.#model,
      among: this.#gathered,
      digit: this.#toldDigit(look),
      framed: look.framed,
    };
    if (asked.among === 0 || (this.#asked && same(asked, this.#asked))) return;
    try {
      const { model, digit, framed } = asked;
      const question = { image: framed, digit, count: NEIGHBOURS, samples: SAMPLES };
      const answer = await this.#examiner.ask(model, question);
      if (this.#model !== model || this.#look === null) return;
      this.#asked = asked;
      this.#views.nearest.update({ answer: { ...answer, samples: SAMPLES }, trouble: null });
    } catch (error) {
      if (error.name !== "Superseded") this.#views.nearest.update({ trouble: error.message });
    }
  });

  /** The digit that a model with labels is told; a guessing one's guess. */
  #toldDigit({ classes }) {
    if (this.#digit !== NOBODY) return this.#digit;
    return classes ? classes.indexOf(Math.max(...classes)) : 0;
  }
}

/** How the step of a model in training stands beside its name. */
export function stepInWords(step) {
  return step === null ? "" : `step ${count(step)}`;
}

function sameModel({ description }, { model }) {
  return JSON.stringify(description.model) === JSON.stringify(model);
}

function same(a, b) {
  return (
    a.model === b.model &&
    a.among === b.among &&
    a.digit === b.digit &&
    a.framed.every((pixel, k) => pixel === b.framed[k])
  );
}
