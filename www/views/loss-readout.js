// The values of every curve in the loss chart at its cursor, or at their ends.

import { nats } from "../messages/format.js";
import { text } from "../messages/text.js";
import { overlayAt, presentAt } from "../training/curve-overlay.js";
import { curveMark, letterOf, presentMark } from "./curve-mark.js";
import { create, setText } from "./dom.js";

const TERMS = ["reconstruction", "kl", "total"];

export class LossReadout {
  #table;
  #shown = "";

  constructor(table) {
    this.#table = table;
  }

  /** `curves` and `overlay` as in LossChartView.update; `at`: the step at the cursor, or null. */
  update({ curves, overlay, at }) {
    const rows = readout(curves, overlay, at);
    this.#table.hidden = rows.length === 0;
    const where = at === null ? text("training.readout.newest") : text("training.readout.at", { step: at });
    setText(this.#table.querySelector(".readout-step"), where);
    const { cell } = overlay;
    const isOfRuns = overlay.curves.some(({ scoredOn }) => !scoredOn);
    const note = isOfRuns ? text("training.readout.means", { count: cell }) : "";
    setText(this.#table.querySelector(".readout-note"), note);
    const shown = JSON.stringify(rows);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#table.querySelector("tbody").replaceChildren(...rows.map(row));
  }

  /** The same as a sentence. */
  inWords(curves, overlay, at) {
    if (at === null) return text("training.readout.newest");
    const rows = readout(curves, overlay, at).map(({ slot, name, note, terms }) => {
      const curve = [slot === null ? "" : letterOf(slot), name, note].filter(Boolean).join(" ");
      return text("training.readout.spoken", { curve, reconstruction: terms[0].value, kl: terms[1].value });
    });
    return [text("training.readout.at", { step: at }), ...rows].join(". ");
  }
}

/**
 * Rows {slot, name, note, terms}: `slot` null for the present run; `note`: which curve it is and its step where that is not the cursor's;
 * `terms`: {value, range} of reconstruction, KL and total in words.
 */
export function readout(curves, overlay, at) {
  const present = Object.entries(presentAt(curves, at))
    .filter(([, point]) => point)
    .map(([curve, point]) => ({
      slot: null,
      name: text(`training.readout.present.${curve}`),
      note: noteOf(point.step, at),
      terms: TERMS.map((term) => ({ value: nats(point[term]), range: "" })),
    }));
  const others = overlay.curves.flatMap((curve) => {
    const found = overlayAt(overlay, curve, at);
    return found ? [ofOverlay(curve, found, at, overlay.cell)] : [];
  });
  return [...present, ...others];
}

function ofOverlay({ slot, name, seeds, scoredOn }, { step, count, ...values }, at, cell) {
  const isNear = at !== null && Math.abs(step - at) <= cell;
  const ofSeeds =
    seeds === 1
      ? ""
      : text(count === seeds ? "training.readout.seeds" : "training.readout.some_seeds", { count, seeds });
  const scored = scoredOn ? text(`training.readout.scored_on.${scoredOn}`) : "";
  const note = [scored, ofSeeds, isNear ? "" : noteOf(step, at)].filter(Boolean).join(" · ");
  const terms = TERMS.map((term) => {
    const { mean, least, most } = values[term];
    return {
      value: nats(mean),
      range: count > 1 ? text("training.readout.range", { least: nats(least), most: nats(most) }) : "",
    };
  });
  return { slot, name, note, terms };
}

function noteOf(step, at) {
  return step === at ? "" : text("training.chart.step", { step });
}

function row({ slot, name, note, terms }) {
  const mark = slot === null ? presentMark() : curveMark(slot);
  const words = create(
    "span",
    {},
    create("span", { textContent: name }),
    create("small", { textContent: note }),
  );
  const head = create("th", { scope: "row" }, create("div", {}, mark, words));
  const cells = terms.map(({ value, range }) =>
    create("td", {}, value, ...(range ? [create("small", { textContent: range })] : [])),
  );
  return create("tr", {}, head, ...cells);
}
