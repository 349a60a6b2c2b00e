// The actions of the worker that compares models: each has a column, with a map and losses over the same test images.

/** `wasm`: a promise of the module. */
export function comparisonActions(wasm) {
  let testImages = null;
  const columns = new Map(); // {viewer, map, losses} by column

  const close = (column) => {
    const parts = columns.get(column) ?? {};
    for (const part of Object.values(parts)) part.free();
    columns.delete(column);
  };

  return {
    /** Resolves to the losses that every model is compared with. */
    async open_comparison({ test }) {
      const { LossComparison, TestImages } = await wasm;
      testImages = TestImages.parse(test);
      return LossComparison.references();
    },
    /** The model of a column, in the place of the one before; on an error that stays. */
    async open_column({ column, weights }) {
      const { LatentMap, LossComparison, Viewer } = await wasm;
      const viewer = Viewer.load(weights);
      close(column);
      const [map, losses] = [LatentMap, LossComparison].map((kind) => kind.of(testImages, viewer));
      columns.set(column, { viewer, map, losses });
      return viewer.describe();
    },
    close_column: async ({ column }) => close(column),
    infer_column: async ({ column, image, noise, label }) =>
      columns.get(column).viewer.infer(image, noise, label ?? undefined),
    reconstruct_column: async ({ column, images, labels }) =>
      columns.get(column).viewer.reconstruct(images, labels),
    prior_of_column: async ({ column, seed, count }) => columns.get(column).viewer.prior(seed, count),
    box_of_column: async ({ column, seed, count, reach }) =>
      columns.get(column).viewer.sample_box(seed, count, reach) ?? null,
    decode_column: async ({ column, z, label }) => columns.get(column).viewer.decode(z, label),
    /** `count` pictures of the straight path between the codes of two images, with their `labels`; `label` is the label of the pictures. */
    async path_of_column({ column, images, labels, count, noise, label }) {
      const { viewer } = columns.get(column);
      const [from, to] = images.map((image, k) => viewer.infer(image, noise, labels[k] ?? undefined).mean);
      return viewer.decode_points(viewer.path(from, to, count, false).points, label);
    },
    encode_column: async ({ column, count }) => columns.get(column).map.encode(count),
    map_of_column: async ({ column, components }) =>
      columns.get(column).map.view(Uint32Array.from(components), new Float32Array(0)),
    /** Scores a few more test images: {done, of, losses}. */
    async score_column({ column, count }) {
      const { losses } = columns.get(column);
      const progress = losses.score(count);
      return { ...progress, losses: losses.losses() };
    },
  };
}
