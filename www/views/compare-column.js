// One column of the comparison: its model, and what is seen of it.

import { nats } from "../messages/format.js";
import { decimal } from "../messages/language.js";
import { text } from "../messages/text.js";
import { classesOf, classNames } from "../settings/class-names.js";
import { labelText } from "./class-texts.js";
import { ComparedMapView } from "./compared-map.js";
import { setAttribute, setText, setValue, showTrouble } from "./dom.js";
import { onFrame } from "./frame.js";
import { PictureGridView } from "./picture-grid.js";
import { grey, paint } from "./pixels.js";
import { fillOptions } from "./source-options.js";

const PARTS = [
  ...["select", "remove", "facts", "note", "reconstruction", "terms", "box-none", "map-none", "map"],
  ...["drawing-label", "path-label", "prior-label", "box-label", "digits-label"],
];

const NO_PICTURES = { pictures: null };

export class CompareColumn {
  element;
  #props;
  #parts;
  #map;
  #grids;
  #options = "";
  #draw;

  /** `template` of a column; `actions`: `choose(source)`, `remove()`, `retry()`. */
  constructor(template, actions) {
    this.element = template.content.firstElementChild.cloneNode(true);
    const part = (name) => this.element.querySelector(`[data-part="${name}"]`);
    this.#parts = Object.fromEntries(PARTS.map((name) => [name, part(name)]));
    this.#grids = {
      prior: grid(part("prior"), 2),
      box: grid(part("box"), 2),
      digits: grid(part("digits"), 4),
      path: grid(part("path"), 1),
    };
    this.#map = new ComparedMapView(this.#parts.map);
    this.#draw = onFrame(() => this.#paint(), this.element);
    this.#parts.select.addEventListener("change", ({ target }) => actions.choose(target.value));
    this.#parts.remove.addEventListener("click", () => actions.remove());
    this.element.querySelector(".trouble button").addEventListener("click", () => actions.retry());
  }

  /**
   * `dataset` as in the state; `column` as in `state.columns`, its `trouble` a sentence or null; `number` of the column; `options` to choose from; `facts`, `note`: what
   * is said of the model; `noMap`: why there is no map, or null; `alone`: whether it is the only column; `reach` of the box.
   */
  update(props) {
    this.#props = props;
    this.#draw();
  }

  #paint() {
    const { dataset, column, number, options, facts, note, noMap, alone, reach } = this.#props;
    const { select, remove, map } = this.#parts;
    this.element.dataset.source = column.source;
    this.element.dataset.step = String(column.step);
    this.element.dataset.images = String(column.losses?.images ?? 0);
    this.element.dataset.state = column.trouble ? "failed" : column.description ? "shown" : "loading";
    this.#offer(options, column.source);
    setAttribute(select, "aria-label", text("compare.column", { number }));
    setAttribute(remove, "aria-label", text("compare.remove", { number }));
    remove.hidden = alone;
    setText(this.#parts.facts, facts);
    setText(this.#parts.note, note);
    for (const [name, words] of Object.entries(this.#labelTexts(column, dataset)))
      setText(this.#parts[name], words);
    showTrouble(this.element, column.trouble);
    this.#paintDrawing(column);
    this.#paintGrids(column);
    setText(this.#parts["map-none"], noMap ?? "");
    map.hidden = noMap !== null;
    const { prior, latent } = column.description?.model ?? {};
    const standard = prior === "standard" && latent > 1;
    this.#map.update({ dataset, map: noMap ? null : column.map, drawing: column.drawing, reach, standard });
  }

  #offer(options, source) {
    const list = JSON.stringify(options);
    if (list !== this.#options) fillOptions(this.#parts.select, options); // an open list must not be replaced under the pointer
    this.#options = list;
    setValue(this.#parts.select, source);
  }

  /** With which labels a conditional model encodes and decodes; nothing for others. */
  #labelTexts({ description, drawing, pathLabel, prior, box }, dataset) {
    const label = drawing?.label;
    const all = text("compare.labels.all");
    const { labelled } = description?.model ?? {};
    const names = classNames(dataset, classesOf(description?.model));
    return {
      "drawing-label": label ? labelText(label, names) : "",
      "path-label": pathLabel === null ? "" : text("compare.labels.path", { name: names[pathLabel] }),
      "prior-label": labelled && prior ? all : "",
      "box-label": labelled && box ? all : "",
      "digits-label": labelled ? text("compare.labels.own") : "",
    };
  }

  #paintDrawing({ drawing }) {
    const { reconstruction, terms } = this.#parts;
    paint(reconstruction, drawing && grey(drawing.picture));
    const label = drawing ? "compare.reconstruction" : "compare.reconstruction_empty";
    setAttribute(reconstruction, "aria-label", text(label));
    const values = drawing && {
      reconstruction: nats(drawing.reconstruction),
      kl: nats(drawing.kl),
      squared_error: decimal(drawing.squared_error, 1),
    };
    for (const element of terms.querySelectorAll("dd"))
      setText(element, values ? values[element.dataset.term] : "–");
  }

  #paintGrids({ description, prior, box, digits, path }) {
    const { model = {} } = description ?? {};
    const kind = model.labelled ? "labelled" : "unlabelled";
    this.#grids.prior.update({ ...(prior ?? NO_PICTURES), label: text(`compare.prior_samples.${kind}`) });
    this.#grids.box.update({ ...(box ?? NO_PICTURES), label: text(`compare.box_samples.${kind}`) });
    this.#grids.digits.update({ pictures: digits, label: text("explore.grid.test_images") });
    this.#grids.path.update({ pictures: path, label: text(`compare.path.${kind}`) });
    const none = description?.code.codes > 0;
    setText(this.#parts["box-none"], none ? text("compare.no_box") : "");
  }
}

function grid(canvas, rows) {
  return new PictureGridView(canvas, rows);
}
