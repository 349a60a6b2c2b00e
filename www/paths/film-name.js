// What a file with pictures of a path is called, so that its name says what is in it.

/**
 * `source` of the model; `ends`: {a, b} as in path-end.js; `path`: "straight", "spherical" or "pixels"; `count` of pictures; `suffix`: "gif",
 * "webm" or "png".
 */
export function filmName({ source, ends, path, count, suffix }) {
  const words = ["latent-lab", source, endWord(ends.a), "to", endWord(ends.b), path, count];
  return `${words.join("-")}.${suffix}`;
}

/** A test image is called by its label, or without one by its number. */
function endWord({ kind, label, index }) {
  return kind === "test" ? String(label ?? `test-${index + 1}`) : kind;
}

/** The most pictures in a file: more would take a phone's memory, and nobody looks at them for that long. */
export const MOST_PICTURES = 1000;
export const FEWEST_PICTURES = 2;

/** The order in which `count` pictures are shown: there, or there and `back` without showing an end twice. */
export function filmOrder(count, back) {
  const there = Array.from({ length: count }, (_, k) => k);
  return back ? [...there, ...there.slice(1, -1).reverse()] : there;
}

/** How many pictures along the path are allowed for what a person typed: {count, corrected}. */
export function picturesAllowed(typed, back) {
  const most = back ? MOST_PICTURES / 2 + 1 : MOST_PICTURES;
  const wanted = Number.isFinite(typed) ? Math.round(typed) : FEWEST_PICTURES;
  const count = Math.min(most, Math.max(FEWEST_PICTURES, wanted));
  return { count, most, corrected: count !== typed };
}
