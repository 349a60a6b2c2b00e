// Which digit a model with labels is told: ten buttons and, where it can guess, one for that; not shown for other models.

/** In the place of a digit: as the model's classifier guesses. */
export const GUESS = 255;
const NOTES = {
  told: "The encoder is told the same digit about your drawing; a test digit brings its own. The sliders stay when you change it.",
  guessed:
    "Encoder and decoder are told what the model’s classifier takes your drawing for, unless you choose a digit; then the sliders stay.",
};

export class DigitView {
  #root;
  #buttons; // by value
  #note;

  /** `choose(digit)` hears which one was pressed. */
  constructor(root, choose) {
    this.#root = root;
    const digits = Array.from({ length: 10 }, (_, digit) => [digit, button(digit, String(digit))]);
    this.#buttons = new Map([[GUESS, button(GUESS, "As the model guesses")], ...digits]);
    root.querySelector(".digit-buttons").append(...this.#buttons.values());
    this.#note = root.querySelector("#digit-note");
    root.addEventListener("change", ({ target }) => choose(Number(target.value)));
  }

  /** `labelled`: whether the model is told at all; `guesses`: whether it can guess; `digit`: the one that it is told, or GUESS. */
  update({ labelled = !this.#root.hidden, guesses = !this.#buttons.get(GUESS).hidden, digit }) {
    this.#root.hidden = !labelled;
    this.#buttons.get(GUESS).hidden = !guesses;
    this.#note.textContent = guesses ? NOTES.guessed : NOTES.told;
    this.#buttons.get(digit).querySelector("input").checked = true;
  }
}

function button(value, words) {
  const label = Object.assign(document.createElement("label"), { className: "digit-button" });
  const input = Object.assign(document.createElement("input"), {
    type: "radio",
    name: "digit",
    value: String(value),
  });
  label.append(input, Object.assign(document.createElement("span"), { textContent: words }));
  return label;
}
