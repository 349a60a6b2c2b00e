// Pictures decoded over the map: of the codes in its plane through the code shown.

import { gridCodes, placeOf } from "../evaluation/plane-geometry.js";
import { PIXELS } from "../explore/images.js";
import { latest } from "../worker/latest.js";
import { CELLS } from "./plane-marks.js";

const SAME = 1e-4; // latent units

export class PlaneBackground {
  /** [CELLS * CELLS * 784], or null where there are none. */
  pictures = null;
  /** The square that they cover. */
  square = null;
  #decode;
  #changed;
  #wanted = null;

  /** `decode(z)` resolves to pictures; `changed()` is called when there are others. */
  constructor(decode, changed) {
    this.#decode = decode;
    this.#changed = changed;
  }

  clear() {
    this.#wanted = this.pictures = this.square = null;
  }

  /** Decodes the pictures of `wanted`, {square, plane, z, weights}, where they would be others; drops them where it is null. */
  update(wanted) {
    if (!wanted) {
      if (this.#wanted) this.clear();
    } else if (!this.#wanted || differs(this.#wanted, wanted)) {
      this.#wanted = wanted;
      this.#work();
    }
  }

  /** Pictures that cannot be decoded are left out. */
  #work = latest(async () => {
    const wanted = this.#wanted;
    if (!wanted) return;
    const { plane, z, square } = wanted;
    const pictures = await this.#decode(gridCodes(plane, z, square, CELLS)).catch(() => null);
    if (!this.#wanted) return;
    this.pictures = pictures?.length === CELLS * CELLS * PIXELS ? pictures : null;
    this.square = square;
    this.#changed();
  });
}

/** A code that only moved within the plane has the same pictures. */
function differs(a, b) {
  if (a.square !== b.square || a.plane !== b.plane || a.weights !== b.weights) return true;
  if (a.z.length !== b.z.length) return true;
  const offset = a.z.map((value, c) => b.z[c] - value);
  const [right, up] = placeOf(b.plane, offset);
  return offset.some(
    (value, c) => Math.abs(value - right * b.plane.across[c] - up * b.plane.upwards[c]) > SAME,
  );
}
