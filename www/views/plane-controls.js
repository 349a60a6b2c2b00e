// What is around the map: which components and how many test images it shows, whether pictures are behind it, and sentences on its state.

import { hasPlane } from "../evaluation/plane-geometry.js";
import { setText, setValue, showTrouble } from "./dom.js";
import { PlaneAxes } from "./plane-axes.js";
import { axesText, noPlaneText, planeStateText, shareText } from "./plane-texts.js";

export class PlaneControls {
  #root;
  #axes;

  /** `actions`: `retry`, `choose` and `cover` of PlaneView. */
  constructor(root, { retry, choose, cover }) {
    this.#root = root;
    const selects = [this.#find("plane-x"), this.#find("plane-y")];
    this.#axes = new PlaneAxes(selects, (axes) => choose({ axes }));
    root.querySelector(".trouble button").addEventListener("click", retry);
    this.#find("plane-background").addEventListener("change", ({ target }) => cover(target.checked));
    this.#find("plane-count").addEventListener("change", ({ target }) =>
      choose({ count: Number(target.value) }),
    );
  }

  /** `props`: as PlaneView has them. */
  update(props) {
    const { open, trouble, description, view, count, background } = props;
    const { dataset } = this.#root;
    dataset.state = stateOf(props);
    dataset.axes = view ? view.components.map((c) => c + 1).join(" ") || "principal" : "";
    if (!open || !description) return;
    const drawable = hasPlane(description.model);
    showTrouble(this.#root, trouble);
    const none = this.#find("plane-none");
    none.hidden = drawable;
    setText(none, drawable ? "" : noPlaneText());
    for (const part of [".plane-body", "#plane-options"]) this.#root.querySelector(part).hidden = !drawable;
    setText(this.#find("plane-state"), planeStateText(props));
    if (view) setText(this.#root.querySelector("#plane-options > summary"), axesText(view));
    setText(this.#find("plane-share"), view ? shareText(view) : "");
    setValue(this.#find("plane-count"), String(count));
    this.#find("plane-background").checked = background;
    const { usage, axes: choice } = props;
    const { components = null, variances } = view ?? {};
    this.#axes.update({ components, choice, usage, variances, size: description.code.length });
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}

function stateOf({ open, trouble, description, view }) {
  if (!open) return "closed";
  if (trouble) return "failed";
  if (description && !hasPlane(description.model)) return "none";
  return view ? "drawn" : "open";
}
