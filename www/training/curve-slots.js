// Which mark each curve of the overlay has: a place among letters, colours and dashes that it keeps as long as it is drawn.

/** More curves than this cannot be told apart. */
export const MOST_CURVES = 12;

export class CurveSlots {
  #slots = new Map(); // by key of the curve

  /** Slots by key for the curves that are drawn now: the lowest free one for each that was not drawn before. */
  of(keys) {
    for (const key of this.#slots.keys()) if (!keys.includes(key)) this.#slots.delete(key);
    for (const key of keys) {
      if (this.#slots.has(key)) continue;
      const taken = new Set(this.#slots.values());
      this.#slots.set(
        key,
        Array.from({ length: keys.length }, (_, slot) => slot).find((slot) => !taken.has(slot)),
      );
    }
    return new Map(this.#slots);
  }
}
