// SVG as text: elements whose attributes and words are escaped. Only attributes, no style sheet, so that every program draws the same.

/** An element; children are elements, as text, or words from `words`. Attributes that are null are left out. */
export function svg(name, attributes = {}, ...children) {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => ` ${key}="${escaped(typeof value === "number" ? coordinate(value) : value)}"`)
    .join("");
  const content = children.flat().join("");
  return content ? `<${name}${written}>${content}</${name}>` : `<${name}${written}/>`;
}

/** Words as content of an element. */
export function words(text) {
  return escaped(text);
}

/** A whole document of `width` and `height` pixels, with its `title` and `description` for those who do not see it. */
export function svgDocument({ width, height, title, description, background }, ...children) {
  const root = svg(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "font-family": "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
    },
    svg("title", {}, words(title)),
    svg("desc", {}, words(description)),
    svg("rect", { width, height, fill: background }),
    ...children,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
}

/** A coordinate in hundredths of a pixel. */
export function coordinate(value) {
  return String(Math.round(100 * value) / 100);
}

/** A path along `points` [[x, y], ..]. */
export function along(points) {
  return points.map(([x, y], k) => `${k === 0 ? "M" : "L"}${coordinate(x)} ${coordinate(y)}`).join("");
}

/** XML 1.0 has no place for most control characters. */
function escaped(text) {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
