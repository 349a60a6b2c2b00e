// What is drawn over the curves of the loss chart: losses that have a meaning, the snapshot that is shown, and the letters of other runs.

import { nats } from "../messages/format.js";
import { text } from "../messages/text.js";
import { overlayTerms } from "../training/curve-overlay.js";
import { colourOf, letterOf } from "./curve-mark.js";

/** Of the text in the chart, CSS pixels. */
export const LETTER = 11;
/** Columns of the present run, before those of the overlay. */
export const PRESENT = 6;

/** The losses that have a meaning: those of the likelihood `{marks, offset}`. */
export function drawReferences({ ctx, bbox, valToPos }, { marks, offset }, colour, font) {
  ctx.save();
  ctx.strokeStyle = colour("--muted");
  ctx.textBaseline = "bottom";
  ctx.font = scaled(font);
  ctx.textAlign = "right";
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([devicePixelRatio, 3 * devicePixelRatio]);
  for (const { at, name } of marks) {
    const y = Math.round(valToPos(at - offset, "y", true));
    if (y < bbox.top) continue;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    const words = text(`training.chart.mark.${name}`);
    const label = offset ? words : text("training.chart.mark_with_value", { value: nats(at), mark: words }); // with an offset, the axis does not show the value
    const place = [bbox.left + bbox.width - 4, y - 2 * devicePixelRatio];
    writeOver(ctx, label, place, { ink: colour("--muted"), card: colour("--card") });
  }
  ctx.restore();
}

/** A line through the step whose weights are shown, where these are not the present ones. */
export function drawSnapshot({ ctx, bbox, valToPos }, step, colour) {
  if (step === null) return;
  const x = Math.round(valToPos(step, "x", true));
  ctx.save();
  ctx.strokeStyle = colour("--accent");
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}

/** The letter of each curve of the overlay at its ends; where two would lie over each other, one is moved down. */
export function drawLetters(plot, curves, colour, font) {
  const { ctx } = plot;
  const [near, height] = [1.2 * LETTER * devicePixelRatio, LETTER * devicePixelRatio];
  const placed = [];
  ctx.save();
  ctx.font = scaled(`bold ${font}`);
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  for (const { letter, ink, x, y } of ends(plot, curves, colour).sort((a, b) => a.y - b.y)) {
    const above = placed.filter((other) => Math.abs(other.x - x) < near).map((other) => other.y + height);
    const at = { x: x + 3 * devicePixelRatio, y: Math.max(y, ...above) };
    placed.push({ x, y: at.y });
    writeOver(ctx, letter, [at.x, at.y], { ink, card: colour("--card") });
  }
  ctx.restore();
}

/** Where the curves of the overlay end, those that are in the range of the chart. */
function ends({ data, bbox, valToPos }, curves, colour) {
  let next = 1 + PRESENT;
  return curves.flatMap((curve) => {
    const first = next;
    const terms = overlayTerms(curve);
    next += terms.length;
    const means = terms.flatMap(({ measure }, k) => (measure === "mean" ? [first + k] : []));
    return means.flatMap((column) => {
      const last = data[column].findLastIndex((value) => value != null);
      if (last < 0) return [];
      const [x, y] = [valToPos(data[0][last], "x", true), valToPos(data[column][last], "y", true)];
      const ink = colour(colourOf(curve.slot));
      return y < bbox.top || y > bbox.top + bbox.height ? [] : [{ letter: letterOf(curve.slot), ink, x, y }];
    });
  });
}

function scaled(font) {
  return font.replace(`${LETTER}px`, `${LETTER * devicePixelRatio}px`);
}

/** Text that curves do not run through: the card's colour is around it. */
function writeOver(ctx, label, [x, y], { ink, card }) {
  ctx.save();
  ctx.setLineDash([]);
  ctx.lineWidth = 4 * devicePixelRatio;
  ctx.lineJoin = "round";
  ctx.strokeStyle = card;
  ctx.strokeText(label, x, y);
  ctx.fillStyle = ink;
  ctx.fillText(label, x, y);
  ctx.restore();
}
