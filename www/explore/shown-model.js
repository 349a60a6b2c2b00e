// Which weights the pictures show: pre-trained, in training or from a file; chosen, loaded and saved here.

import { fetchWeights, readWeights, saveWeights } from "../files/weights-files.js";
import { sourcesOf, sourcesOffered, startingSource } from "../settings/systems.js";

export class Weights {
  #studio;
  #systems;
  #view;
  #notices;
  #announcer;
  #changed;
  #run = null; // {weights(), follow(following)}: the one in training
  #system;
  #file = null; // {bytes, name}: loaded by hand
  #asked = 0;

  /** `view`: the select; `changed()` hears when other weights are shown or a file has been loaded. */
  constructor({ studio, systems, view, notices, announcer, changed }) {
    this.#studio = studio;
    this.#systems = systems;
    this.#system = systems[0];
    this.#view = view;
    this.#notices = notices;
    this.#announcer = announcer;
    this.#changed = changed;
  }

  get hasFile() {
    return this.#file !== null;
  }

  /** Of the weights that were loaded by hand. */
  get fileName() {
    return this.#file?.name ?? null;
  }

  /** The run whose weights can be shown and saved as well. */
  follow(run) {
    this.#run = run;
  }

  /** The weights to start training from. */
  startingFrom(from) {
    return this.#bytes(startingSource(from, this.#system));
  }

  /** Another system: its pre-trained weights come into the pictures, where there are any. */
  async take(system) {
    this.#system = system;
    const [[source]] = sourcesOf(system);
    this.shown(this.#studio.source);
    const missing = `There are no pre-trained weights to show for “${system.title}”, so the pictures stay as they are; it can be trained from scratch.`;
    if (await this.choose(source, missing))
      this.#announcer.say(`${system.title}: its pre-trained weights are shown.`);
  }

  /** The pictures now show the weights of `source`. */
  shown(source) {
    const offered = sourcesOffered(this.#system, source, this.#systems);
    this.#view.update({ offered, source, file: this.#file?.name });
    this.#changed(source);
  }

  /** Promises whether the weights of `source` are shown now; `comment` is said first where they cannot be. */
  async choose(source, comment = "") {
    this.#asked += 1;
    const asked = this.#asked;
    try {
      if (source === "training") {
        await this.#run.follow(true);
      } else {
        const bytes = await this.#bytes(source);
        if (asked !== this.#asked) return false; // something else was chosen meanwhile
        await this.#run.follow(false);
        await this.#studio.show(source, bytes);
      }
      this.#notices.clear("weights");
      this.shown(this.#studio.source);
      return true;
    } catch (error) {
      if (asked !== this.#asked) return false;
      this.#notices.show({ name: "weights", text: `${comment} ${error.message}`.trim() });
      this.shown(this.#studio.source);
      return false;
    }
  }

  /** Shows the weights of a file that a person gave. */
  async load(chosen) {
    const before = this.#studio.source;
    this.#asked += 1;
    try {
      const bytes = await readWeights(chosen);
      const kept = bytes.slice();
      await this.#run.follow(false);
      await this.#studio.show("file", bytes);
      this.#file = { bytes: kept, name: chosen.name };
      this.#notices.clear("weights");
      this.#announcer.say(`Weights from ${chosen.name} are shown.`);
      this.shown("file");
    } catch (error) {
      if (before === "training") await this.#run.follow(true);
      const reason = error.message.replace(/\.$/, "");
      this.#notices.show({
        name: "weights",
        text: `${chosen.name} was refused: ${reason}. The model on the page is unchanged.`,
      });
    }
  }

  /** Offers what the pictures show as a file. */
  async save() {
    try {
      const { source, description } = this.#studio;
      const bytes = await this.bytes();
      saveWeights(bytes, `latent-lab-z${description.model.latent}-${source}.safetensors`);
    } catch (error) {
      this.#notices.show({ name: "weights", text: `The weights could not be saved: ${error.message}` });
    }
  }

  /** What the pictures show, a copy. */
  bytes() {
    const { source } = this.#studio;
    return source === "training" ? this.#run.weights() : this.#bytes(source);
  }

  async #bytes(source) {
    return source === "file" ? this.#file.bytes.slice() : fetchWeights(source);
  }
}
