// What is on the pad, as a value that is never changed in place: `{items, cleared, time}`.
//
// `items`, bottom first: strokes {points, erase} and at most one test image {image, label}; a stroke under the pen has
// `growing: true`. `cleared`: the items of each drawing that was cleared, the last one last. `time`: the time stamp of the
// pointer event that made the last change, in ms, or null.

/** Points lie on a grid with this many cells along a side of the pad, finer than can be seen, so that an address holds them exactly. */
export const GRID = 2048;

/** A new stroke at a point of the unit square. */
export function beginStroke(drawing, { point, erase }, time) {
  const stroke = { points: [onGrid(point)], erase, growing: true };
  return { ...drawing, items: [...drawing.items, stroke], time };
}

/** More points for the growing stroke; without one (an undo may have removed it) the drawing stays as it is. */
export function extendStroke(drawing, points, time) {
  const stroke = drawing.items.at(-1);
  if (!stroke?.growing) return drawing;
  const longer = { ...stroke, points: [...stroke.points, ...points.map(onGrid)] };
  return { ...drawing, items: [...drawing.items.slice(0, -1), longer], time };
}

export function endStroke(drawing, time) {
  const stroke = drawing.items.at(-1);
  if (!stroke?.growing) return drawing;
  const { points, erase } = stroke;
  return { ...drawing, items: [...drawing.items.slice(0, -1), { points, erase }], time };
}

/** Without the growing stroke, as if it had never begun. */
export function cancelStroke(drawing, time) {
  if (!drawing.items.at(-1)?.growing) return drawing;
  return { ...drawing, items: drawing.items.slice(0, -1), time };
}

/** A test image in the place of everything else. */
export function placeTestImage(drawing, { image, label }, time) {
  return { ...drawing, items: [{ image, label }], time };
}

/** Without the last item; on an empty pad, the drawing that was cleared last. */
export function undo({ items, cleared, ...rest }, time) {
  return items.length > 0
    ? { ...rest, items: items.slice(0, -1), cleared, time }
    : { ...rest, items: cleared.at(-1) ?? [], cleared: cleared.slice(0, -1), time };
}

/** `demonstrated`: the items are a recorded drawing, which nobody has made here. */
export function canUndo({ items, cleared, demonstrated = false }) {
  return !demonstrated && (items.length > 0 || cleared.length > 0);
}

/** An empty pad; an undo brings the drawing back. */
export function clear({ items, cleared }, time) {
  return { items: [], cleared: items.length > 0 ? [...cleared, items] : cleared, time };
}

function onGrid({ x, y }) {
  const near = (value) => (Math.round(value * GRID) + 0) / GRID; // not -0, which no text would bring back
  return { x: near(x), y: near(y) };
}
