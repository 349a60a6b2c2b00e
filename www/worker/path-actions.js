// The actions for paths between codes, in the viewer's worker, and for the smallest change of a code, in the evaluator's.

/** `wasm`: a promise of the module; `viewer()`: the model shown. */
export function pathActions(wasm, viewer) {
  let search = null;
  let reported = ""; // the stage of the search whose changes were handed over last

  return {
    path: async ({ from, to, count, spherical }) => viewer().path(from, to, count, spherical),
    decode_points: async ({ points, label }) => viewer().decode_points(points, label),
    blend: async ({ from, to, count }) => (await wasm).blend(from, to, count),

    async begin_change({ weights, judge, z, label, components, target }) {
      const { SmallestChange } = await wasm;
      const begun = SmallestChange.begin(weights, judge, z, label, components, target ?? undefined);
      search?.free();
      search = begun;
      reported = "";
    },
    /** The next piece: {stage, done, of, found}; `found` is null where nothing new can be in it. */
    async advance_change() {
      const progress = search.advance();
      const stage = `${progress.stage} ${progress.done}`;
      const found = stage === reported ? null : search.found();
      reported = stage;
      return { ...progress, found };
    },
    async end_change() {
      search?.free();
      search = null;
    },
  };
}
