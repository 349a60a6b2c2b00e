// How to cite the page, to read and to copy.

import { copy } from "./clipboard.js";

export class CiteView {
  /** `entry`: for BibTeX. */
  constructor(root, entry) {
    const area = root.querySelector("textarea");
    area.value = entry;
    area.rows = entry.split("\n").length + 2; // on a narrow screen lines are broken
    const button = root.querySelector("button");
    button.addEventListener("click", () => copy(entry, { button, area, stays: true }));
  }
}
