// Adds up a test that is done in pieces: means over all images, weighted by the images of each piece.

const TERMS = ["reconstruction", "kl", "total"];
const EXTRAS = ["perplexity", "accuracy", "pixel_sigma"]; // of some models only

export class Tally {
  images = 0;
  #sums = { reconstruction: 0, kl: 0, total: 0, perplexity: 0, accuracy: 0, pixel_sigma: 0 };
  #usage = null;

  add({ images, usage, ...terms }) {
    this.images += images;
    for (const term of TERMS) this.#sums[term] += terms[term] * images;
    for (const extra of EXTRAS) this.#sums[extra] += (terms[extra] ?? Number.NaN) * images;
    this.#usage ??= new Float64Array(usage.length);
    usage.forEach((nats, component) => {
      this.#usage[component] += nats * images;
    });
  }

  /** Nats per image, and per component; perplexity (a mean over the pieces), accuracy and pixels' σ where a model has them, else null. */
  mean() {
    const mean = (term) => this.#sums[term] / this.images;
    const [reconstruction, kl, total] = TERMS.map(mean);
    const [perplexity, accuracy, pixel_sigma] = EXTRAS.map(mean).map((value) =>
      Number.isNaN(value) ? null : value,
    );
    return {
      images: this.images,
      reconstruction,
      kl,
      total,
      perplexity,
      accuracy,
      pixel_sigma,
      usage: Float32Array.from(this.#usage, (sum) => sum / this.images),
    };
  }
}
