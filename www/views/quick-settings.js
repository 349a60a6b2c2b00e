// The settings that are at hand in every view: the weight of the KL and the learning rate.

export class QuickSettings {
  #fields;

  /** `type(name, text)` is called with what was typed. */
  constructor(root, { type }) {
    this.#fields = [...root.querySelectorAll("[data-name]")];
    for (const field of this.#fields) {
      const input = field.querySelector("input");
      input.addEventListener("change", () => type(field.dataset.name, input.value));
    }
  }

  /** `values` of the settings; `meaningful`: the names of those that have an effect; `corrected`: the one that was corrected last, or null. */
  update({ values, meaningful, corrected }) {
    for (const field of this.#fields) {
      const { name } = field.dataset;
      field.querySelector("input").value = String(values[name]);
      field.hidden = !meaningful.includes(name);
      field.classList.toggle("corrected", name === corrected);
    }
  }
}
