// In the place of d3-transition and d3-interpolate in the bundle: d3-zoom needs them for animated zooms, of which the page has none. Their
// easing, timers and colours would be 9 kB of its script (brotli).

export function interrupt() {}

export function interpolateZoom() {
  throw new Error("no zoom is animated");
}
