// Marks of classes as pixels, set point by point into one image: ten thousand words or a hundred thousand dots take a few milliseconds, and as long on
// every device.

const OPAQUE = 24; // bits below the alpha of a pixel
const FAINT = 0.14; // opacity of other classes beside one that is brought out

export class ClassMarks {
  #canvas = document.createElement("canvas");
  #image = null;
  #pixels = null; // the image as one number a pixel
  #marks = []; // by label
  #dot = null; // the side of those that are dots
  #look = ""; // of the marks
  #painted = null; // {square, places, labels, only} on the canvas

  /** `side` of the plane in device pixels; `font`, and by label the words `marks` and their `colours`; `dot`: the side of squares that stand for them, or null. */
  fit({ side, font, marks, colours, dot }) {
    if (this.#canvas.width !== side) {
      Object.assign(this.#canvas, { width: side, height: side });
      this.#image = new ImageData(side, side);
      this.#pixels = new Uint32Array(this.#image.data.buffer);
    }
    const look = `${side} ${font} ${marks} ${colours} ${dot}`;
    if (look === this.#look) return;
    this.#look = look;
    this.#dot = dot;
    this.#painted = null;
    this.#marks = marks.map((words, label) => {
      const options = { font, colour: colours[label], stride: side };
      return dot ? dotOf(dot, options) : markOf(words, options);
    });
  }

  /**
   * The canvas with a mark at each of `places` [n * 2] that `frame` shows, in device pixels; the same arrays are painted once. `labels` [n], or null
   * where all have the first mark; `only`: the class that is brought out, or null.
   */
  paint(frame, places, labels, only) {
    const { square } = frame;
    const now = { square, places, labels, only };
    if (this.#painted && Object.keys(now).every((part) => this.#painted[part] === now[part]))
      return this.#canvas;
    this.#painted = now;
    this.#pixels.fill(0);
    if (this.#dot && only === null) this.#setDots(frame, now);
    else this.#set(frame, now);
    this.#canvas.getContext("2d").putImageData(this.#image, 0, 0);
    return this.#canvas;
  }

  /** The pixels of the marks. */
  #set({ side, scale, centre, reach }, { places, labels, only }) {
    const pixels = this.#pixels;
    const left = reach - centre[0];
    const top = centre[1] + reach;
    for (let k = 0; k < places.length / 2; k++) {
      const label = labels ? labels[k] : 0;
      const mark = this.#marks[label];
      if (!mark) continue; // of a data set that was chosen before
      const x = (places[2 * k] + left) * scale + 0.5 - mark.width / 2;
      const y = (top - places[2 * k + 1]) * scale + 0.5 - mark.height / 2;
      if (!(x >= 0 && y >= 0 && x < side + 1 - mark.width && y < side + 1 - mark.height)) continue;
      const at = (y | 0) * side + (x | 0); // Math.round takes half as long again as all the rest
      const { offsets } = mark;
      const colours = only === null || only === label ? mark.colours : mark.faint;
      for (let i = 0; i < offsets.length; i++) {
        const to = at + offsets[i];
        // The more opaque of two edges stays: without this, the soft edge of one mark would cut into its neighbour.
        if (colours[i] >>> OPAQUE >= pixels[to] >>> OPAQUE) pixels[to] = colours[i];
      }
    }
  }

  /** The same of dots, of which none has a soft edge: a third less time, while many of them move. */
  #setDots({ side, scale, centre, reach }, { places, labels }) {
    const pixels = this.#pixels;
    const dot = this.#dot;
    const colours = Uint32Array.from(this.#marks, (mark) => mark.colours[0]);
    const left = reach - centre[0];
    const top = centre[1] + reach;
    const [middle, end] = [0.5 - dot / 2, side + 1 - dot];
    for (let k = 0; k < places.length / 2; k++) {
      const x = (places[2 * k] + left) * scale + middle;
      const y = (top - places[2 * k + 1]) * scale + middle;
      const label = labels ? labels[k] : 0;
      if (!(x >= 0 && y >= 0 && x < end && y < end && label < colours.length)) continue;
      const first = (y | 0) * side + (x | 0);
      for (let row = first; row < first + dot * side; row += side)
        for (let to = row; to < row + dot; to++) pixels[to] = colours[label];
    }
  }
}

function markOf(words, { font, colour, stride }) {
  const size = Math.ceil(3 * Number.parseFloat(font.match(/([\d.]+)px/)[1])); // room for two wide letters
  return coveredPixels(size, stride, (context) => {
    Object.assign(context, { font, fillStyle: colour, textAlign: "center", textBaseline: "middle" });
    context.fillText(words, size / 2, size / 2);
  });
}

function dotOf(side, { colour, stride }) {
  return coveredPixels(side, stride, (context) => {
    context.fillStyle = colour;
    context.fillRect(0, 0, side, side);
  });
}

/** What `draw` covers of a square of `size` pixels: where they are in an image of `stride` pixels a row, and their colours. */
function coveredPixels(size, stride, draw) {
  const probe = Object.assign(document.createElement("canvas"), { width: size, height: size });
  const context = probe.getContext("2d", { willReadFrequently: true });
  draw(context);
  const { data } = context.getImageData(0, 0, size, size);
  const pixels = new Uint32Array(data.buffer);
  const covered = [...pixels.keys()].filter((k) => pixels[k] >>> OPAQUE > 0);
  const columns = covered.map((k) => k % size);
  const rows = covered.map((k) => Math.floor(k / size));
  const [first, top] = [Math.min(...columns), Math.min(...rows)];
  const colours = Uint32Array.from(covered, (k) => pixels[k]);
  return {
    width: Math.max(...columns) - first + 1,
    height: Math.max(...rows) - top + 1,
    offsets: Int32Array.from(covered, (_, k) => (rows[k] - top) * stride + columns[k] - first),
    colours,
    faint: colours.map(faint),
  };
}

function faint(pixel) {
  const alpha = Math.round(FAINT * (pixel >>> OPAQUE));
  return ((pixel & 0xffffff) | (alpha << OPAQUE)) >>> 0;
}
