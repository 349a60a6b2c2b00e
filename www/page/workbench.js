// The workbench: which view is shown, where its tabs are, and what works only while it is in sight.

import { computed, effect, signal } from "@preact/signals-core";
import { connect } from "../views/connect.js";
import { drawShown } from "../views/frame.js";
import { guardAgainstSwipes } from "../views/swipe-guard.js";
import { ViewTabs } from "../views/view-tabs.js";
import { openCodeViews } from "./code-views.js";
import { demonstrate, wantsDemonstration } from "./demonstration.js";
import { hiddenParts, hideParts } from "./hidden-parts.js";
import { tabOf, VIEWS, viewsInSight } from "./view-list.js";

/** As in styles/workbench.css: the map is beside the view. */
const WIDE = "(min-width: 1100px) and (min-height: 600px)";

/** In which views pictures are seen that are decoded only for them. */
const DECODED_IN = { strip: "latents", grids: "train" };

const find = (id) => document.getElementById(id);

/** `rooms`: the Rooms; `kept`: what the last visit has left. Returns a function that starts what the page must not wait for: the first drawing, and the work of the views in sight. */
export function openWorkbench({ state, evaluation, explore, rooms, kept }) {
  const narrow = watchWidth();
  const hidden = hideParts(hiddenParts(location.search).hidden, state.view.value);
  const isHidden = (name) => hidden.includes(name === "map" ? "map" : "view");
  const shown = computed(() =>
    viewsInSight(state.view.value, narrow.value).filter((name) => !isHidden(name)),
  );
  const views = [...document.querySelectorAll("[data-view]")];
  const tabs = new ViewTabs(find("tabs"), views, { choose: (name) => choose(state, name) });
  const withTab = (view) => !view.within && (narrow.value || !view.narrow);
  connect(tabs, () => ({
    shown: shown.value,
    chosen: tabOf(shown.value[0] ?? state.view.value),
    tabs: VIEWS.filter(withTab).map(({ name }) => name),
  }));
  openCodeViews(state, (name) => choose(state, name));
  effect(() => placeTabs(narrow.value));
  effect(() => {
    shown.value;
    drawShown();
  });
  for (const [panel, view] of Object.entries(DECODED_IN))
    connect({ update: (inSight) => explore.setInSight(panel, inSight) }, () => shown.value.includes(view));
  closeMenusOutside();
  guardAgainstSwipes(document);
  return () => {
    if (wantsDemonstration(location.search, kept)) demonstrate({ state, explore });
    startEvaluation(evaluation, shown, narrow);
    enterRooms(rooms, shown, state);
  };
}

function choose(state, name) {
  state.view.value = name;
  for (const view of document.querySelectorAll(`[data-view="${name}"]`)) view.scrollTop = 0;
}

function watchWidth() {
  const query = matchMedia(WIDE);
  const narrow = signal(!query.matches);
  query.addEventListener("change", () => {
    narrow.value = !query.matches;
  });
  return narrow;
}

/** The order of the focus is that of the eye: the tabs are at the top of a wide screen and at the bottom of a narrow one. */
function placeTabs(narrow) {
  const tabs = document.querySelector(".tabs");
  const neighbour = document.querySelector(narrow ? ".run-bar" : ".top");
  if (neighbour.nextElementSibling !== tabs) neighbour.after(tabs);
  const strip = document.querySelector(".strip-figure"); // pushed sideways where it is narrow, by keyboard as well
  if (narrow) strip.tabIndex = 0;
  else strip.removeAttribute("tabindex");
}

/** Test images are encoded for the panels in sight. Where data are to be saved, a wide screen asks before it loads them for its map. */
function startEvaluation(evaluation, shown, narrow) {
  const asked = signal(!navigator.connection?.saveData);
  const button = find("plane-load");
  button.addEventListener("click", () => {
    asked.value = true;
  });
  const panels = {
    plane: computed(() => shown.value.includes("map") && (asked.value || narrow.value)),
    nearest: computed(() => shown.value.includes("measure")),
    codes: computed(() => shown.value.includes("latents")),
    usage: computed(() => shown.value.includes("latents") && asked.value),
    compare: computed(() => shown.value.includes("compare")),
    paths: computed(() => shown.value.includes("paths")),
    posterior: computed(() => shown.value.includes("posterior")),
  };
  effect(() => {
    button.hidden = asked.value || narrow.value;
  });
  for (const [panel, isOpen] of Object.entries(panels))
    connect({ update: (open) => evaluation.open(panel, open) }, () => isOpen.value);
}

/** A room is entered when its view, or the menu, is first seen, and the table of runs once there is one. */
function enterRooms(rooms, shown, { run, keptRuns }) {
  effect(() => {
    for (const name of shown.value) if (rooms.has(name)) rooms.enter(name);
  });
  const hasRuns = computed(() => keptRuns.value.length > 0 || run.value.system !== null); // does not change with each step
  effect(() => {
    if (!shown.value.includes("train") || !hasRuns.value) return;
    find("runs").hidden = false;
    rooms.enter("runs");
  });
  const menu = find("file-menu");
  const enter = () => menu.open && rooms.enter("files");
  menu.addEventListener("toggle", enter);
  enter();
}

/** A menu closes when something else is pressed or focused, or by Escape. */
function closeMenusOutside() {
  const close = (target) => {
    for (const menu of document.querySelectorAll("details:is(.menu, .help)[open]"))
      if (!menu.contains(target)) menu.open = false;
  };
  for (const event of ["pointerdown", "focusin"])
    document.addEventListener(event, ({ target }) => close(target));
  document.addEventListener("keydown", ({ key, target }) => {
    if (key !== "Escape") return;
    const menu = target.closest?.("details:is(.menu, .help)[open]");
    close(null);
    menu?.querySelector("summary").focus();
  });
}
