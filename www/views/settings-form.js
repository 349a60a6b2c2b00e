// The form of the settings: built from the schema, one listener; what was typed goes to the controller as text.

import { text } from "../messages/text.js";
import { scales } from "../settings/scales.js";
import { hasMeaning, label, names, settings, valueText } from "../settings/schema.js";
import { decidedByWeights } from "../settings/values.js";
import { create, setAttribute, setText } from "./dom.js";

const FOLDS = ["run", "schedule", "objective", "parts"];

export class SettingsForm {
  #form;
  #note;
  #offered = "";
  #actions;

  /** `type(name, text)` is called with what was typed or chosen, `slide(name, value)` with the value of a slider. */
  constructor(form, note, actions) {
    this.#form = form;
    this.#note = note;
    this.#actions = actions;
    const atHand = create(
      "div",
      { className: "at-hand" },
      ...names.filter((name) => !settings[name].fold).map(field),
    );
    form.replaceChildren(atHand, create("div", { className: "folds" }, ...FOLDS.map(folded)));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", ({ target }) => this.#changed(target));
    form.addEventListener("input", ({ target }) => target.dataset.slides && this.#changed(target));
  }

  /**
   * `values` of the settings; `waiting`: names of those that wait for a restart; `starts`: what can be started from, {name: words};
   * `note`: a sentence about the last change, and `corrected`: the setting that it is about, or null.
   */
  update({ values, waiting, starts, note, corrected }) {
    this.#offer(starts);
    for (const name of names) this.#show(name, values, waiting.includes(name), name === corrected);
    for (const slider of this.#form.querySelectorAll("[data-slides]")) showSlider(slider, values);
    setText(this.#note, note);
  }

  #show(name, values, waits, corrected) {
    const box = this.#form.querySelector(`.field[data-name="${name}"]`);
    const fixed = decidedByWeights(name, values);
    this.#form.elements[name].value = String(values[name]);
    box.hidden = !hasMeaning(name, values);
    box.dataset.pending = String(waits);
    box.classList.toggle("corrected", corrected);
    const when = fixed ? text("settings.when.weights") : waits ? text("settings.when.restart") : "";
    setText(box.querySelector(".when"), when);
    for (const input of box.querySelectorAll("input, select")) input.disabled = fixed;
  }

  /** What is not offered is not shown: a file only once there is one. */
  #offer(starts) {
    const offered = JSON.stringify(starts);
    if (offered === this.#offered) return; // an open list must not be replaced under the pointer
    this.#offered = offered;
    const options = Object.entries(starts).map(([value, textContent]) =>
      create("option", { value, textContent }),
    );
    this.#form.elements.from.replaceChildren(...options);
  }

  #changed({ name, value, dataset }) {
    if (!dataset.slides) return this.#actions.type(name, value);
    const setting = settings[dataset.slides];
    this.#actions.slide(dataset.slides, scales[setting.scale].value(Number(value), setting));
  }
}

function showSlider(slider, values) {
  const name = slider.dataset.slides;
  const { scale } = settings[name];
  slider.value = String(scales[scale].position(values[name], settings[name]));
  setAttribute(slider, "aria-valuetext", String(values[name]));
}

function folded(fold) {
  const own = names.filter((name) => settings[name].fold === fold).map(field);
  const summary = create("summary", { textContent: text(`settings.fold.${fold}`) });
  const details = create(
    "details",
    { className: "fold" },
    summary,
    create("div", { className: "fields" }, ...own),
  );
  details.dataset.fold = fold;
  return details;
}

function field(name) {
  const { choices, scale } = settings[name];
  const box = create("div", { className: "field" });
  box.dataset.name = name;
  const input = choices ? choiceInput(name) : numberInput(name);
  Object.assign(input, { id: `set-${name}`, name });
  box.append(create("label", { htmlFor: input.id, textContent: label(name) }), input);
  if (scale) {
    box.classList.add("slides");
    box.append(slider(name));
  }
  box.append(create("small", { className: "when" }));
  return box;
}

function numberInput(name) {
  const { kind, min, max } = settings[name];
  const bounded = max < Number.MAX_SAFE_INTEGER;
  return create("input", {
    type: "text",
    inputMode: kind === "integer" ? "numeric" : "decimal",
    spellcheck: false,
    title: bounded ? text("settings.range", { min, max }) : text("settings.range_whole"),
  });
}

function slider(name) {
  const element = create("input", { type: "range", min: 0, max: 1, step: 0.01 });
  element.dataset.slides = name;
  element.setAttribute("aria-label", text(`settings.scale.${settings[name].scale}`, { label: label(name) }));
  return element;
}

function choiceInput(name) {
  if (name === "from") return create("select"); // `update` brings what is offered
  const options = settings[name].choices.map((value) =>
    create("option", { value, textContent: valueText(name, value) }),
  );
  return create("select", {}, ...options);
}
