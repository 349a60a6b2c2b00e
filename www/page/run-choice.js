// The choice of a kept run to continue: offered at the start, and in the list of those that are not the present one.

import { addressOf } from "../keep/kept-values.js";
import { Failure, sentence } from "../messages/failure.js";
import { text } from "../messages/text.js";
import { settingsFromQuery } from "../settings/address.js";
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

  /** {id, system, step} of each kept run but the present one. */
  get others() {
    const { state } = this.#parts;
    const present = state.runKept.value.id;
    const others = state.keptRuns.value.filter(({ id }) => id !== present);
    return others.map(({ id, system, step }) => ({ id, step, system: this.#title(system) }));
  }

  /** Offers to continue where the last visit ended. */
  offer() {
    const { state, notices } = this.#parts;
    const [newest] = this.others;
    if (!newest) return;
    const { id, step, system } = newest;
    const actions = { [text("keep.continue")]: () => this.resume(id) };
    notices.show({ name: "continue", text: text("keep.offer", { step, system }), kind: "info", actions });
    const isOffered = () =>
      state.run.value.status === "idle" && state.keptRuns.value.some((run) => run.id === id);
    connect({ update: (offered) => offered || notices.clear("continue") }, isOffered);
  }

  /** Continues a kept run where it was left. */
  async resume(id) {
    const { state, systems, training, choice, keep, notices } = this.#parts;
    try {
      const run = state.keptRuns.value.find((each) => each.id === id);
      const system = systems.find(({ name }) => name === run.system);
      if (!system) throw new Failure("kept_later.run");
      const checkpoint = await keep.checkpoint(run);
      const isAsLeft = this.#settingsAreKept && system === state.system.value;
      if (!isAsLeft) await choice.adopt(system, settingsFromQuery(run.address, system).values);
      notices.clear("kept");
      await training.resume({ ...checkpoint, made: { ...defaults(), ...run.made } });
    } catch (error) {
      notices.show({ name: "kept", text: sentence(error) });
    }
  }

  #title(name) {
    const system = this.#parts.systems.find((each) => each.name === name);
    return system ? title(system) : name;
  }
}
