// Which losses are trained beside the bound, decided by the settings.

const LOSSES = {
  codebook: ({ posterior }) => posterior === "codebook",
  classifier: ({ classifier }) => classifier,
  critic: ({ critic }) => critic,
};

/** Their names: "codebook" (pulls codes and encoder together), "classifier" (of labelled images) and "critic" (the generator loss). */
export function auxiliaryLosses(values) {
  return Object.keys(LOSSES).filter((name) => LOSSES[name](values));
}
