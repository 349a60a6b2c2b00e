// The views of the workbench. To add one: a row here, and in index.html a tab with its `data-tab` and a section with its `data-view`.

import { withWord, wordFromQuery } from "../settings/address.js";

/** The first is shown at the start. `narrow`: a tab only where the screen is narrow; elsewhere it is in sight beside the others, but not beside those that are `broad`. `within`: the view whose tab it shares. */
export const VIEWS = [
  { name: "latents" },
  { name: "paths", within: "latents" },
  { name: "posterior", within: "latents", broad: true },
  { name: "map", narrow: true },
  { name: "compare", broad: true },
  { name: "data", broad: true },
  { name: "train" },
  { name: "measure" },
  { name: "learn" },
];

const VIEW = "view"; // in the address

/** The view that an address asks for, and a sentence where there is none of that name. */
export function viewFromQuery(search) {
  const { word, complaints } = wordFromQuery(
    search,
    VIEW,
    VIEWS.map(({ name }) => name),
  );
  return { view: word ?? VIEWS[0].name, complaints };
}

/** The address `search` with the parameter that restores the view. */
export function addressOfView(search, view) {
  return withWord(search, VIEW, view, VIEWS[0].name);
}

/** Which views can be seen: the chosen one, and beside it those that need no tab on a wide screen. */
export function viewsInSight(chosen, narrow) {
  if (narrow || VIEWS.find(({ name }) => name === chosen).broad) return [chosen];
  const beside = VIEWS.filter((view) => view.narrow).map(({ name }) => name);
  return [beside.includes(chosen) ? VIEWS[0].name : chosen, ...beside];
}

/** The view whose tab a view has. */
export function tabOf(name) {
  return VIEWS.find((view) => view.name === name).within ?? name;
}
