// The models that a select offers, in groups.

import { create } from "./dom.js";

/** `groups`: [{title, options: [[source, words], ..]}]. */
export function fillOptions(select, groups) {
  select.replaceChildren(
    ...groups.map(({ title, options }) =>
      create(
        "optgroup",
        { label: title },
        ...options.map(([value, textContent]) => create("option", { value, textContent })),
      ),
    ),
  );
}
