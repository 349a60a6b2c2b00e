// The configurations of a study: mean and standard deviation of the test loss over seeds, and a switch for the curves of each.

import { nats } from "../messages/format.js";
import { text } from "../messages/text.js";
import { curveMark, letterOf } from "./curve-mark.js";
import { create, setText } from "./dom.js";

export class StudyTableView {
  #root;
  #body;
  #actions;
  #shown = "";

  /** `actions`: {draw(name, wanted), close()}. */
  constructor(root, actions) {
    this.#root = root;
    this.#body = root.querySelector("tbody");
    this.#actions = actions;
    root.querySelector("#study-close").addEventListener("click", () => actions.close());
  }

  /** `file`: its name, or null; `configurations` as RunList has them. */
  update({ file, configurations }) {
    this.#root.hidden = file === null;
    const shown = JSON.stringify([file, configurations]);
    if (file === null || shown === this.#shown) return;
    this.#shown = shown;
    setText(this.#root.querySelector("#study-file"), file);
    const isHeldOut = configurations.some(({ scored_on }) => scored_on === "validation");
    setText(
      this.#root.querySelector("#study-about"),
      text(`study.about.${isHeldOut ? "validation" : "test"}`),
    );
    const focused = document.activeElement?.closest("#study tr")?.dataset.name;
    const rows = configurations.map((each) => this.#row(each));
    this.#body.replaceChildren(...rows);
    rows
      .find(({ dataset }) => dataset.name === focused)
      ?.querySelector("input")
      .focus();
  }

  #row({ name, test: { n, mean, deviation }, curve: { drawn, slot, refused } }) {
    const toggle = create("input", { type: "checkbox", checked: drawn, disabled: refused !== null });
    const letter = slot === null ? "" : letterOf(slot);
    const words = letter ? text("keep.curve_with_letter", { name, letter }) : text("keep.curve", { name });
    toggle.setAttribute("aria-label", words);
    toggle.addEventListener("change", () => this.#actions.draw(name, toggle.checked));
    const mark = create("span", { className: "run-mark" }, ...(slot === null ? [] : [curveMark(slot)]));
    const refusal = refused ? [create("small", { textContent: text(`keep.refused.${refused}`) })] : [];
    const loss =
      deviation === null
        ? nats(mean)
        : text("study.spread", { mean: nats(mean), deviation: nats(deviation) });
    const row = create(
      "tr",
      {},
      create("td", { className: "run-curve" }, create("label", {}, toggle, mark)),
      create(
        "th",
        { scope: "row", className: "run-name" },
        create("span", { textContent: name }),
        ...refusal,
      ),
      create("td", { className: "run-seeds", textContent: String(n) }),
      create("td", { className: "run-loss", textContent: loss }),
    );
    row.dataset.name = name;
    return row;
  }
}
