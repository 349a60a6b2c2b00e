// Parts of the page that an address hides, for those who teach with it or show one view of it in another page.

import { text } from "../messages/text.js";
import { wordOf } from "../settings/address.js";
import { shorten } from "../settings/values.js";

const PARTS = ["header", "tabs", "drawing", "view", "map", "bar"];
/** Of a page within another page there is one view, unless its address says what is hidden. */
const EMBEDDED = ["header", "tabs", "drawing", "map", "bar"];

/** `hidden`: the parts that an address hides; `complaints`: a sentence where it names some that there are not. */
export function hiddenParts(search) {
  const asked = new URLSearchParams(search).getAll("hide").flatMap((list) => list.split(","));
  const unknown = asked.filter((part) => !PARTS.includes(part) && part !== "");
  const complaints =
    unknown.length > 0
      ? [text("share.hide", { asked: shorten(unknown.join(", ")), known: PARTS.join(", ") })]
      : [];
  const usual = wordOf(search, "embed") === "on" && asked.length === 0 ? EMBEDDED : [];
  return { hidden: [...usual, ...asked.filter((part) => PARTS.includes(part))], complaints };
}

/** Hides them; the map of a page that shows nothing else is not hidden. */
export function hideParts(hidden, view) {
  const parts = hidden.filter((part) => part !== "map" || view !== "map");
  if (parts.length > 0) document.documentElement.dataset.hide = parts.join(" ");
  return parts;
}
