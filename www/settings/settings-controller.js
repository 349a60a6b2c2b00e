// Changes settings: by what was typed into the form, and by values from elsewhere.

import { batch } from "@preact/signals-core";
import { clean } from "./values.js";

export class SettingsController {
  #state;

  constructor({ state }) {
    this.#state = state;
  }

  /** A value as a person typed or chose it. */
  type(name, typed) {
    const values = this.#state.values.value;
    const { value, sentence } = clean(name, typed, values[name]);
    this.#set(
      { ...values, [name]: value },
      { text: sentence ?? "", corrected: sentence === null ? null : name },
    );
  }

  slide(name, value) {
    this.set({ [name]: value });
  }

  /** Values from elsewhere than the form: a new seed, the size of a file's model. */
  set(change) {
    this.#set({ ...this.#state.values.value, ...change }, { text: "", corrected: null });
  }

  #set(values, note) {
    batch(() => {
      this.#state.values.value = values;
      this.#state.settingsNote.value = note;
    });
  }
}
