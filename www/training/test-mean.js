// The mean over a test that is done in pieces, each weighted by its number of images.

const TERMS = ["reconstruction", "kl", "total"];
const EXTRAS = ["perplexity", "bottom_perplexity", "accuracy", "pixel_sigma"]; // only some models have them

export class TestMean {
  images = 0;
  #sums = {
    reconstruction: 0,
    kl: 0,
    total: 0,
    perplexity: 0,
    bottom_perplexity: 0,
    accuracy: 0,
    pixel_sigma: 0,
  };
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

  /**
   * The losses in nats per image and `usage`, the KL of each component, [Z]; perplexity (a mean over the pieces; of two codebooks that of the top one, and
   * `bottom_perplexity`), accuracy (0..=1)
   * and the pixels' σ, each null for a model that has none.
   */
  mean() {
    const mean = (term) => this.#sums[term] / this.images;
    const [reconstruction, kl, total] = TERMS.map(mean);
    const [perplexity, bottom_perplexity, accuracy, pixel_sigma] = EXTRAS.map(mean).map((value) =>
      Number.isNaN(value) ? null : value,
    );
    return {
      images: this.images,
      reconstruction,
      kl,
      total,
      perplexity,
      bottom_perplexity,
      accuracy,
      pixel_sigma,
      usage: Float32Array.from(this.#usage, (sum) => sum / this.images),
    };
  }
}
