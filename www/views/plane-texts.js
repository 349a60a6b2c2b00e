// The texts of the map.

import { latent, percent } from "../messages/format.js";
import { text } from "../messages/text.js";

/** Why a codebook has no map. */
export function noPlaneText() {
  return text("evaluation.plane.no_codebook");
}

/** What the map waits for, or which test images it shows, of how many; "" before the first. */
export function planeStateText({ view, progress, loading }) {
  if (loading) return text("evaluation.plane.loading");
  if (progress && progress.done < progress.of) return text("evaluation.encoding", progress);
  if (!view) return "";
  const [count, all] = [view.places.length / 2, view.of];
  return count < all
    ? text("evaluation.plane.encoded", { count, all })
    : text("evaluation.plane.encoded_all", { count });
}

/** How much of the codes' variance the map shows; nothing to say of a single component. */
export function shareText({ share, components }) {
  if (components.length === 1) return "";
  return text("evaluation.plane.share", { share: percent(share) });
}

/** A `place` [x, y] of the map; `components`: the two shown, the only one, or [] for the principal ones. */
export function placeText(components, [x, y]) {
  if (components.length === 1)
    return text("evaluation.plane.place_single", { across: axisText(components, 0), x: latent(x) });
  const [across, upwards] = [0, 1].map((k) => axisText(components, k));
  return text("evaluation.plane.place", { across, upwards, x: latent(x), y: latent(y) });
}

/** The name of the menu in which the axes are chosen. */
export function axesText({ components }) {
  const [across, upwards] = [0, 1].map((k) => axisText(components, k));
  return text("evaluation.plane.axes", { across, upwards });
}

/** The text alternative of the map; `place`: of the cross, in words. */
export function planeText(components, count, place) {
  const [across, upwards] = [0, 1].map((k) => axisText(components, k));
  return text("evaluation.plane.label", { across, upwards, count, place });
}

/** What stands beside the place in its caption: the cross, or the pointer. */
export function decodedAtText(hovers) {
  return text(hovers ? "evaluation.plane.at_pointer" : "evaluation.plane.at_cross");
}

/** What an axis of the map is called. */
export function axisText(components, k) {
  if (components.length === 1 && k === 1) return text("evaluation.plane.class_axis");
  return components.length === 0
    ? text("evaluation.plane.principal_axis", { number: k + 1 })
    : text("evaluation.plane.component", { number: components[k] + 1 });
}
