// The views of the latent code share a tab: a select in the head of each goes to the others.

import { effect } from "@preact/signals-core";
import { editorOf } from "../explore/latent-code.js";
import { text } from "../messages/text.js";
import { create, setValue } from "../views/dom.js";
import { VIEWS } from "./view-list.js";

const GRID = "grid"; // of all components: the view of the sliders, with pictures in their place
const NAMES = [
  "latents",
  GRID,
  ...VIEWS.filter(({ within }) => within === "latents").map(({ name }) => name),
];

/** `choose(name)` shows a view. */
export function openCodeViews(state, choose) {
  const selects = [...document.querySelectorAll(".code-view")];
  for (const select of selects) {
    const option = (value) => create("option", { value, textContent: text(`explore.code_views.${value}`) });
    select.replaceChildren(...NAMES.map(option));
    select.addEventListener("change", () => {
      state.asGrid.value = select.value === GRID;
      choose(select.value === GRID ? "latents" : select.value);
      document.querySelector(".view:not([hidden]) .code-view")?.focus(); // that of the view before is hidden now
    });
  }
  effect(() => {
    const { value: view } = state.view;
    const { code } = state.shown.value?.description ?? {};
    const hasGrid = code !== undefined && editorOf(code) === "sliders";
    for (const select of selects) {
      setValue(select, view === "latents" && state.asGrid.value && hasGrid ? GRID : view);
      select.querySelector(`[value="${GRID}"]`).disabled = !hasGrid;
    }
  });
}
