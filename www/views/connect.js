// Keeps a view showing the state.

import { effect, untracked } from "@preact/signals-core";

/** Updates `view` with what `select` reads from signals, now and whenever one of them changes; returns the way to stop. */
export function connect(view, select) {
  return effect(() => {
    const props = select();
    untracked(() => view.update(props));
  });
}
