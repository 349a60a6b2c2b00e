// The two selects that choose the components of the latent plane, most used first.

import { byUsage, isMeasured } from "../evaluation/plane-geometry.js";
import { nats } from "../messages/format.js";
import { text } from "../messages/text.js";
import { create } from "./dom.js";

export class PlaneAxes {
  /** The components across and upwards; null until there are codes to choose by. */
  axes = null;
  #selects;
  #chosen = false; // whether a person chose them

  /** `selects`: [across, upwards]; `changed()` is called after a choice. */
  constructor(selects, changed) {
    this.#selects = selects;
    for (const [k, select] of selects.entries())
      select.addEventListener("change", () => {
        this.#choose(k, Number(select.value));
        changed();
      });
  }

  /** Another model: nothing is chosen. */
  reset() {
    this.axes = null;
    this.#chosen = false;
  }

  /** Takes the two most used of `size` components, unless a person chose. */
  take({ usage, codes, size }) {
    if (this.#chosen) return;
    const order = byUsage(usage, codes, size);
    const axes = order.slice(0, 2);
    if (axes.join() === this.axes?.join()) return;
    this.axes = axes;
    this.#offer(order, isMeasured(usage, size) ? usage : null);
  }

  /** The selects can be used once there are axes. */
  paint() {
    for (const select of this.#selects) select.disabled = !this.axes;
  }

  #choose(k, component) {
    const other = this.axes[1 - k];
    this.axes[1 - k] = other === component ? this.axes[k] : other; // the same for both: they change places
    this.axes[k] = component;
    this.#chosen = true;
    for (const [place, select] of this.#selects.entries()) select.value = String(this.axes[place]);
  }

  #offer(order, usage) {
    for (const [k, select] of this.#selects.entries()) {
      const options = order.map((c) =>
        create("option", { value: String(c), textContent: componentText(c, usage) }),
      );
      select.replaceChildren(...options);
      select.value = String(this.axes[k]);
    }
  }
}

function componentText(c, usage) {
  if (!usage) return text("evaluation.plane.component", { number: c + 1 });
  return text("evaluation.plane.component_usage", { number: c + 1, nats: nats(usage[c]) });
}
