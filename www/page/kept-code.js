// Brings back a latent code of the last visit, for the model that it belongs to.

import { effect } from "@preact/signals-core";
import { sourcesOf } from "../settings/systems.js";

/** `code`: as kept, or null. A code of a run waits until that run is shown again. */
export async function restoreCode({ state, explore, shownModel }, code) {
  if (!code) return;
  const isOffered = sourcesOf(state.system.value).includes(code.source);
  if (isOffered && code.source !== state.shown.value.source) await shownModel.choose(code.source);
  if (code.source !== "training") return fits(state, code) ? explore.restoreCode(code) : undefined;
  const stop = effect(() => {
    if (state.shown.value.source !== "training" || state.showing.value) return;
    queueMicrotask(() => {
      stop();
      if (fits(state, code) && state.codeOrigin.peek() === "drawing") explore.restoreCode(code);
    });
  });
}

function fits({ shown, code }, { source, codes, values }) {
  const { description } = shown.peek();
  return (
    source === shown.peek().source && description.code.codes === codes && code.peek().length === values.length
  );
}
