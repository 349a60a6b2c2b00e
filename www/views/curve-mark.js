// How a curve of the overlay is told from the others: by letter, dashes and colour.

const SVG = "http://www.w3.org/2000/svg";
/** Lengths of line and gap in CSS pixels, by slot. */
const DASHES = [[], [8, 3], [2, 3], [9, 3, 2, 3], [14, 4], [5, 2, 2, 2, 2, 2]];
const COLOURS = 6; // --curve-0 .. in styles/base.css

export function letterOf(slot) {
  return String.fromCharCode(65 + slot);
}

/** The name of the custom property with the colour. */
export function colourOf(slot) {
  return `--curve-${slot % COLOURS}`;
}

/** Another dash for each use of a colour. */
export function dashOf(slot) {
  return DASHES[(slot + Math.floor(slot / COLOURS)) % DASHES.length];
}

/** A piece of the curve with its letter, for lists. */
export function curveMark(slot) {
  const mark = Object.assign(document.createElement("span"), { className: "curve-mark" });
  mark.dataset.colour = String(slot % COLOURS);
  const letter = Object.assign(document.createElement("b"), { textContent: letterOf(slot) });
  mark.append(letter, line([{ dash: dashOf(slot) }]));
  return mark;
}

/** The curves of the present run: reconstruction above KL. */
export function presentMark() {
  const mark = Object.assign(document.createElement("span"), { className: "curve-mark" });
  mark.append(line([{ name: "reconstruction" }, { name: "kl" }]));
  return mark;
}

function line(lines) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", "0 0 28 10");
  picture.setAttribute("aria-hidden", "true");
  lines.forEach(({ dash = [], name = "" }, k) => {
    const each = document.createElementNS(SVG, "line");
    const y = String((10 * (k + 1)) / (lines.length + 1));
    for (const [attribute, value] of Object.entries({ x1: "0", x2: "28", y1: y, y2: y }))
      each.setAttribute(attribute, value);
    if (dash.length > 0) each.setAttribute("stroke-dasharray", dash.join(" "));
    if (name) each.setAttribute("class", name);
    picture.append(each);
  });
  return picture;
}
