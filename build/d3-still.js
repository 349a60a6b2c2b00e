// In the place of d3-transition and d3-interpolate in the bundle: d3-zoom needs them for animated zooms, of which the page has none. Their
// easing, timers and colours would be 9 kB of its script (brotli).

import { selection } from "d3-selection";

selection.prototype.interrupt = function () {
  return this;
};

export function interrupt() {}

export function interpolateZoom() {
  throw new Error("no zoom is animated");
}
