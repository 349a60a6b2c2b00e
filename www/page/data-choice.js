// Choosing another data set: the run on the one before goes on, the pictures show weights of the new one, and the test digits are its own.

import { batch } from "@preact/signals-core";
import { MOST_COLUMNS, runOf, STORIES } from "../compare/comparison-choice.js";
import { MNIST } from "../data-sets/shipped.js";
import { text } from "../messages/text.js";
import { firstEnds } from "../paths/path-end.js";
import { isEmbedded } from "../settings/address.js";
import { dataOf, sourcesOf } from "../settings/sources.js";
import { connect } from "../views/connect.js";
import { DataSelect } from "../views/data-select.js";
import { refusal } from "./start-data.js";

/** The select in the header, for those who have seen that there are other data sets. */
export function openDataSelect({ state, dataSets, dataChoice }) {
  const select = new DataSelect(document.getElementById("data-choice"), (key) => dataChoice.choose(key));
  connect(select, () => ({
    shown: state.view.value === "data" || dataSets.dataset.value.key !== MNIST.key || hasOwn(dataSets),
    offered: dataSets.list.value.map(({ key, name }) => ({ key, name })),
    present: dataSets.dataset.value.key,
    choosing: dataSets.choosing.value,
  }));
}

function hasOwn({ list }) {
  return list.value.some(({ origin }) => origin !== "shipped");
}

export class DataChoice {
  #parts;

  constructor(parts) {
    this.#parts = parts;
    parts.dataSets.subscribe((info) => this.#follow(info));
  }

  /** Resolves to whether the set of this key is the present one; a notice says why it is not. */
  async choose(key) {
    const { dataSets, notices } = this.#parts;
    try {
      const chosen = await dataSets.choose(key);
      if (chosen) notices.clear("data");
      return chosen;
    } catch (error) {
      notices.show({ name: "data", text: refusal(dataSets, key, error) });
      return false;
    }
  }

  async #follow(info) {
    const { state, systems, dataSets, explore, choice, training, announcer } = this.#parts;
    batch(() => {
      state.trainingData.value = null;
      takeEnds(state, dataSets.digits);
      state.compared.value = comparedOn(info, state, systems);
      choice.takeData();
    });
    announcer.say(text("data.chosen", { name: info.name }));
    await explore.takeDigits();
    await choice.showOfData();
    if (!isEmbedded() && !navigator.connection?.saveData) training.prepare();
  }
}

/** Ends that were test digits are those of the present set. */
function takeEnds({ ends }, digits) {
  const first = firstEnds(digits);
  const taken = (at) => (ends.value[at]?.kind === "test" ? first[at] : ends.value[at]);
  ends.value = { a: taken("a"), b: taken("b") };
}

/** The models compared, where one of them may have been trained on the set; else the pre-trained ones of the set. */
function comparedOn({ key }, { compared }, systems) {
  const isOfSet = (source) => source === "file" || runOf(source) !== null || dataOf(source) === key;
  if (compared.value.some(isOfSet)) return compared.value;
  const own = key === "mnist" ? STORIES[0].sources : systems.flatMap((system) => sourcesOf(system, key));
  return own.length > 0 ? own.slice(0, MOST_COLUMNS) : compared.value;
}
