// Says whose pictures are shown, and offers the other model while there is a run.

import { text } from "../messages/text.js";
import { setText } from "./dom.js";

export class ShownNoteView {
  #note;
  #button;
  #other = null;

  /** `show(source)` shows another model. */
  constructor(root, { show }) {
    this.#note = root.querySelector("p");
    this.#button = root.querySelector("button");
    this.#button.addEventListener("click", () => show(this.#other));
  }

  /**
   * `kind` of the model shown: "pretrained", "training", "untrained" (a run that began from nothing, in its first epoch), "snapshot" (a run as it
   * was after `step` steps) or "file"; `name` of it; `other`: {source, kind} of the model to show instead, or null; `trained`: the name of the data set
   * that it was trained on where the `present` one is another, or null.
   */
  update({ kind, name, step, other, trained, present }) {
    this.#other = other?.source ?? null;
    const onOther = trained === null ? "" : ` ${text("data.shown_other", { trained, present })}`;
    setText(this.#note, text(`explore.shown.${kind}`, { name, step }) + onOther);
    this.#button.hidden = !other;
    if (other) setText(this.#button, text(`explore.show.${other.kind}`));
  }
}
