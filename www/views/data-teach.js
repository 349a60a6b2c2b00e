// Teaching: what a run on one's own data begins with, how far it is, and what it has changed.

import { SIDE } from "../explore/images.js";
import { nats, percent } from "../messages/format.js";
import { text } from "../messages/text.js";
import { hasDensity } from "../settings/schema.js";
import { create, setAttribute, setText, showTrouble } from "./dom.js";
import { onFrame } from "./frame.js";
import { grey, paint } from "./pixels.js";

const BUSY = ["making", "training", "scoring"];

export class DataTeachView {
  #root;
  #look;
  #picked = null; // the test images that can be picked
  #props = null;
  #draw;

  /** `actions`: teach({from, share, steps}), look(index). */
  constructor(root, { teach, look }) {
    this.#root = root;
    this.#look = look;
    this.#draw = onFrame(() => this.#paint(), root);
    const begin = () =>
      teach({
        from: root.querySelector('[name="teach-from"]:checked').value,
        share: Number(this.#find("teach-share").value) / 100,
        steps: Number(this.#find("teach-steps").value),
      });
    this.#find("teach-go").addEventListener("click", begin);
    root.querySelector(".trouble button").addEventListener("click", begin);
    this.#find("teach-share").addEventListener("input", () => this.#draw());
  }

  /** `lesson`: as in the state; `set`: a sentence about the present set; `isOwn`: whether that can be taught, and `isMixed`: with MNIST among it; `shown`: the name of the model shown; `step` of the run; `trouble`: a sentence or null. */
  update(props) {
    this.#props = props;
    this.#draw();
  }

  #paint() {
    const { lesson, set, isOwn, isMixed, shown, step, trouble } = this.#props;
    const busy = BUSY.includes(lesson.status);
    setText(this.#find("teach-set"), set);
    setText(this.#find("teach-shown"), shown);
    this.#find("teach-form").hidden = !isOwn;
    this.#find("teach-go").disabled = busy;
    this.#find("teach-share").disabled = isMixed;
    const share = Number(this.#find("teach-share").value) / 100;
    const mixture = share === 1 || isMixed ? "alone" : "mixed";
    setText(
      this.#root.querySelector("output"),
      text(`data.teach.share_${mixture}`, { percent: percent(share) }),
    );
    const bar = this.#find("teach-progress");
    bar.hidden = !busy;
    if (lesson.status === "training") bar.value = Math.min(1, step / lesson.steps);
    else bar.removeAttribute("value");
    const { steps } = lesson;
    setText(
      this.#find("teach-state"),
      text(`data.teach.status.${lesson.status}`, { step: Math.min(step, steps), steps }),
    );
    showTrouble(this.#root, trouble);
    this.#find("teach-changed").hidden = lesson.before === null;
    if (lesson.before) this.#paintChanged(lesson);
  }

  #paintChanged(lesson) {
    const { test, seen, before, after, samples, set } = lesson;
    this.#offer(test, seen);
    const picture = (name, values) => {
      const canvas = this.#root.querySelector(`[data-picture="${name}"]`);
      paint(canvas, values ? grey(values) : null);
    };
    picture("image", test.images[seen]);
    picture("before", before.pictures[seen].picture);
    picture("after", after?.pictures[seen].picture);
    const at = (score) => (score ? text("data.teach.at_step", { step: score.step }) : "");
    setText(this.#find("teach-step-before"), at(before));
    setText(this.#find("teach-step-after"), at(after));
    setText(this.#find("teach-caption"), text("data.teach.caption", { number: seen + 1 }));
    const likelihood = hasDensity(before.model) ? "nll" : "loss";
    const rows = [
      ["squared_error", (score) => score.pictures[seen].squared_error],
      [likelihood, (score) => score.pictures[seen].nll],
      ["losses", (score) => score.losses.total?.mean],
    ];
    const { images } = before.losses;
    this.#root.querySelector("tbody").replaceChildren(
      ...rows.map(([name, read]) => {
        const cells = [before, after].map((score) =>
          create("td", { textContent: score ? nats(read(score)) : "–" }),
        );
        const words = text(`data.teach.row.${name}`, { samples, count: images });
        const row = create("tr", {}, create("th", { scope: "row", textContent: words }), ...cells);
        row.dataset.row = name;
        return row;
      }),
    );
    setText(
      this.#find("teach-note"),
      text(set?.testIsTrain ? "data.teach.test_is_train" : "data.teach.held_out"),
    );
  }

  #offer(test, seen) {
    const root = this.#find("teach-pick");
    if (test !== this.#picked) root.replaceChildren(...test.images.map((image, k) => this.#option(image, k)));
    this.#picked = test;
    for (const [k, button] of [...root.children].entries())
      setAttribute(button, "aria-pressed", String(k === seen));
  }

  #option(image, index) {
    const canvas = create("canvas", { className: "digit", width: SIDE, height: SIDE });
    setAttribute(canvas, "aria-hidden", "true");
    paint(canvas, grey(image));
    const button = create("button", { type: "button", className: "image-option" }, canvas);
    setAttribute(button, "aria-label", text("data.teach.test_image", { number: index + 1 }));
    button.addEventListener("click", () => this.#look(index));
    return button;
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}
