// Scales of sliders: position 0..1 for a value, and back to two digits.

export const scales = {
  /** For a quantity that spans several decades. */
  logarithmic: {
    position: (value, { min, max }) => Math.log(value / min) / Math.log(max / min),
    value: (position, { min, max }) => Number((min * (max / min) ** position).toPrecision(2)),
  },
  /** For one that spans several decades and zero. */
  cubic: {
    position: (value, { min, max }) => Math.cbrt((value - min) / (max - min)),
    value: (position, { min, max }) => Number((min + (max - min) * position ** 3).toPrecision(2)),
  },
};
