// In the place of d3-selection in the bundle: one element, with what d3-zoom and d3-drag ask of a selection. The methods that find, make
// and order elements would be 2 kB of the page's script (brotli).

import on from "../node_modules/d3-selection/src/selection/on.js";

export { default as pointer } from "../node_modules/d3-selection/src/pointer.js";

export function select(element) {
  return new Selection(element);
}

class Selection {
  #element; // or null, where a filter has refused it

  constructor(element) {
    this.#element = element;
  }

  node() {
    return this.#element;
  }

  selection() {
    return this;
  }

  each(act) {
    const element = this.#element;
    if (element) act.call(element, element.__data__, 0, [element]);
    return this;
  }

  filter(accepts) {
    const element = this.#element;
    return select(element && accepts.call(element, element.__data__, 0, [element]) ? element : null);
  }

  call(act, ...more) {
    act(this, ...more);
    return this;
  }

  datum() {
    return this.#element.__data__;
  }

  /** `value`: a function of the element, as `this`. */
  property(name, value) {
    return this.each(function (...args) {
      this[name] = value.apply(this, args);
    });
  }

  style(name, value) {
    return this.each(function () {
      this.style.setProperty(name, value);
    });
  }

  /** Ends an animation, of which the page has none. */
  interrupt() {
    return this;
  }
}

Selection.prototype.on = on;
