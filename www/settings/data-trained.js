// On which data set a model was trained: a run, pre-trained weights, or a file that says so.

import { MNIST } from "../data-sets/shipped.js";
import { text } from "../messages/text.js";
import { dataOf } from "./sources.js";
import { dataName } from "./systems.js";

/** {key, name} of the data set of a kept run; runs of before trained on MNIST. */
export function dataOfRun({ dataset }) {
  return dataset ?? { key: MNIST.key, name: MNIST.name };
}

/** The name of the data set that the model shown was trained on, or null where its file does not say. */
export function dataOfShown({ shown, run }) {
  const { source, description } = shown.value;
  if (source === "training") return run.value.dataset?.name ?? null;
  if (source === "file") return description.data?.name ?? null;
  return dataName(dataOf(source));
}

/** Whether the model shown was trained on another data set than the present one. */
export function isOfOtherData(state) {
  const { source, description } = state.shown.value;
  const { key, sha256 } = state.dataset.value;
  if (source === "training") return state.runIsOfOtherData.value;
  if (source === "file")
    return Boolean(description.data?.sha256 && sha256) && description.data.sha256 !== sha256;
  return dataOf(source) !== key;
}

/** The `name` of the model shown, with its data set where that is another than the present one. */
export function nameOnData(name, state) {
  const data = isOfOtherData(state) ? dataOfShown(state) : null;
  return data ? text("data.model_of", { name, data }) : name;
}
