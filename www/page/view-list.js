// The views of the workbench. To add one: a row here, and in index.html a tab with its `data-tab` and a section with its `data-view`.

import { text } from "../messages/text.js";
import { shorten } from "../settings/values.js";

/** The first is shown at the start. `narrow`: a tab only where the screen is narrow; elsewhere it is always in sight. */
export const VIEWS = [
  { name: "latents" },
  { name: "map", narrow: true },
  { name: "train" },
  { name: "measure" },
  { name: "learn" },
];

const VIEW = "view"; // in the address

/** The view that an address asks for, and a sentence where there is none of that name. */
export function viewFromQuery(search) {
  const asked = new URLSearchParams(search).get(VIEW);
  const [first] = VIEWS;
  if (asked === null || VIEWS.some(({ name }) => name === asked))
    return { view: asked ?? first.name, complaints: [] };
  const known = VIEWS.map(({ name }) => name).join(", ");
  return {
    view: first.name,
    complaints: [text("page.address.view", { asked: shorten(asked), known, used: first.name })],
  };
}

/** The address `search` with the parameter that restores the view. */
export function addressOfView(search, view) {
  const query = new URLSearchParams(search);
  if (view === VIEWS[0].name) query.delete(VIEW);
  else query.set(VIEW, view);
  const words = query.toString();
  return words ? `?${words}` : "";
}

/** Which views can be seen: the chosen one, and beside it those that need no tab on a wide screen. */
export function viewsInSight(chosen, narrow) {
  if (narrow) return [chosen];
  const beside = VIEWS.filter((view) => view.narrow).map(({ name }) => name);
  return [beside.includes(chosen) ? VIEWS[0].name : chosen, ...beside];
}
