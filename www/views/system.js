// The chosen system: its idea, its loss, and how it differs from the first one.

import { text } from "../messages/text.js";
import { title } from "../settings/systems.js";
import { create, setText } from "./dom.js";

export class SystemView {
  #root;

  constructor(root) {
    this.#root = root;
  }

  /**
   * `name` of the system; `formula`: pieces of the loss that the weights shown were trained with, or null where that is unknown; `of`: the
   * name of these weights, where they are not the system's; `next`: the pieces of the settings, where they differ, or null; `differences` of the system from the first, as sentences' parts; `lacksLabels`: whether the
   * settings ask for labels that the data set does not have.
   */
  update({ name, formula, of, next, differences, lacksLabels }) {
    this.#text("title", title({ name }));
    this.#text("idea", text(`presets.${name}.idea`));
    this.#text("look-for", text(`presets.${name}.look_for`));
    this.#text("source", text(`presets.${name}.source`));
    const loss = of ? text("settings.loss_of", { name: of }) : text("settings.panel.loss");
    this.#root.querySelector("#system-labels").hidden = !lacksLabels;
    this.#text("labels", lacksLabels ? text("data_sets.labels_needed") : "");
    this.#formula("loss-formula", loss, formula);
    this.#formula("next-formula", text("settings.next_run"), next);
    const list = differences.join("; ");
    this.#text(
      "differences",
      list ? text("settings.differs", { differences: list }) : text("settings.baseline"),
    );
  }

  #formula(id, title, pieces) {
    const line = this.#root.querySelector(`#${id}`);
    line.hidden = !pieces;
    line.replaceChildren(`${title} `, ...written(pieces ?? []));
  }

  #text(id, words) {
    setText(this.#root.querySelector(`#system-${id}`), words);
  }
}

/** The pieces of a loss as nodes, with the operators between them. */
export function written(pieces) {
  return pieces.flatMap((each) => [each.joint, piece(each)]);
}

/** A term of the loss; one that differs from the first system's is underlined, and marked for screen readers. */
function piece({ term, text: words, changed }) {
  const element = create(changed ? "mark" : "span", { textContent: words });
  element.dataset.part = term;
  if (changed)
    element.append(
      create("span", { className: "visually-hidden", textContent: text("settings.changed_term") }),
    );
  return element;
}
