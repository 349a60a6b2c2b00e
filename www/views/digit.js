// Which digit a model with labels is told: ten buttons, of which one is down; not shown for other models.

export class DigitView {
  #root;
  #buttons;

  /** `choose(digit)` hears which one was pressed. */
  constructor(root, choose) {
    this.#root = root;
    this.#buttons = Array.from({ length: 10 }, (_, digit) => button(digit));
    root.querySelector(".digit-buttons").append(...this.#buttons);
    root.addEventListener("change", ({ target }) => choose(Number(target.value)));
  }

  /** `labelled`: whether the model is told at all; `digit`: the one that it is told. */
  update({ labelled = !this.#root.hidden, digit }) {
    this.#root.hidden = !labelled;
    this.#buttons[digit].querySelector("input").checked = true;
  }
}

function button(digit) {
  const label = Object.assign(document.createElement("label"), { className: "digit-button" });
  const input = Object.assign(document.createElement("input"), {
    type: "radio",
    name: "digit",
    value: String(digit),
  });
  label.append(input, Object.assign(document.createElement("span"), { textContent: String(digit) }));
  return label;
}
