// The two selects that choose the axes of the map: components, most used first, or the principal components.

import { chosenAxes, PRINCIPAL } from "../evaluation/plane-choice.js";
import { byUsage, isMeasured } from "../evaluation/plane-geometry.js";
import { nats } from "../messages/format.js";
import { text } from "../messages/text.js";
import { create, setValue } from "./dom.js";

export class PlaneAxes {
  #selects;
  #shown = []; // two components, or none for the principal ones
  #order = [];
  #offered = "";

  /** `selects`: [across, upwards]; `choose(axes)` is called with two components or "principal". */
  constructor(selects, choose) {
    this.#selects = selects;
    for (const [k, select] of selects.entries())
      select.addEventListener("change", () => choose(this.#chosen(k, select.value)));
  }

  /** `components`: the two shown, or [] for the principal ones; null before there are any. `choice`: as in `state.mapChoice.axes`. */
  update({ components: mapped, choice, usage, variances, size }) {
    for (const select of this.#selects) select.disabled = !mapped || mapped.length === 1;
    if (!mapped || mapped.length === 1) return;
    // What was chosen, though the map may not follow yet: the other axis can be chosen before it does.
    const components = choice ? chosenAxes({ choice, held: mapped, usage, variances, size }) : mapped;
    this.#shown = components;
    if (this.#selects.some((select) => select === document.activeElement && this.#offered)) return; // nothing moves under someone's hand
    this.#order = byUsage(usage, variances, size);
    this.#offer(isMeasured(usage, size) ? usage : null);
    for (const [k, select] of this.#selects.entries())
      setValue(select, components.length === 0 ? PRINCIPAL : String(components[k]));
  }

  /** The axes after select `k` was set to `value`. */
  #chosen(k, value) {
    if (value === PRINCIPAL) return PRINCIPAL;
    const component = Number(value);
    const other = this.#shown[1 - k] ?? this.#order.find((c) => c !== component);
    const axes = [];
    axes[k] = component;
    axes[1 - k] = other === component ? this.#shown[k] : other; // the same for both: they change places
    for (const [place, select] of this.#selects.entries()) select.value = String(axes[place]);
    this.#shown = axes;
    return axes;
  }

  #offer(usage) {
    const offered = `${this.#order} ${usage && [...usage].map((value) => nats(value))}`;
    if (offered === this.#offered) return;
    this.#offered = offered;
    for (const [k, select] of this.#selects.entries()) {
      const options = this.#order.map((c) => [String(c), componentText(c, usage)]);
      options.push([PRINCIPAL, text("evaluation.plane.principal", { number: k + 1 })]);
      select.replaceChildren(
        ...options.map(([value, textContent]) => create("option", { value, textContent })),
      );
    }
  }
}

function componentText(c, usage) {
  if (!usage) return text("evaluation.plane.component", { number: c + 1 });
  return text("evaluation.plane.component_usage", { number: c + 1, nats: nats(usage[c]) });
}
