// Pen strokes as geometry: points in the unit square become smooth curves on any canvas.

/** Width of the pen in units of the pad: after MNIST's framing a digit of usual size gets strokes of 2 to 3 pixels. */
export const PEN = 0.075;
export const ERASER = 0.13;

/**
 * Draws the part of a stroke from point `from` on, so that a growing stroke is drawn piece by piece.
 * Between the midpoints of neighbouring points runs a quadratic curve, with the point itself as its control point.
 */
export function drawStroke(context, { points, erase }, size, from = 0) {
  context.globalCompositeOperation = erase ? "destination-out" : "source-over";
  context.lineCap = "round";
  context.lineJoin = "round";
  context.lineWidth = (erase ? ERASER : PEN) * size;
  context.strokeStyle = "#000";
  context.beginPath();
  const at = (point) => [point.x * size, point.y * size];
  if (points.length === 1) {
    context.moveTo(...at(points[0]));
    context.lineTo(...at(points[0]));
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

/** The ink in each pixel of RGBA bytes: its alpha, 0..=1. */
export function inkOf(rgba) {
  const ink = new Float32Array(rgba.length / 4);
  for (let i = 0; i < ink.length; i++) ink[i] = rgba[i * 4 + 3] / 255;
  return ink;
}
