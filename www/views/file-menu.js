// The menu of the whole page: save the lab and open one, save a picture or numbers, print the figure sheet.

import { text } from "../messages/text.js";
import { create, setText } from "./dom.js";
import { fillOptions } from "./source-options.js";

export class FileMenuView {
  #root;
  #offered = [];
  #opened;

  /** `actions`: save(which runs), open(File), saveAs(name, format), print(), and opened(), after which `update` is called. */
  constructor(root, actions) {
    this.#root = root;
    this.#opened = actions.opened;
    root.addEventListener("toggle", () => root.open && this.#opened());
    this.#on("archive-save", () => actions.save(this.#find("archive-runs").value));
    this.#on("export-save", () =>
      actions.saveAs(this.#find("export-what").value, this.#find("export-as").value),
    );
    this.#on("sheet-print", () => actions.print());
    const file = this.#find("archive-file");
    this.#find("archive-open").addEventListener("click", () => file.click());
    file.addEventListener("change", () => {
      const [given] = file.files;
      this.#close();
      if (given) actions.open(given);
      file.value = ""; // so that the same file can be chosen again
    });
    this.#find("export-what").addEventListener("change", () => this.#offerFormats());
  }

  /** `runs`: [which, words] of those that can be saved; `tooLarge`: a sentence or ""; `offered`: as Exports has it. */
  update({ runs, offered }) {
    this.#offered = offered.flatMap(({ items }) => items);
    fill(this.#find("archive-runs"), runs);
    const what = this.#find("export-what");
    const { value } = what;
    const options = (items) => items.map(({ name, words }) => [name, words]);
    fillOptions(
      what,
      offered.map(({ words, items }) => ({ title: words, options: options(items) })),
    );
    if (this.#offered.some(({ name }) => name === value)) what.value = value;
    this.#offerFormats();
  }

  /** `words`: what is going on, or "". */
  busy(words) {
    setText(this.#find("archive-state"), words);
    for (const id of ["archive-save", "archive-open"]) this.#find(id).disabled = words !== "";
  }

  #offerFormats() {
    const what = this.#find("export-what").value;
    const { formats = [] } = this.#offered.find(({ name }) => name === what) ?? {};
    fill(
      this.#find("export-as"),
      formats.map((format) => [format, text(`export.formats.${format}`)]),
    );
    this.#find("export-save").disabled = formats.length === 0;
  }

  /** The button acts, and the menu closes. */
  #on(id, act) {
    this.#find(id).addEventListener("click", () => {
      this.#close();
      act();
    });
  }

  #close() {
    this.#root.open = false;
    this.#root.querySelector("summary").focus();
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}

/** Options [value, words]; what was chosen stays chosen. */
function fill(select, options) {
  const { value } = select;
  select.replaceChildren(...options.map(([value, textContent]) => create("option", { value, textContent })));
  if (options.some(([each]) => each === value)) select.value = value;
}
