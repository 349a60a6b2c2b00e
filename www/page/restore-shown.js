// Brings back what the last visit showed: weights loaded by hand, the model shown, the corruption of the drawing, and the latent code.

import { effect } from "@preact/signals-core";
import { sentence } from "../messages/failure.js";
import { text } from "../messages/text.js";
import { settings } from "../settings/schema.js";
import { allSourcesOf } from "../settings/sources.js";
import { restoreEnds } from "./kept-ends.js";

/** `entries`: what is kept, null each where it is not; `file`: {name, bytes}, or null. What belongs to another system is left out. */
export async function restoreShown({ state, explore, shownModel, notices }, { shown, code, ends }, file) {
  if (file) await restoreFile({ shownModel, notices }, file);
  if (ends) restoreEnds(state, ends);
  if (shown?.system === state.system.value.name) await restoreModel({ state, explore, shownModel }, shown);
  if (code) restoreCode({ state, explore }, code);
}

async function restoreFile({ shownModel, notices }, file) {
  try {
    await shownModel.restore(file);
  } catch (error) {
    const words = text("keep.file_damaged", { file: file.name, reason: sentence(error) });
    notices.show({ name: "weights", text: words });
  }
}

async function restoreModel({ state, explore, shownModel }, { source, corruption }) {
  const isThere =
    source === "file" ? state.file.value !== null : allSourcesOf(state.system.value).includes(source);
  if (isThere && source !== state.shown.value.source) await shownModel.choose(source);
  const isKnown = settings.corruption.choices.includes(corruption);
  if (isKnown && corruption !== state.corruption.value)
    await explore.setCorruption(corruption, null, state.seeds.value.corruption);
}

/** A code of a run waits until that run is shown again. */
export function restoreCode({ state, explore }, code) {
  if (code.source !== "training") return fits(state, code) && explore.restoreCode(code);
  const stop = effect(() => {
    if (state.shown.value.source !== "training" || state.showing.value) return;
    queueMicrotask(() => {
      stop();
      if (fits(state, code) && state.codeOrigin.peek() === "drawing") explore.restoreCode(code);
    });
  });
}

function fits({ shown, code, runKept }, { source, run = null, codes, values }) {
  const { source: now, description } = shown.peek();
  const isSame = source === now && (source !== "training" || run === runKept.peek().id);
  return isSame && description.code.codes === codes && code.peek().length === values.length;
}
