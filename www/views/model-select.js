// The select of the model shown: pre-trained weights of the chosen system, the model in training, a loaded file.

import { text } from "../messages/text.js";
import { create, setText, setValue } from "./dom.js";

export class ModelSelect {
  #select;
  #offered = "";
  #source = null;

  /** `choose(source)` resolves once the chosen weights are shown or refused. */
  constructor(select, choose) {
    this.#select = select;
    select.addEventListener("change", async () => {
      const chosen = select.value;
      await choose(chosen);
      if (select.value === chosen) select.value = this.#source; // the weights of before, where the chosen ones were refused
    });
  }

  /** `offered`: [source, words] pairs of pre-trained weights; `source`: the one shown; `run`: the run in words, or null; `file`: a loaded one's name, or null. */
  update({ offered, source, run, file }) {
    this.#source = source;
    const list = JSON.stringify([offered, file]);
    if (list !== this.#offered) this.#build({ offered, file }); // an open list must not be replaced under the pointer
    this.#offered = list;
    const training = this.#select.querySelector('[value="training"]');
    training.disabled = run === null;
    setText(training, run ?? text("explore.model.no_run"));
    setValue(this.#select, source);
  }

  #build({ offered, file }) {
    const name = file === null ? text("explore.model.no_file") : text("explore.model.file", { name: file });
    this.#select.replaceChildren(
      ...offered.map(([value, words]) => option(value, words)),
      option("training", ""),
      option("file", name, file === null),
    );
  }
}

function option(value, textContent, disabled = false) {
  return create("option", { value, textContent, disabled });
}
