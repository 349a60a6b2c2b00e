// Texts of the nearest panel: the progress of encoding test images, and whether the run has continued since.

import { text } from "../messages/text.js";

/** A line while test images are being encoded, else "". */
export function encodingText({ phase, progress }) {
  if (phase) return text(`evaluation.phase.${phase}`);
  if (!progress || progress.done === progress.of) return "";
  return text("evaluation.encoding", progress);
}

/** `sentence`, and where the run has continued since `step`, that too. */
export function withStep(sentence, { stale, step }) {
  return stale ? `${sentence} ${text("evaluation.stale", { step })}` : sentence;
}

/** Shows the button that takes newer weights; `busy`: not while measuring. */
export function showRefresh(root, { stale, busy }) {
  const refresh = root.querySelector(".refresh");
  refresh.hidden = !stale;
  refresh.disabled = busy;
}
