// What is under the pointer on the map: its place, with the picture that is decoded there.

import { latest } from "../worker/latest.js";

export class PlaneHover {
  /** {place, picture}: what was decoded last while the pointer is on the map, else null. */
  decoded = null;
  #pointer = null; // the place under it, or null
  #decode;
  #changed;

  /** `decode(place)` resolves to a picture; `changed()` is called once there is another, or none. */
  constructor(decode, changed) {
    this.#decode = decode;
    this.#changed = changed;
  }

  /** The pointer is at this place, or has left: null. */
  moveTo(place) {
    this.#pointer = place;
    if (place) return this.#follow();
    this.clear();
    this.#changed();
  }

  clear() {
    this.#pointer = this.decoded = null;
  }

  #follow = latest(async () => {
    const place = this.#pointer;
    if (!place) return;
    const picture = await this.#decode(place).catch(() => null);
    if (!this.#pointer) return;
    this.decoded = picture && { place, picture };
    this.#changed();
  });
}
