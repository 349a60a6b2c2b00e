// The map as SVG: the whole of it, without the zoom of the page and without the decoded background.

import { covarianceIn, ellipse, Frame, placeOf, square } from "../evaluation/plane-geometry.js";
import { along, coordinate, svg, svgDocument, words } from "../export/svg.js";
import { text } from "../messages/text.js";
import { mapLegendSvg } from "./map-legend-svg.js";
import { areDots, MANY, mapMarks } from "./map-marks.js";
import { axisText, planeStateText, shareText } from "./plane-texts.js";
import { SIZE, tickText } from "./plot-svg.js";

const LEFT = 56;
const TOP = 12;
const FULL = 560; // pixels of a side
const BELOW = 58; // for the values and the name of the axis, and a line of words
const RIGHT = 12;
const DOT = 2; // pixels of a test image, where there are so many

/** The square that the picture shows. `posterior`: of the drawing, or null. */
export function squareShown(view, posterior) {
  return square(view.places, posterior ? [placeOf(view, posterior.mean)] : []);
}

/**
 * `view`: as in `state.map`; `dataset`: as in the state; `rings`: whether the prior is N(0, I); `posterior`: of the drawing {mean, covariance}, or null; `z`: the code
 * shown, at the cross; `trace`: means of the drawing before; `colours`: as in theme-colours.js; `description`: the map in words; `side` of the plane, where it is smaller without the line of words.
 */
export function planeSvg({ view, dataset, rings, posterior, z, trace, colours, description, side = FULL }) {
  const frame = new Frame(squareShown(view, posterior), side);
  const marks = [
    rings ? ringsOf(frame, colours) : "",
    (view.contours ?? []).map((segments) => contourOf(segments, frame, colours)),
    classMarksOf(view, dataset, frame, colours),
    traceOf(trace, view, frame, colours),
    posterior ? posteriorOf(posterior, view, frame, colours) : "",
    z ? crossAt(placeOf(view, z), frame, colours) : "",
  ];
  const legend = mapLegendSvg(dataset, view.places.length / 2, side, colours);
  return svgDocument(
    {
      width: LEFT + side + RIGHT + legend.width,
      height: TOP + side + BELOW,
      title: text("export.pictures.map"),
      description,
      background: colours.card,
    },
    svg("clipPath", { id: "map-clip" }, svg("rect", { width: side, height: side })),
    svg(
      "g",
      { transform: `translate(${LEFT} ${TOP})` },
      axes(frame, colours),
      svg("g", { "clip-path": "url(#map-clip)" }, marks.flat(2)),
      names(view, side, colours),
      svg("g", { transform: `translate(${side + RIGHT} 0)` }, legend.content),
    ),
  );
}

/** Lines at round values, with the values below and to the left. */
export function axes(frame, { line, muted }) {
  const { side } = frame;
  const label = (at, tick) => svg("text", { ...at, fill: muted, "font-size": SIZE }, words(tickText(tick)));
  const lines = [0, 1].flatMap((k) =>
    frame.ticks(k).flatMap((tick) => {
      const at = frame.at(k === 0 ? [tick, 0] : [0, tick])[k];
      const ends = k === 0 ? { x1: at, x2: at, y1: 0, y2: side } : { x1: 0, x2: side, y1: at, y2: at };
      const opacity = Math.abs(tick) < 1e-9 ? null : 0.6;
      const drawn = svg("line", { ...ends, stroke: line, "stroke-opacity": opacity });
      if (at <= 8 || at >= side - 8) return [drawn];
      const place =
        k === 0
          ? { x: at, y: side + 16, "text-anchor": "middle" }
          : { x: -6, y: at + 4, "text-anchor": "end" };
      return [drawn, label(place, tick)];
    }),
  );
  return [...lines, svg("rect", { width: side, height: side, fill: "none", stroke: line })];
}

function names(view, side, { ink, muted }) {
  const [across, upwards] = [0, 1].map((k) => axisText(view.components, k));
  const middle = side / 2;
  const side90 = { x: -40, y: middle, transform: `rotate(-90 -40 ${middle})` };
  const name = (at, content) =>
    svg("text", { ...at, fill: ink, "font-size": SIZE, "text-anchor": "middle" }, words(content));
  const about = `${planeStateText({ view })} ${shareText(view)}`;
  return [
    name({ x: middle, y: side + 34 }, across),
    name(side90, upwards),
    side < FULL ? "" : svg("text", { x: 0, y: side + 52, fill: muted, "font-size": SIZE - 2 }, words(about)),
  ];
}

/** One, two and three standard deviations of N(0, I). */
function ringsOf(frame, { muted }) {
  const [cx, cy] = frame.at([0, 0]);
  const ring = { cx, cy, fill: "none", stroke: muted, "stroke-dasharray": "2 4" };
  return svg(
    "g",
    { "data-part": "prior" },
    [1, 2, 3].map((sigmas) => svg("circle", { ...ring, r: sigmas * frame.scale })),
  );
}

function contourOf(segments, frame, { muted }) {
  const lines = [];
  for (let k = 0; k < segments.length; k += 4)
    lines.push(
      along([frame.at([segments[k], segments[k + 1]]), frame.at([segments[k + 2], segments[k + 3]])]),
    );
  return svg("path", { d: lines.join(""), fill: "none", stroke: muted, "stroke-opacity": 0.8 });
}

/** The test images as the marks of their classes, or as dots, a group for each class. */
function classMarksOf({ places, labels }, dataset, frame, colours) {
  const count = places.length / 2;
  const size = count > MANY ? 7 : 9;
  const { marks, colours: fills } = mapMarks(dataset, colours);
  const dots = areDots(count);
  const groups = marks.map(() => []);
  for (let n = 0; n < count; n++) {
    const label = dataset.labelled ? labels[n] : 0;
    const [x, y] = frame.at([places[2 * n], places[2 * n + 1]]);
    const isSeen = x >= 0 && y >= 0 && x <= frame.side && y <= frame.side;
    if (!isSeen) continue;
    const mark = dots
      ? `M${coordinate(x)} ${coordinate(y)}h0`
      : svg("text", { x, y: y + size * 0.36 }, words(marks[label]));
    groups[label]?.push(mark);
  }
  if (dots) {
    const line = { fill: "none", "stroke-width": DOT, "stroke-linecap": "round" };
    const path = (all, label) => svg("path", { d: all.join(""), stroke: fills[label], ...line });
    return groups.map((all, label) => svg("g", { "data-label": label }, path(all, label)));
  }
  const look = { "font-size": size, "font-weight": 600, "text-anchor": "middle" };
  return groups.map((all, label) => svg("g", { "data-label": label, fill: fills[label], ...look }, all));
}

/** Two strokes, the wider one in the card's colour, so that the inner one is seen over the marks. */
export function stroked(d, ink, width, { card }) {
  const stroke = (colour, of) => svg("path", { d, fill: "none", stroke: colour, "stroke-width": of });
  return [stroke(card, width + 3), stroke(ink, width)];
}

function traceOf(trace, view, frame, colours) {
  const fitting = trace.filter((mean) => mean.length === view.across.length);
  if (fitting.length < 2) return "";
  return stroked(along(fitting.map((mean) => frame.at(placeOf(view, mean)))), colours.ink, 1, colours).join(
    "",
  );
}

function posteriorOf({ mean, covariance }, view, frame, colours) {
  const [x, y] = frame.at(placeOf(view, mean));
  const { long, short, angle } = ellipse(covarianceIn(view, covariance));
  const [rx, ry] = [long, short].map((axis) => Math.max(0.01, axis * frame.scale));
  const arcs = [oval(rx, ry), oval(4, 4)];
  const degrees = coordinate((-angle * 180) / Math.PI);
  const [contour, ring] = arcs.map((d) => stroked(d, colours.ink, 2, colours).join(""));
  const turned = svg("g", { transform: `rotate(${degrees})` }, contour);
  return svg(
    "g",
    { "data-part": "posterior", transform: `translate(${coordinate(x)} ${coordinate(y)})` },
    turned,
    ring,
  );
}

/** An ellipse around the origin. */
export function oval(rx, ry) {
  const [a, b] = [rx, ry].map(coordinate);
  return `M-${a} 0A${a} ${b} 0 1 0 ${a} 0A${a} ${b} 0 1 0 -${a} 0Z`;
}

/** A cross at a place of the plane. */
export function crossAt(place, frame, colours) {
  const [x, y] = frame.at(place);
  const reach = 9;
  const d =
    along([
      [x - reach, y],
      [x + reach, y],
    ]) +
    along([
      [x, y - reach],
      [x, y + reach],
    ]);
  return svg("g", { "data-part": "cross" }, stroked(d, colours.accent, 3, colours));
}
