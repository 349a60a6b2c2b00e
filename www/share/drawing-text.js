// A drawing as text for an address, and back: exactly the same points, because drawings lie on a grid.
//
// Strokes are bytes: how many there are; for each whether it erases and how many points it has; then every coordinate as its difference
// from the one before, in units of the grid. Numbers are LEB128, signed ones zigzag-encoded.

import { GRID } from "../explore/drawing.js";
import { bytesOfText, textOfBytes } from "./base64url.js";

/** More points than anybody draws: what has more is not a drawing. */
const MOST_POINTS = 100_000;
const FARTHEST = 64 * GRID; // from the pad's corner: a pen can leave the pad, but not by so much

/** The strokes [{points, erase}]. */
export function strokesToText(strokes) {
  const bytes = [];
  let last = [0, 0];
  writeNumber(bytes, strokes.length);
  for (const { points, erase } of strokes) {
    writeNumber(bytes, 2 * points.length + Number(erase));
    for (const { x, y } of points) {
      const at = [x, y].map((value) => Math.round(value * GRID));
      for (const k of [0, 1]) writeNumber(bytes, zigzag(at[k] - last[k]));
      last = at;
    }
  }
  return textOfBytes(Uint8Array.from(bytes));
}

/** The strokes of a text; null where it is not one that `strokesToText` writes. */
export function textToStrokes(text) {
  const bytes = bytesOfText(text);
  if (!bytes) return null;
  const reader = new Reader(bytes);
  const last = [0, 0];
  const point = () => {
    for (const k of [0, 1]) last[k] += unzigzag(reader.number());
    return { x: last[0] / GRID, y: last[1] / GRID };
  };
  let left = MOST_POINTS;
  const stroke = () => {
    const head = reader.number();
    const count = Math.floor(head / 2);
    left -= count;
    if (count === 0 || left < 0) reader.fail();
    const points = [];
    while (points.length < count && reader.isRight) points.push(point());
    return { points, erase: head % 2 === 1 };
  };
  const strokes = [];
  for (let count = reader.number(); count > 0 && reader.isRight; count--) strokes.push(stroke());
  return reader.isRight && reader.isAtEnd && strokes.every(isNear) ? strokes : null;
}

function isNear({ points }) {
  return points.every(({ x, y }) => Math.max(Math.abs(x), Math.abs(y)) * GRID <= FARTHEST);
}

function writeNumber(bytes, number) {
  let rest = number;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push(128 + (rest % 128));
  bytes.push(rest);
}

class Reader {
  isRight = true;
  #bytes;
  #at = 0;

  constructor(bytes) {
    this.#bytes = bytes;
  }

  get isAtEnd() {
    return this.#at === this.#bytes.length;
  }

  fail() {
    this.isRight = false;
  }

  number() {
    let number = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined || scale > 2 ** 28) {
        this.fail();
        return 0;
      }
      number += (byte % 128) * scale;
      if (byte < 128) return number;
    }
  }
}

function zigzag(number) {
  return number >= 0 ? 2 * number : -2 * number - 1;
}

function unzigzag(number) {
  return number % 2 === 0 ? number / 2 : -(number + 1) / 2;
}
