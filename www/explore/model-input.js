// The drawing as the viewer's worker takes it: strokes as they are, for the module to rasterise, since some browsers add noise to
// what is read from a canvas.

/**
 * For the items of a drawing: `{image}` for a test image without strokes; `{points, lengths, erase, image}` for strokes end to end,
 * `image` null or below them; null for an empty pad.
 */
export function modelInput(items) {
  if (items.length === 0) return null;
  const image = items[0].image?.slice() ?? null;
  const strokes = image ? items.slice(1) : items;
  if (strokes.length === 0) return { image };
  return {
    points: Float32Array.from(strokes.flatMap(({ points }) => points.flatMap(({ x, y }) => [x, y]))),
    lengths: Uint32Array.from(strokes, ({ points }) => points.length),
    erase: Uint8Array.from(strokes, ({ erase }) => Number(erase)),
    image,
  };
}
