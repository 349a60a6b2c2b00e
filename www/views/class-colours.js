// Colours of classes: ten that a colour-blind person can tell apart, and again nearer to the colour of the ink for those beyond. The mark on it
// says which class it is.

const BASES = 10;
/** Shares of ink: contrast only grows with it. */
const ROUNDS = [0, 0.32, 0.6];

/** A colour for each of `count` classes. `colours`: "class-0" to "class-9" and "ink", each as #rrggbb. */
export function classColours(count, colours) {
  return Array.from({ length: count }, (_, label) => {
    const share = ROUNDS[Math.floor(label / BASES) % ROUNDS.length];
    const base = colours[`class-${label % BASES}`];
    return share === 0 ? base : mixed(base, colours.ink, share);
  });
}

/** `share` of the second colour in the first. */
function mixed(first, second, share) {
  const [a, b] = [first, second].map(channels);
  const mean = a.map((value, k) => Math.round(value + (b[k] - value) * share));
  return `#${mean.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

function channels(colour) {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
