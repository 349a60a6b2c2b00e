// The ends of the paths as they are kept (keep/kept-values.js), shown again and put into a saved lab.

/** The ends of the paths, as keep/kept-values.js has them, once a file that one may be of is there. */
export function restoreEnds(state, { a, b }) {
  const modelOf = ({ source, run, length, codes }) => {
    const of = source === "file" ? state.file.peek() : run;
    return source === "file" && !of ? null : { source, of, length, codes };
  };
  state.ends.value = { a: withModel(a, modelOf), b: withModel(b, modelOf) };
}

/**
 * `ends` for a lab that has the weights of `source`, those of the run `id` as a file; a code of another file, which the lab does not have, is
 * left as its picture.
 */
export function endsOfLab({ a, b }, { source, id }) {
  const isOfLab = (model) => model.source === source && (source === "file" || model.run === id);
  const modelOf = (model) => {
    if (["training", "file"].includes(source) && isOfLab(model))
      return { ...model, source: "file", run: null };
    return model.source === "file" ? null : model;
  };
  return { a: withModel(a, modelOf), b: withModel(b, modelOf) };
}

/** An end with what `modelOf` makes of the model that its code belongs to. */
function withModel(end, modelOf) {
  return end.kind === "code" ? { ...end, model: end.model && modelOf(end.model) } : end;
}
