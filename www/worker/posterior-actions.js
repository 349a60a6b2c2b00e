// The actions of the worker that integrates over codes: each column has a model, and p(z | x) of the drawing, a piece at a time.

/** `wasm`: a promise of the module. */
export function posteriorActions(wasm) {
  const columns = new Map(); // {viewer, posterior, sent} by column; `sent`: how fine the results are that the page has

  const drop = (column) => {
    const { viewer, posterior } = columns.get(column) ?? {};
    viewer?.free();
    posterior?.free();
    columns.delete(column);
  };

  return {
    /** The model of a column, in the place of the one before; on an error that stays. */
    async open_posterior({ column, weights }) {
      const { Viewer } = await wasm;
      const viewer = Viewer.load(weights);
      drop(column);
      columns.set(column, { viewer, posterior: null, sent: 0 });
      return viewer.describe();
    },
    /** Another image, or another label of a conditional model. */
    async begin_posterior({ column, image, label }) {
      const { ExactPosterior } = await wasm;
      const parts = columns.get(column);
      const begun = ExactPosterior.of(parts.viewer, image, label ?? undefined);
      parts.posterior?.free();
      Object.assign(parts, { posterior: begun, sent: 0 });
    },
    /** Computes a piece: {more, view}, the view being null unless it is better than the one before. */
    async advance_posterior({ column }) {
      const parts = columns.get(column);
      const more = parts.posterior.advance();
      const fineness = parts.posterior.fineness();
      const view = fineness > parts.sent ? parts.posterior.view() : null;
      parts.sent = fineness;
      return { more, view };
    },
    decode_posterior: async ({ column, z, label }) => columns.get(column).viewer.decode(z, label),
    close_posterior: async ({ column }) => drop(column),
  };
}
