// Adds up a test that is done in pieces: means over all images, weighted by the images of each piece.

const TERMS = ["reconstruction", "kl", "total"];

export class Tally {
  images = 0;
  #sums = { reconstruction: 0, kl: 0, total: 0 };
  #usage = null;

  add({ images, usage, ...terms }) {
    this.images += images;
    for (const term of TERMS) this.#sums[term] += terms[term] * images;
    this.#usage ??= new Float64Array(usage.length);
    usage.forEach((nats, component) => {
      this.#usage[component] += nats * images;
    });
  }

  /** Nats per image, and per component. */
  mean() {
    const [reconstruction, kl, total] = TERMS.map((term) => this.#sums[term] / this.images);
    return {
      images: this.images,
      reconstruction,
      kl,
      total,
      usage: Float32Array.from(this.#usage, (sum) => sum / this.images),
    };
  }
}
