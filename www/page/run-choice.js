// The choice of a run to continue or to delete: offered in a notice at the start, at the top of the view of the training, and in the table of runs.

import { addressOf, settingsOfKept } from "../keep/kept-values.js";
import { runName } from "../keep/run-name.js";
import { Failure, sentence } from "../messages/failure.js";
import { megabytes, moment } from "../messages/format.js";
import { text } from "../messages/text.js";
import { dataOfRun } from "../settings/data-trained.js";
import { title } from "../settings/systems.js";
import { defaults } from "../settings/values.js";
import { connect } from "../views/connect.js";

export class RunChoice {
  #parts;
  #settingsAreKept; // whether the form has the settings with which the page was left, and not those of a link

  constructor(parts) {
    this.#parts = parts;
    const { state, systems, opened } = parts;
    this.#settingsAreKept = opened.entries.settings?.address === addressOf(state, systems);
  }

  /** Each kept run but the present one, the newest first, in words: {id, name, step, size, time, unsaved}. */
  get others() {
    const { state } = this.#parts;
    const present = state.runKept.value.id;
    return state.keptRuns.value.filter(({ id }) => id !== present).map((run) => this.#inWords(run));
  }

  /** What can be gone on with instead of a new run, as [words, function] pairs, and the name of the run's system where it is another. */
  get offers() {
    const { state } = this.#parts;
    const ofOther = state.runIsOfOtherSystem.value;
    const present = ofOther ? this.#presentOffers() : [];
    if (!ofOther && state.run.value.system !== null) return { running: null, offers: [] };
    const kept = state.keptRuns.value.find(
      (run) =>
        run.system === state.system.value.name &&
        dataOfRun(run).key === state.dataset.value.key &&
        run.id !== state.runKept.value.id,
    );
    const offers = kept ? [[this.#resumeText(kept), () => this.resume(kept.id)]] : [];
    return {
      running: ofOther ? this.#nameOfPresent() : null,
      offers: [...present, ...offers],
    };
  }

  /** Offers to continue where the last visit ended. */
  offer() {
    const { state, notices } = this.#parts;
    const [newest] = this.others;
    if (!newest) return;
    const { id, step, name } = newest;
    const actions = { [text("keep.continue")]: () => this.resume(id) };
    notices.show({ name: "continue", text: text("keep.offer", { step, name }), kind: "info", actions });
    const isOffered = () =>
      state.run.value.status === "idle" && state.keptRuns.value.some((run) => run.id === id);
    connect({ update: (offered) => offered || notices.clear("continue") }, isOffered);
  }

  /** Continues a kept run where it was left. */
  async resume(id) {
    const { state, training, choice, keep, notices } = this.#parts;
    try {
      const run = state.keptRuns.value.find((each) => each.id === id);
      const system = this.#system(run.system);
      if (!system) throw new Failure("kept_later.run");
      await this.#chooseData(run);
      const checkpoint = await keep.checkpoint(run);
      if (!this.#isAsLeft(run)) await choice.adopt(system, settingsOfKept(run, system));
      notices.clear("kept");
      await training.resume({ ...checkpoint, made: { ...defaults(), ...run.made } });
    } catch (error) {
      notices.show({ name: "kept", text: sentence(error) });
    }
  }

  /** The run's data set is the present one after this; fails where it is gone, or another one has its key. */
  async #chooseData(run) {
    const { dataSets } = this.#parts;
    const { key, name, sha256 } = dataOfRun(run);
    const there = dataSets.info(key);
    const isSame = there && (!sha256 || !there.sha256 || there.sha256 === sha256);
    if (!isSame) throw new Failure("run_data_gone", { name });
    await dataSets.choose(key);
  }

  /** Whether the run is the one that the page was left with, and the form still has its settings: they may have changed after its last step. */
  #isAsLeft(run) {
    const { state } = this.#parts;
    const isNewest = state.keptRuns.value[0] === run && state.run.value.status === "idle";
    return this.#settingsAreKept && isNewest && run.system === state.system.value.name;
  }

  #presentOffers() {
    const { state, training } = this.#parts;
    const { status, step } = state.run.value;
    const names = { system: this.#nameOfPresent(), step };
    if (status === "running")
      return [
        [text("keep.pause_run", names), () => training.pause()],
        [text("keep.back_to_running", names), () => this.#backToRun()],
      ];
    if (status !== "paused") return [[text("keep.back_to_running", names), () => this.#backToRun()]];
    return [[text("keep.resume_run", names), () => this.#resumePresent()]];
  }

  async #backToRun() {
    const { state, choice, shownModel } = this.#parts;
    if (!(await this.#backToData())) return;
    choice.chooseOfRun(this.#system(state.run.value.system));
    if (state.run.value.made) return shownModel.choose("training");
  }

  /** The data set of the present run; resolves to whether it is there. */
  #backToData() {
    const { state, dataChoice } = this.#parts;
    return dataChoice.choose((state.run.value.dataset ?? state.dataset.value).key);
  }

  async #resumePresent() {
    const { state, choice, training } = this.#parts;
    if (!(await this.#backToData())) return;
    choice.chooseOfRun(this.#system(state.run.value.system));
    return training.toggle();
  }

  /** With its data set, where that is another than the present one. */
  #nameOfPresent() {
    const { run, runIsOfOtherData } = this.#parts.state;
    const name = this.#title(run.value.system);
    return runIsOfOtherData.value ? text("data.model_of", { name, data: run.value.dataset.name }) : name;
  }

  #inWords(run) {
    const { id, step, bytes, time, unsaved } = run;
    const name = runName(run, this.#parts.systems);
    return { id, name, step, unsaved, size: megabytes(bytes), time: moment(time) };
  }

  /** Deletes a run. The present one is paused and forgotten before; no other is begun. */
  async remove(id) {
    const { state, training, keep } = this.#parts;
    const isPresent = id === state.runKept.value.id && state.run.value.system !== null;
    if (isPresent && !(await training.discard())) return;
    await keep.removeRun({ id });
  }

  #resumeText(run) {
    return text("keep.resume_run", { system: runName(run, this.#parts.systems), step: run.step });
  }

  #system(name) {
    return this.#parts.systems.find((each) => each.name === name);
  }

  #title(name) {
    const system = this.#system(name);
    return system ? title(system) : name;
  }
}
