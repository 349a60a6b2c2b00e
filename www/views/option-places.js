// Which option lies beside another, where options stand in columns.

/** The nearest of the `options` in the next column to the right (`direction` 1) or left (−1) of `from`; null where there is none. */
export function beside(options, from, direction) {
  const own = from.getBoundingClientRect();
  const places = options.map((option) => ({ option, box: option.getBoundingClientRect() }));
  const onThatSide = ({ box }) => (direction > 0 ? box.left >= own.right : box.right <= own.left);
  const [nearest] = places
    .filter(onThatSide)
    .map(({ option, box }) => ({
      option,
      across: Math.abs(box.left - own.left),
      down: Math.abs(box.top - own.top),
    }))
    .sort((a, b) => a.across - b.across || a.down - b.down);
  return nearest?.option ?? null;
}
