// The texts of the latent plane.

import { latent } from "../messages/format.js";
import { text } from "../messages/text.js";
import { withStep } from "./encoding-progress.js";

/** Why a model has no plane. */
export function noPlaneText({ posterior }) {
  return text(posterior === "codebook" ? "evaluation.plane.no_codebook" : "evaluation.plane.no_single");
}

/** Which test images are shown, "" before the first; `progress` of their encoding, `stale` and `step` as in plane.js. */
export function encodedText({ progress, stale, step }) {
  return progress ? withStep(text("evaluation.plane.encoded", { count: progress.of }), { stale, step }) : "";
}

/** A `place` [x, y] of the plane of two components, `axes`. */
export function placeText([across, upwards], [x, y]) {
  const values = { across: across + 1, upwards: upwards + 1, x: latent(x), y: latent(y) };
  return text("evaluation.plane.place", values);
}

/** The text alternative of the plane of `axes` with `count` test images; `place`: of the cross, in words. */
export function planeText([across, upwards], count, place) {
  return text("evaluation.plane.label", { across: across + 1, upwards: upwards + 1, count, place });
}
