// Ten numerals as pixels, set point by point into one image: ten thousand of them take a few milliseconds, and as long on every device.

const OPAQUE = 24; // bits below the alpha of a pixel

export class DigitMarks {
  #canvas = document.createElement("canvas");
  #image = null;
  #pixels = null; // the image as one number a pixel
  #marks = []; // by digit
  #look = ""; // of the marks
  #painted = null; // {square, places, digits} on the canvas

  /** `side` of the plane in device pixels; `font` and `colours` [10] of the numerals. */
  fit({ side, font, colours }) {
    if (this.#canvas.width !== side) {
      Object.assign(this.#canvas, { width: side, height: side });
      this.#image = new ImageData(side, side);
      this.#pixels = new Uint32Array(this.#image.data.buffer);
    }
    const look = `${side} ${font} ${colours}`;
    if (look === this.#look) return;
    this.#look = look;
    this.#painted = null;
    this.#marks = colours.map((colour, digit) => markOf(String(digit), { font, colour, stride: side }));
  }

  /** The canvas with a numeral at each of `places` [n * 2] that `frame` shows, in device pixels; the same arrays are painted once. */
  paint(frame, places, digits) {
    const { square } = frame;
    const before = this.#painted;
    if (before?.square === square && before.places === places && before.digits === digits)
      return this.#canvas;
    this.#painted = { square, places, digits };
    this.#set(frame, places, digits);
    this.#canvas.getContext("2d").putImageData(this.#image, 0, 0);
    return this.#canvas;
  }

  /** The pixels of the numerals. */
  #set({ side, scale, centre, reach }, places, digits) {
    const pixels = this.#pixels;
    pixels.fill(0);
    const left = reach - centre[0];
    const top = centre[1] + reach;
    for (let k = 0; k < digits.length; k++) {
      const mark = this.#marks[digits[k]];
      const x = Math.round((places[2 * k] + left) * scale - mark.width / 2);
      const y = Math.round((top - places[2 * k + 1]) * scale - mark.height / 2);
      if (!(x >= 0 && y >= 0 && x + mark.width <= side && y + mark.height <= side)) continue;
      const at = y * side + x;
      const { offsets, colours } = mark;
      for (let i = 0; i < offsets.length; i++) {
        const to = at + offsets[i];
        // The more opaque of two edges stays: without this, the soft edge of one numeral would cut into its neighbour.
        if (colours[i] >>> OPAQUE >= pixels[to] >>> OPAQUE) pixels[to] = colours[i];
      }
    }
  }
}

/** The covered pixels of a numeral: where they are in an image of `stride` pixels a row, and their colours. */
function markOf(numeral, { font, colour, stride }) {
  const size = Math.ceil(2 * Number.parseFloat(font.match(/([\d.]+)px/)[1]));
  const probe = Object.assign(document.createElement("canvas"), { width: size, height: size });
  const context = probe.getContext("2d", { willReadFrequently: true });
  Object.assign(context, { font, fillStyle: colour, textAlign: "center", textBaseline: "middle" });
  context.fillText(numeral, size / 2, size / 2);
  const { data } = context.getImageData(0, 0, size, size);
  const pixels = new Uint32Array(data.buffer);
  const covered = [...pixels.keys()].filter((k) => pixels[k] >>> OPAQUE > 0);
  const columns = covered.map((k) => k % size);
  const rows = covered.map((k) => Math.floor(k / size));
  const [first, top] = [Math.min(...columns), Math.min(...rows)];
  return {
    width: Math.max(...columns) - first + 1,
    height: Math.max(...rows) - top + 1,
    offsets: Int32Array.from(covered, (_, k) => (rows[k] - top) * stride + columns[k] - first),
    colours: Uint32Array.from(covered, (k) => pixels[k]),
  };
}
