// Pen strokes as geometry: points in the unit square become smooth curves on the pad. The model's input is the same curves,
// rasterised in src/data/drawing.

/**
 * Draws the part of a stroke, `width` in units of the pad, from point `from` on, so that a growing stroke is drawn piece by piece.
 * Between the midpoints of neighbouring points runs a quadratic curve, with the point itself as its control point.
 */
export function drawStroke(context, { points, erase }, width, size, from = 0) {
  context.globalCompositeOperation = erase ? "destination-out" : "source-over";
  context.lineCap = "round";
  context.lineJoin = "round";
  context.lineWidth = width * size;
  context.strokeStyle = "#000";
  context.fillStyle = "#000";
  context.beginPath();
  const at = (point) => [point.x * size, point.y * size];
  // A path without length leaves no ink on a canvas, whatever its ends.
  if (points.every(({ x, y }) => x === points[0].x && y === points[0].y)) {
    context.arc(...at(points[0]), (width * size) / 2, 0, 2 * Math.PI);
    context.fill();
    return;
  }
  for (let i = Math.max(1, from); i < points.length; i++) {
    const begin = i === 1 ? points[0] : middle(points[i - 2], points[i - 1]);
    context.moveTo(...at(begin));
    context.quadraticCurveTo(...at(points[i - 1]), ...at(middle(points[i - 1], points[i])));
    if (i === points.length - 1) context.lineTo(...at(points[i]));
  }
  context.stroke();
}

function middle(a, b) {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
