// The actions of the worker that scores a model before and after it is taught: over images that it was not trained on.

/** `wasm`: a promise of the module. */
export function teachingActions(wasm) {
  let testImages = null;

  return {
    /** `set`: the test images {name, classes, images, labels} as raw IDX files, labels null where there are none. */
    async open_teaching({ set }) {
      const { TestImages } = await wasm;
      testImages?.free();
      testImages = TestImages.parse(set);
    },
    /**
     * {model, pictures: [{picture, squared_error, nll}], losses}: reconstructions of `images`, 784 pixels each, at the posterior mean, -log p(x) with so many
     * importance `samples`, and the mean losses over the first `count` test images.
     */
    async score_taught({ weights, images, labels, samples, count }) {
      const { LossComparison, Viewer } = await wasm;
      const viewer = Viewer.load(weights);
      const losses = LossComparison.of(testImages, viewer);
      try {
        const { model, code } = viewer.describe();
        const noise = new Float32Array(code.noise); // the sample is not used
        const pictures = images.map((image, k) => {
          const label = model.labelled ? (labels?.[k] ?? undefined) : undefined;
          const { picture, squared_error } = viewer.infer(image, noise, label).at_mean;
          return { picture, squared_error, nll: viewer.nll(image, label, samples, 0) };
        });
        for (let done = 0, of = 1; done < of; ) ({ done, of } = losses.score(count));
        return { model, pictures, losses: losses.losses() };
      } finally {
        losses.free();
        viewer.free();
      }
    },
  };
}
