// The words of an address as values: undefined, or NaN for a number, where they are none.

export function among(value, known) {
  return known.includes(value) ? value : undefined;
}

export function within(value, least, most) {
  return value >= least && value <= most ? value : undefined;
}

/** A whole number as it is written in decimals, or NaN. */
export function whole(words) {
  return /^\d{1,10}$/.test(words) ? Number(words) : Number.NaN;
}

export function decimal(words) {
  return /^-?\d{1,9}(\.\d{1,20})?(e-?\d{1,2})?$/.test(words) ? Number(words) : Number.NaN;
}

/** The words of a value, or null where it is the usual one. */
export function unless(value, usual) {
  return value === usual ? null : String(value);
}
