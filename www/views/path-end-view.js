// One end of a path: its picture, what it is, and how to choose another.

import { text } from "../messages/text.js";
import { testImageText } from "./class-texts.js";
import { create, setAttribute, setText } from "./dom.js";
import { grey, paint } from "./pixels.js";

export class PathEndView {
  #root;
  #at;
  #painted = null;
  #offered = null;

  /** `at`: "a" or "b"; `actions`: `pin(at)`, `chooseImage(at, index)`. */
  constructor(root, at, actions) {
    this.#root = root;
    this.#at = at;
    const select = this.#part("test");
    select.addEventListener("change", () => {
      if (select.value !== "") actions.chooseImage(at, Number(select.value));
    });
    this.#part("pin").addEventListener("click", () => actions.pin(at));
  }

  /** `end` as in the state; `images` to choose from: {index, words}; `names` of the classes; `present`: what can be pinned, "drawing", "code" or null. */
  update({ end, images, names, present }) {
    const pin = this.#part("pin");
    pin.disabled = present === null;
    const name = this.#at.toUpperCase();
    setText(pin, text(`paths.panel.pin_${present ?? "drawing"}`, { end: name }));
    this.#offer(images);
    if (end === this.#painted) return;
    this.#painted = end;
    const canvas = this.#root.querySelector("canvas");
    paint(canvas, grey(end.image));
    setAttribute(canvas, "aria-label", endText(end, name, names));
    const select = this.#part("test");
    select.value = "";
    if (end.kind === "test") select.value = String(end.index);
  }

  #offer(images) {
    const offered = JSON.stringify(images);
    if (offered === this.#offered) return;
    this.#offered = offered;
    this.#painted = null; // the choice is made anew
    this.#part("test").replaceChildren(
      create("option", { value: "", textContent: text("paths.test_image") }),
      ...images.map(({ index, words }) => create("option", { value: index, textContent: words })),
    );
  }

  #part(name) {
    return this.#root.querySelector(`[data-part="${name}"]`);
  }
}

/** The text alternative of an end. */
function endText({ kind, index, label }, end, names) {
  if (kind !== "test") return text(`paths.end.${kind}`, { end });
  return text("paths.end.test", { end, image: testImageText(label, index, names) });
}
