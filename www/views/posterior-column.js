// One model of the posterior view: the heat map, the drawing and a decoded picture, and the identity as a line and in numbers.

import { text } from "../messages/text.js";
import { setAttribute, setText, showTrouble } from "./dom.js";
import { paintEvidence } from "./evidence-line.js";
import { onFrame } from "./frame.js";
import { grey, paint } from "./pixels.js";
import { PosteriorPlane } from "./posterior-plane.js";
import { codeText, errorText, fineNats, latticeText, planeLabel } from "./posterior-texts.js";

const PARTS = [
  "name",
  "facts",
  "use",
  "plane",
  "binarised",
  "decoded",
  "at",
  "place",
  "state",
  "line",
  "line-label",
  "importance",
  "family",
];

export class PosteriorColumn {
  element;
  #actions;
  #parts;
  #plane;
  #props;
  #draw;

  /** `template` of a column; `actions`: `decode(source, z)`, `move(source, place)` of the cross, `look(source, square)`, `use(source)`, `retry()`, `say(words)`. */
  constructor(template, actions) {
    this.element = template.content.firstElementChild.cloneNode(true);
    const part = (name) => this.element.querySelector(`[data-part="${name}"]`);
    this.#parts = Object.fromEntries(PARTS.map((name) => [name, part(name)]));
    this.#actions = actions;
    this.#draw = onFrame(() => this.#paint(), this.element);
    this.#plane = new PosteriorPlane(this.#parts.plane, {
      decode: (z) => actions.decode(this.#props.column.source, z),
      move: (place) => actions.move(this.#props.column.source, place),
      look: (square) => actions.look(this.#props.column.source, square),
      show: (decoded) => this.#showDecoded(decoded),
    });
    this.#parts.use.addEventListener("click", () => actions.use(this.#props.column.source));
    this.element.querySelector(".trouble button").addEventListener("click", () => actions.retry());
  }

  /**
   * `column` as in `state.posteriors`, its `trouble` a sentence or null; `name`, `facts` of the model; `family`: "diagonal" or "full";
   * `cross`: where a person has put it, or null; `frame`: the square to begin with, or null; `usable`: whether it is not the model shown; `drawn`: whether something is drawn; `span` of the line, in nats.
   */
  update(props) {
    this.#props = props;
    const { source, view, description } = props.column;
    this.#plane.update({
      view,
      source,
      cross: props.cross,
      frame: props.frame,
      version: `${source} ${props.column.step} ${description?.model.posterior}`,
    });
    this.#draw();
  }

  #paint() {
    const { column, name, facts, family, usable, drawn, span } = this.#props;
    const { view, trouble, working, source, step } = column;
    const parts = this.#parts;
    const { importance = null } = view?.numbers ?? {};
    Object.assign(this.element.dataset, {
      source,
      step: String(step),
      state: trouble ? "failed" : view && !working ? "done" : "working",
      side: String(view?.side ?? 0),
    });
    setText(parts.name, name);
    setText(parts.facts, facts);
    parts.use.hidden = !usable;
    setAttribute(parts.use, "aria-label", text("posterior.use_label", { name }));
    showTrouble(this.element, trouble);
    setText(parts.state, trouble ? "" : latticeText({ view, working, drawn }));
    paint(parts.binarised, view && grey(view.image));
    paintEvidence(parts.line, view?.numbers, span);
    setText(parts["line-label"], view ? lineLabel(view.numbers) : "");
    setText(parts.family, text(`posterior.family.${family}`));
    this.#paintNumbers(view?.numbers);
    parts.importance.hidden = importance === null;
    if (importance)
      setText(parts.importance.querySelector("small"), text("posterior.estimates", { ...importance }));
    this.#describe();
  }

  #paintNumbers(numbers) {
    for (const row of this.element.querySelectorAll("tr[data-number]")) {
      const number = numbers?.[row.dataset.number];
      const [value, error] = row.querySelectorAll("td");
      setText(value, fineNats(number?.value ?? number?.mean ?? number ?? Number.NaN));
      const spread = number?.error ?? number?.deviation;
      setText(error, spread === undefined ? "" : errorText(spread));
    }
  }

  #describe() {
    const { column, name } = this.#props;
    const cross = this.#plane.cross;
    setAttribute(this.#parts.plane, "aria-label", planeLabel({ name, view: cross && column.view, cross }));
  }

  #showDecoded(decoded) {
    const { decoded: canvas, at, place } = this.#parts;
    paint(canvas, decoded?.picture && grey(decoded.picture));
    setText(at, text(decoded?.hovers ? "posterior.at_pointer" : "posterior.at_cross"));
    setText(place, decoded ? codeText(decoded.place) : "");
    this.#describe();
    if (decoded?.byKey) this.#actions.say(codeText(decoded.place));
  }
}

/** The line in words. */
function lineLabel({ log_evidence: evidence, elbo, gap }) {
  return text("posterior.line", {
    evidence: fineNats(evidence.value),
    elbo: fineNats(elbo.value),
    gap: fineNats(gap.value),
  });
}
