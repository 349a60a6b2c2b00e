// One end of a path: its picture, what it is, and how to choose another.

import { text } from "../messages/text.js";
import { create, setAttribute, setText } from "./dom.js";
import { grey, paint } from "./pixels.js";

export class PathEndView {
  #root;
  #at;
  #painted = null;

  /** `at`: "a" or "b"; `digits`: labels of the test digits; `actions`: `pin(at)`, `chooseDigit(at, index)`. */
  constructor(root, at, digits, actions) {
    this.#root = root;
    this.#at = at;
    const select = this.#part("digit");
    select.append(
      create("option", { value: "", textContent: text("paths.test_digit") }),
      ...digits.map((digit, value) =>
        create("option", { value, textContent: text("paths.digit", { digit }) }),
      ),
    );
    select.addEventListener("change", () => {
      if (select.value !== "") actions.chooseDigit(at, Number(select.value));
    });
    this.#part("pin").addEventListener("click", () => actions.pin(at));
  }

  /** `end` as in the state; `present`: what can be pinned, "drawing", "code" or null. */
  update({ end, present }) {
    const pin = this.#part("pin");
    pin.disabled = present === null;
    const name = this.#at.toUpperCase();
    setText(pin, text(`paths.panel.pin_${present ?? "drawing"}`, { end: name }));
    if (end === this.#painted) return;
    this.#painted = end;
    const canvas = this.#root.querySelector("canvas");
    paint(canvas, grey(end.image));
    setAttribute(canvas, "aria-label", text(`paths.end.${end.kind}`, { end: name, digit: end.digit ?? "" }));
    const select = this.#part("digit");
    select.value = "";
    if (end.kind === "digit") select.selectedIndex = end.index + 1;
  }

  #part(name) {
    return this.#root.querySelector(`[data-part="${name}"]`);
  }
}
