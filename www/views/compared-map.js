// The map in a column of the comparison: test images, prior and box in the plane of two components, and the drawing's posterior.

import { covarianceIn, placeOf } from "../evaluation/plane-geometry.js";
import { PlaneMotion } from "../evaluation/plane-motion.js";
import { text } from "../messages/text.js";
import { setAttribute } from "./dom.js";
import { onFrame } from "./frame.js";
import { PlaneCanvas } from "./plane-canvas.js";

const PAUSE_MS = 33; // between two pictures of a motion: several maps may move at once

export class ComparedMapView {
  #canvas;
  #plane;
  #motion = new PlaneMotion();
  #map = null;
  #props;
  #paintedAt = 0;
  #still = matchMedia("(prefers-reduced-motion: reduce)");
  #draw;

  constructor(canvas) {
    this.#canvas = canvas;
    this.#draw = onFrame((time) => this.#paint(time), canvas);
    this.#plane = new PlaneCanvas(canvas, this.#draw);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.#plane.invalidate();
      this.#draw();
    });
  }

  /** `dataset` as in the state; `map` and `drawing` as in `state.columns`; `reach` of the box; `standard`: whether the prior is N(0, I). */
  update(props) {
    this.#props = props;
    const { map, reach } = props;
    if (map && map !== this.#map)
      this.#motion.set(map.places, {
        more: [
          [-reach, -reach],
          [reach, reach],
        ],
        continues: map.continues,
        animated: !this.#still.matches,
        time: performance.now(),
      });
    this.#map = map;
    this.#draw();
  }

  #paint(time) {
    const { dataset, map, drawing, reach, standard } = this.#props;
    if (!map || !this.#plane.fit()) return;
    if (this.#motion.moving && time - this.#paintedAt < PAUSE_MS) return this.#draw();
    this.#paintedAt = time;
    this.#motion.advance(time);
    const fits = drawing?.mean.length === map.across.length;
    const place = fits ? placeOf(map, drawing.mean) : null;
    if (place) this.#motion.include(place);
    this.#plane.paint({
      square: this.#motion.square,
      ground: {
        background: null,
        rings: standard,
        contours: map.contours,
        rows: map.components.length === 1,
      },
      dataset,
      places: this.#motion.places,
      labels: map.labels,
      drawing: place && { place, covariance: covarianceIn(map, drawing.covariance) },
      trace: [],
      box: reach,
    });
    this.#describe();
    if (this.#motion.moving) this.#draw();
  }

  #describe() {
    const { components, places } = this.#map;
    const [across, upwards] = components.map((component) => component + 1);
    const count = places.length / 2;
    const words = upwards
      ? text("compare.map", { count, across, upwards })
      : text("compare.map_single", { count, across });
    setAttribute(this.#canvas, "aria-label", words);
    const { centre, reach } = this.#motion.square;
    Object.assign(this.#canvas.dataset, {
      square: [...centre, reach].join(" "),
      components: components.join(" "),
      moving: String(this.#motion.moving),
    });
  }
}
