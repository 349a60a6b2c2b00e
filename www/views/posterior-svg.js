// A posterior as SVG: p(z | x) as a heat map with its contours, the ellipses of q(z | x) and the cross, and the numbers below.

import { ellipse, Frame } from "../evaluation/plane-geometry.js";
import { along, coordinate, svg, svgDocument } from "../export/svg.js";
import { text } from "../messages/text.js";
import { densityColours, densityPixels } from "./density-colours.js";
import { axes, crossAt, oval, stroked } from "./plane-svg.js";
import { label, legendOf, SIZE, sideName } from "./plot-svg.js";
import { fineNats, planeLabel } from "./posterior-texts.js";

const LEFT = 56;
const TOP = 14;
const SIDE = 420; // pixels
const RIGHT = 14;
const ROW = 24; // of the lines below
const MEAN = 3; // radius of the dot at q's mean

/** `view` as in `state.posteriors`; `name` of the model; `cross`: a place, or null; `square` that is shown; `dark`: whether in the dark theme; `colours`: as in theme-colours.js. */
export function posteriorSvg({ view, name, cross, square, dark, colours }) {
  const frame = new Frame(square, SIDE);
  const { log_evidence: evidence, elbo, gap } = view.numbers;
  const numbers = text("export.chart.evidence", {
    evidence: fineNats(evidence.value),
    elbo: fineNats(elbo.value),
    gap: fineNats(gap.value),
  });
  const legend = [
    { stroke: colours.ink, width: 1.5, words: text("export.chart.true_posterior") },
    { stroke: colours.kl, width: 2, words: text("export.chart.approximation") },
  ];
  const below = TOP + SIDE + 66;
  const marks = [
    heat(frame, view, dark),
    stroked(contours(frame, view.contours), colours.ink, 1.5, colours),
    ellipses(frame, view.approximation, colours),
    cross ? crossAt(cross, frame, colours) : "",
  ];
  return svgDocument(
    {
      width: LEFT + SIDE + RIGHT,
      height: below + 2 * ROW + 2,
      title: text("export.posterior", { model: name }),
      description: planeLabel({ name, view, cross: cross ?? view.approximation.mean }),
      background: colours.card,
    },
    svg("clipPath", { id: "posterior-clip" }, svg("rect", { width: SIDE, height: SIDE })),
    svg(
      "g",
      { transform: `translate(${LEFT} ${TOP})` },
      svg("g", { "clip-path": "url(#posterior-clip)" }, marks.flat()),
      axes(frame, colours),
    ),
    label(
      { x: LEFT + SIDE / 2, y: TOP + SIDE + 40, "text-anchor": "middle" },
      text("evaluation.plane.component", { number: 1 }),
      colours.ink,
    ),
    sideName(
      { x: 16, middle: TOP + SIDE / 2 },
      text("evaluation.plane.component", { number: 2 }),
      colours.ink,
    ),
    legendOf({ x: 14, y: below }, legend, colours.ink).flat(),
    label({ x: 14, y: below + ROW }, numbers, colours.ink, SIZE - 1),
  );
}

/** The density as a picture inside the picture; each point of the lattice is the middle of a pixel. */
function heat(frame, { side, square, density }, dark) {
  const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
  canvas.getContext("2d").putImageData(new ImageData(densityPixels(density, side, dark), side, side), 0, 0);
  const reach = (square.reach * side) / (side - 1);
  const [x, y] = frame.at([square.centre[0] - reach, square.centre[1] + reach]);
  const size = 2 * reach * frame.scale;
  const least = `rgb(${[...densityColours(dark).subarray(0, 3)].join(" ")})`;
  return [
    svg("rect", { width: frame.side, height: frame.side, fill: least }),
    svg("image", {
      x,
      y,
      width: size,
      height: size,
      preserveAspectRatio: "none",
      href: canvas.toDataURL("image/png"),
    }),
  ].join("");
}

function contours(frame, all) {
  return all
    .flatMap((segments) =>
      Array.from({ length: segments.length / 4 }, (_, k) => {
        const [x, y, toX, toY] = segments.subarray(4 * k, 4 * k + 4);
        return along([frame.at([x, y]), frame.at([toX, toY])]);
      }),
    )
    .join("");
}

/** One and two standard deviations around the mean. */
function ellipses(frame, { mean, covariance }, colours) {
  const [x, y] = frame.at(mean);
  const rings = [1, 2].map((deviations) => {
    const { long, short, angle } = ellipse(covariance, deviations);
    const [rx, ry] = [long, short].map((axis) => Math.max(0.01, axis * frame.scale));
    const degrees = coordinate((-angle * 180) / Math.PI);
    return svg(
      "g",
      { transform: `rotate(${degrees})` },
      stroked(oval(rx, ry), colours.kl, 2, colours).join(""),
    );
  });
  const dot = stroked(oval(MEAN, MEAN), colours.kl, 2, colours).join("");
  const at = `translate(${coordinate(x)} ${coordinate(y)})`;
  return svg("g", { "data-part": "approximation", transform: at }, rings, dot);
}
