// The model shown: pre-trained, in training or from a file; chosen, loaded and saved here.

import * as weightsFiles from "../files/weights-files.js";
import { sentence } from "../messages/failure.js";
import { text } from "../messages/text.js";
import { sourcesOf, startingSource, title } from "../settings/systems.js";
import { latest } from "../worker/latest.js";

export class ShownModel {
  #state;
  #explore;
  #session;
  #notices;
  #announcer;
  #files;
  #newest = null; // the choice made last: an earlier one, still under way, is dropped
  #followsRun = false; // whether snapshots of the run are shown
  #fresh = false; // whether the next snapshot shown is the first of a new model
  #showSnapshot = latest((bytes) => this.#show(bytes));

  /** `session` trains, and has the run's weights(); `files` fetches, reads and saves weights. */
  constructor({ state, explore, session, notices, announcer, files = weightsFiles }) {
    this.#state = state;
    this.#explore = explore;
    this.#session = session;
    this.#notices = notices;
    this.#announcer = announcer;
    this.#files = files;
  }

  /** Shows the weights of `source`; promises whether they are shown now. A notice says why not. */
  choose(source) {
    return this.#choose(source, sentence);
  }

  /** Shows the pre-trained weights of another system, where there are any. */
  async takeSystem(system) {
    const [source] = sourcesOf(system);
    const values = { system: title(system) };
    const refused = (error) => text("explore.model.none_pretrained", { ...values, reason: sentence(error) });
    if (await this.#choose(source, refused)) this.#announcer.say(text("explore.model.system_shown", values));
  }

  /** Shows the weights of a File that a person gave. */
  async load(given) {
    const followed = this.#followsRun;
    const choice = Symbol("file");
    this.#newest = choice;
    try {
      const bytes = await this.#files.readWeights(given);
      const file = { name: given.name, bytes: bytes.slice() };
      this.#followsRun = false;
      await this.#explore.show("file", bytes, { file });
      this.#notices.clear("weights");
      this.#announcer.say(text("explore.model.file_shown", { file: given.name }));
    } catch (error) {
      const values = { file: given.name, reason: sentence(error) };
      this.#notices.show({ name: "weights", text: text("explore.model.file_refused", values) });
      if (choice !== this.#newest) return;
      this.#followsRun = followed;
      if (this.#source === "training") await this.#explore.show("training", await this.#session.weights());
    }
  }

  /** Offers the model shown as a file. */
  async save() {
    try {
      const { source, description } = this.#state.shown.value;
      const bytes = await this.bytes();
      this.#files.saveWeights(bytes, `latent-lab-z${description.model.latent}-${source}.safetensors`);
    } catch (error) {
      const words = text("explore.model.not_saved", { reason: sentence(error) });
      this.#notices.show({ name: "weights", text: words });
    }
  }

  /** A copy of the weights shown. */
  bytes() {
    return this.#bytesOf(this.#source);
  }

  /** The weights that training starts from. */
  startingWeights(from) {
    return this.#bytesOf(startingSource(from, this.#state.system.value));
  }

  /** From now on the pictures follow the run; the next snapshot is the first to be shown. */
  followRun() {
    this.#followsRun = true;
  }

  /** A snapshot of the run: shown if the pictures follow the run; the newest wins. `fresh`: the first of a new model. */
  async showRun(bytes, { fresh = false } = {}) {
    this.#fresh ||= fresh;
    try {
      await this.#showSnapshot(bytes);
    } catch (error) {
      const words = text("explore.model.not_followed", { reason: sentence(error) });
      this.#notices.show({ name: "snapshot", text: words });
    }
  }

  get #source() {
    return this.#state.shown.value.source;
  }

  /** `refused(error)`: the sentence for weights that cannot be shown. */
  async #choose(source, refused) {
    const choice = Symbol(source);
    const followed = this.#followsRun;
    this.#newest = choice;
    try {
      const bytes = await this.#bytesOf(source);
      if (choice !== this.#newest) return false;
      this.#followsRun = source === "training";
      await this.#explore.show(source, bytes);
      this.#notices.clear("weights");
      return true;
    } catch (error) {
      if (choice !== this.#newest) return false;
      this.#followsRun = followed;
      this.#notices.show({ name: "weights", text: refused(error) });
      return false;
    }
  }

  async #show(bytes) {
    if (!this.#followsRun) return;
    const fresh = this.#fresh;
    await this.#explore.show("training", bytes, { fresh });
    if (fresh) this.#fresh = false;
  }

  async #bytesOf(source) {
    if (source === "training") return this.#session.weights();
    return source === "file" ? this.#state.file.value.bytes.slice() : this.#files.fetchWeights(source);
  }
}
