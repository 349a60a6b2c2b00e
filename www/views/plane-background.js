// Pictures decoded over the whole latent plane: only for models with two components, where a place determines the code.

import { gridCodes } from "../evaluation/plane-geometry.js";
import { PIXELS } from "../explore/images.js";
import { CELLS } from "./plane-marks.js";

export class PlaneBackground {
  /** [CELLS * CELLS * 784], or null where there are none. */
  pictures = null;
  #decode;
  #wanted = null; // the plane whose pictures are wanted

  /** `decode(z)` resolves to pictures. */
  constructor(decode) {
    this.#decode = decode;
  }

  clear() {
    this.#wanted = null;
    this.pictures = null;
  }

  /** Decodes the pictures of `plane`, {square, axes}, or drops them where it is null. Pictures that cannot be decoded are left out. */
  async update(plane) {
    this.#wanted = plane;
    const pictures =
      plane && (await this.#decode(gridCodes(plane.square, plane.axes, CELLS)).catch(() => null));
    if (plane !== this.#wanted) return; // another plane is shown by now
    this.pictures = pictures?.length === CELLS * CELLS * PIXELS ? pictures : null;
  }
}
