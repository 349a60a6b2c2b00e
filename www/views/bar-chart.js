// A small bar chart of a few numbers, with a line across each bar for a number to compare.

import { create, setAttribute } from "./dom.js";

/**
 * Fills the element `into` with bars of `heights`, 0 to `top`. `marks`: heights of the lines; `labels`: words below the bars; `spoken`:
 * the text alternative.
 */
export function barChart({ into, heights, marks, labels, top, spoken }) {
  setAttribute(into, "role", "img");
  setAttribute(into, "aria-label", spoken);
  const share = (value) => Math.min(1, Math.max(0, value / (top || 1))).toFixed(4);
  const columns = Array.from(heights, (height, k) => {
    const bar = create("i");
    bar.style.setProperty("--height", share(height));
    if (marks) {
      bar.append(create("b"));
      bar.style.setProperty("--mark", share(marks[k]));
    }
    const label = labels ? [create("small", { textContent: labels[k] })] : [];
    return create("span", {}, bar, ...label);
  });
  into.replaceChildren(...columns);
}
