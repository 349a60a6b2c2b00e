// The size of an element in the page, observed: to ask for it in a frame makes a browser bring style and layout up to date, a millisecond.

export class ObservedSize {
  #element;
  #width = 0; // 0 before it was observed, and while the element is hidden
  #height = 0;

  /** `changed()` is called when the element has another size. */
  constructor(element, changed) {
    this.#element = element;
    const observer = new ResizeObserver(() => {
      this.#read();
      changed();
    });
    observer.observe(element);
  }

  /** CSS pixels, without the border; 0 while the element is hidden. */
  get width() {
    if (this.#width === 0) this.#read();
    return this.#width;
  }

  get height() {
    if (this.#height === 0) this.#read();
    return this.#height;
  }

  #read() {
    this.#width = this.#element.clientWidth;
    this.#height = this.#element.clientHeight;
  }
}
