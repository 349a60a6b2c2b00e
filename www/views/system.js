// The system chooser: which of the field's systems, what it is, how its loss reads, and what differs from the first one.

import { differences, formula } from "../settings/systems.js";

export class SystemView {
  #root;
  #systems;
  #select;

  /** `choose(system)` hears which one was picked. */
  constructor(root, systems, choose) {
    this.#root = root;
    this.#systems = systems;
    this.#select = root.querySelector("select");
    this.#select.replaceChildren(
      ...systems.map(({ name, title }) =>
        Object.assign(document.createElement("option"), { value: name, textContent: title }),
      ),
    );
    this.#select.addEventListener("change", ({ target }) =>
      choose(systems.find(({ name }) => name === target.value)),
    );
    this.#select.disabled = false;
  }

  /** `system`: the chosen one; `values`: the settings as they are now, which may have left it. */
  update({ system, values }) {
    this.#select.value = system.name;
    this.#text("idea", system.idea);
    this.#text("look-for", system.look_for);
    const pieces = formula(values, this.#systems).flatMap((each) => [each.joint, piece(each)]);
    this.#root.querySelector("#loss").replaceChildren("loss = ", ...pieces);
    const changes = differences(values, this.#systems);
    const { title } = this.#systems[0];
    this.#text(
      "changes",
      changes.length > 0
        ? `Other than the ${title.toLowerCase()} in: ${changes.join("; ")}.`
        : "This is the one that the others are compared with.",
    );
  }

  #text(id, words) {
    this.#root.querySelector(`#system-${id}`).textContent = words;
  }
}

/** A term of the loss; one that reads otherwise for the first system is underlined, and said to be so. */
function piece({ term, text, changed }) {
  const element = Object.assign(document.createElement(changed ? "mark" : "span"), { textContent: text });
  element.dataset.part = term;
  if (changed)
    element.append(
      Object.assign(document.createElement("span"), {
        className: "visually-hidden",
        textContent: " (changed)",
      }),
    );
  return element;
}
