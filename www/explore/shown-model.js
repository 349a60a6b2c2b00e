// The model shown: pre-trained, in training or from a file; chosen, loaded and saved here.

import { effect, signal } from "@preact/signals-core";
import * as weightsFiles from "../files/weights-files.js";
import { sentence } from "../messages/failure.js";
import { text } from "../messages/text.js";
import { allSourcesOf, sourcesOf, startsOf } from "../settings/sources.js";
import { startingSource, title } from "../settings/systems.js";
import { describeChanges } from "./weights-changes.js";

/** The likelihoods that tensors do not tell apart. */
const ASKED = ["bernoulli", "unit_gaussian"];

export class ShownModel {
  #state;
  #viewer;
  #explore;
  #session;
  #notices;
  #announcer;
  #files;
  #choice = null; // the latest choice; an earlier one that is still being fetched is dropped
  #before = signal(null); // the source shown last that is not the run's
  #leavingRun = null; // the choice that is replacing the run's weights, or null; until it has, the run's snapshots are not shown

  /**
   * `viewer`: the worker that translates files; `session`: the training session, with the weights() of the run; `files` fetches,
   * reads and saves weights.
   */
  constructor({ state, viewer, explore, session, notices, announcer, files = weightsFiles }) {
    this.#state = state;
    this.#viewer = viewer;
    this.#explore = explore;
    this.#session = session;
    this.#notices = notices;
    this.#announcer = announcer;
    this.#files = files;
    effect(() => {
      const source = state.shown.value?.source ?? "training";
      if (source !== "training") this.#before.value = source;
    });
  }

  /** Shows the weights of `source`; resolves to whether they are shown. If not, a notice says why. */
  choose(source) {
    return this.#choose(source, sentence);
  }

  /** Shows the pre-trained weights of the chosen system on another data set, where there are any: else the model shown stays. */
  async takeData() {
    const [source] = sourcesOf(this.#state.system.peek(), this.#data);
    if (source) await this.choose(source);
  }

  get #data() {
    return this.#state.dataset.peek().key;
  }

  /** Shows the pre-trained weights of another system: those on the present data set, or else on MNIST. */
  async takeSystem(system) {
    const [source] = startsOf(system, this.#data);
    const values = { system: title(system) };
    const refused = (error) => text("explore.model.none_pretrained", { ...values, reason: sentence(error) });
    if (await this.#choose(source, refused)) this.#announcer.say(text("explore.model.system_shown", values));
  }

  /**
   * Shows the weights of a File that a person gave. Every worker gets them as a file of ours. `likelihood`: the answer where a file
   * of another program does not tell it; a notice asks.
   */
  async load(given, likelihood = null) {
    const choice = Symbol("file");
    this.#choice = choice;
    try {
      const weights = await this.#files.readWeights(given);
      const translated = await this.#viewer.call("translate", { weights, likelihood }, [weights.buffer]);
      if (choice !== this.#choice) return;
      const file = { name: given.name, bytes: translated.weights.slice() };
      await this.#show("file", translated.weights, { file });
      this.#reportChanges(given.name, describeChanges(translated));
      this.#announcer.say(text("explore.model.file_shown", { file: given.name }));
    } catch (error) {
      if (choice !== this.#choice) return;
      if (error.kind === "weights_likelihood_unknown") this.#askLikelihood(given, error);
      else this.#refuse(text("explore.model.file_refused", { file: given.name, reason: sentence(error) }));
    }
  }

  /** Offers the model shown as a file. */
  async save() {
    try {
      const { source, description, snapshot } = this.#state.shown.value;
      const bytes = await this.bytes();
      const at = snapshot ? `-step-${snapshot.step}` : "";
      this.#files.saveWeights(bytes, `latent-lab-z${description.model.latent}-${source}${at}.safetensors`);
    } catch (error) {
      this.#refuse(text("explore.model.not_saved", { reason: sentence(error) }));
    }
  }

  /** A copy of the weights shown. */
  bytes() {
    return this.#state.snapshot.peek() ? this.#viewer.call("weights", {}) : this.#bytesOf(this.#source);
  }

  /** The weights that training starts from. */
  startingWeights(from) {
    return this.#bytesOf(startingSource(from, this.#state.system.value, this.#data));
  }

  /** A snapshot of the run becomes the model shown, unless another model is about to. `fresh`: the first of a new model. */
  async showRun(bytes, { fresh = false } = {}) {
    if (!this.#leavingRun) await this.#explore.show("training", bytes, { fresh });
  }

  /** The weights `bytes` that the run had at a `snapshot` become the model shown; later snapshots do not take their place. */
  showSnapshot(bytes, snapshot) {
    this.#choice = snapshot;
    return this.#show("training", bytes, { snapshot });
  }

  /** The source shown before the run's, as long as it belongs to the chosen system; otherwise the pre-trained weights of that. */
  get before() {
    const system = this.#state.system.value;
    const [first] = startsOf(system, this.#state.dataset.value.key);
    const { value } = this.#before;
    return value === "file" || allSourcesOf(system).includes(value) ? value : first;
  }

  /** Weights of an earlier visit, {name, bytes}, can be chosen again; fails where they are damaged. */
  async restore(file) {
    await this.#viewer.call("inspect", { weights: file.bytes.slice() });
    this.#state.file.value = file;
  }

  get #source() {
    return this.#state.shown.value.source;
  }

  /** `refused(error)`: the sentence for weights that cannot be shown. */
  async #choose(source, refused) {
    const choice = Symbol(source);
    this.#choice = choice;
    try {
      const bytes = await this.#bytesOf(source);
      if (choice !== this.#choice) return false;
      await this.#show(source, bytes);
      this.#notices.clear("weights");
      return true;
    } catch (error) {
      if (choice === this.#choice) this.#refuse(refused(error));
      return false;
    }
  }

  async #show(source, bytes, options) {
    const choice = Symbol(source);
    this.#leavingRun = source === "training" && !options?.snapshot ? null : choice;
    try {
      await this.#explore.show(source, bytes, options);
    } catch (error) {
      if (this.#leavingRun === choice) await this.#backToRun();
      throw error;
    } finally {
      if (this.#leavingRun === choice) this.#leavingRun = null;
    }
  }

  /** If the present run is still the model shown, shows its present weights: its snapshots were skipped in the meantime. */
  async #backToRun() {
    if (this.#source === "training" && !this.#state.snapshot.peek())
      await this.#explore.show("training", await this.#session.weights());
  }

  #reportChanges(file, changes) {
    this.#notices.clear("weights");
    if (!changes) return;
    const words = text("explore.model.file_loaded", { file, changes });
    this.#notices.show({ name: "weights", text: words, kind: "info" });
  }

  #askLikelihood(given, error) {
    const answers = ASKED.map((likelihood) => [
      text(`settings.likelihood.choices.${likelihood}`),
      () => this.load(given, likelihood),
    ]);
    this.#notices.show({
      name: "weights",
      text: text("explore.model.file_likelihood", { file: given.name, reason: sentence(error) }),
      kind: "info",
      actions: Object.fromEntries(answers),
    });
  }

  #refuse(words) {
    this.#notices.show({ name: "weights", text: words });
  }

  async #bytesOf(source) {
    if (source === "training") return this.#session.weights();
    return source === "file" ? this.#state.file.value.bytes.slice() : this.#files.fetchWeights(source);
  }
}
