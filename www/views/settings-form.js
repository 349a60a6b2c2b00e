// The form of the settings: built from their table, one listener, values cleaned at the edge.

import { hasMeaning, words } from "../settings/schema.js";
import { clean, decidedByWeights, names, settings, slides } from "../settings/values.js";

const FOLDS = { parts: "Parts: combine your own" };

export class ControlsView {
  #form;
  #note;
  #values;
  #offered = "";
  #apply;

  /** `apply(values)` hears of every change that was made. */
  constructor(form, note, values, apply) {
    this.#form = form;
    this.#note = note;
    this.#values = { ...values };
    this.#apply = apply;
    form.replaceChildren(...names.filter((name) => !settings[name].fold).map(field));
    for (const [fold, title] of Object.entries(FOLDS)) form.append(folded(fold, title));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", ({ target }) => this.#changed(target));
    form.addEventListener("input", ({ target }) => target.dataset.slides && this.#slid(target));
    this.#show();
  }

  get values() {
    return { ...this.#values };
  }

  /** Sets values from elsewhere than the form (a new seed, the size of a file's model). */
  set(change, sentence = "") {
    Object.assign(this.#values, change);
    this.#note.textContent = sentence;
    this.#show();
    this.#apply(this.values);
  }

  /** A sentence beside the form about what was asked in it. */
  say(sentence) {
    this.#note.textContent = sentence;
  }

  /** `waiting`: names of settings that wait for a restart. */
  update({ waiting = [] }) {
    for (const name of names) {
      const box = this.#box(name);
      box.dataset.pending = String(waiting.includes(name));
      const fixed = decidedByWeights(name, this.#values);
      box.querySelector(".when").textContent = fixed
        ? "set by the weights"
        : waiting.includes(name)
          ? "applies at restart"
          : "";
      for (const input of box.querySelectorAll("input, select")) input.disabled = fixed;
    }
  }

  /** What can be started from: `choices` as {name: words}; the rest is not shown, a file only once there is one. */
  offer(choices) {
    const offered = JSON.stringify(choices);
    if (offered === this.#offered) return; // an open list must not be replaced under the pointer
    this.#offered = offered;
    const select = this.#form.elements.from;
    select.replaceChildren(
      ...Object.entries(choices).map(([value, textContent]) =>
        Object.assign(document.createElement("option"), { value, textContent }),
      ),
    );
    select.value = this.#values.from;
  }

  #changed(target) {
    if (target.dataset.slides) return this.#slid(target);
    const { name } = target;
    const { value, sentence } = clean(name, target.value, this.#values[name]);
    this.#values[name] = value;
    this.#note.textContent = sentence ?? "";
    this.#box(name).classList.toggle("corrected", sentence !== null);
    this.#show();
    this.#apply(this.values);
  }

  #slid({ dataset, value }) {
    const setting = settings[dataset.slides];
    this.#values[dataset.slides] = slides[setting.slide].value(Number(value), setting);
    this.#show();
    this.#apply(this.values);
  }

  #show() {
    for (const name of names) {
      this.#form.elements[name].value = String(this.#values[name]);
      this.#box(name).hidden = !hasMeaning(name, this.#values);
    }
    for (const slider of this.#form.querySelectorAll("[data-slides]")) {
      const name = slider.dataset.slides;
      slider.value = String(slides[settings[name].slide].position(this.#values[name], settings[name]));
      slider.setAttribute("aria-valuetext", String(this.#values[name]));
    }
  }

  #box(name) {
    return this.#form.querySelector(`.field[data-name="${name}"]`);
  }
}

function folded(fold, title) {
  const box = Object.assign(document.createElement("details"), { className: "fold" });
  const fields = Object.assign(document.createElement("div"), { className: "fields" });
  fields.append(...names.filter((name) => settings[name].fold === fold).map(field));
  box.append(Object.assign(document.createElement("summary"), { textContent: title }), fields);
  return box;
}

function field(name) {
  const { label, kind, choices, min, max, slide } = settings[name];
  const box = Object.assign(document.createElement("div"), { className: "field" });
  box.dataset.name = name;
  const title = Object.assign(document.createElement("label"), {
    htmlFor: `set-${name}`,
    textContent: label,
  });
  const when = Object.assign(document.createElement("small"), { className: "when" });
  const input = choices
    ? choice(choices)
    : Object.assign(document.createElement("input"), {
        type: "text",
        inputMode: kind === "integer" ? "numeric" : "decimal",
        spellcheck: false,
      });
  Object.assign(input, { id: `set-${name}`, name });
  if (!choices) input.title = name === "seed" ? "a whole number" : `${min} to ${max}`;
  box.append(title, input);
  if (slide) {
    box.classList.add("slides");
    box.append(sliderOf(name));
  }
  box.append(when);
  return box;
}

function sliderOf(name) {
  const { label, slide } = settings[name];
  const slider = Object.assign(document.createElement("input"), {
    type: "range",
    min: 0,
    max: 1,
    step: 0.01,
  });
  slider.dataset.slides = name;
  slider.setAttribute("aria-label", `${label}, ${slides[slide].words}`);
  return slider;
}

function choice(choices) {
  const select = document.createElement("select");
  select.append(
    ...choices.map((value) =>
      Object.assign(document.createElement("option"), {
        value,
        textContent: words(value),
      }),
    ),
  );
  return select;
}
