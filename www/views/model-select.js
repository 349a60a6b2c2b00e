// The select of the weights behind the pictures: the chosen system's, the model in training, a loaded file.

export class WeightsView {
  #select;
  #list = "";
  #state = { offered: [], source: null, trained: false, file: null };

  /** `choose(source)` hears which was picked. */
  constructor(select, choose) {
    this.#select = select;
    select.addEventListener("change", ({ target }) => choose(target.value));
  }

  /** Any of offered ([source, words] pairs of pre-trained weights), source (the one shown), file (a loaded one's name). */
  update(change) {
    Object.assign(this.#state, change);
    const { offered, source, file } = this.#state;
    this.#state.trained ||= source === "training";
    const list = JSON.stringify([offered, this.#state.trained, file]);
    if (list !== this.#list) this.#build(); // an open list must not be replaced under the pointer
    this.#list = list;
    this.#select.value = source;
  }

  #build() {
    const { offered, trained, file } = this.#state;
    this.#select.replaceChildren(
      ...offered.map(([value, words]) => option(value, words)),
      option("training", "The model in training", !trained),
      option("file", file ? `File: ${file}` : "A loaded file", !file),
    );
  }
}

function option(value, textContent, disabled = false) {
  return Object.assign(document.createElement("option"), { value, textContent, disabled });
}
