// Notices of failures that no other part of the page handles.

import { sentence } from "../messages/failure.js";
import { text } from "../messages/text.js";

const reload = () => ({ [text("page.reload")]: () => location.reload() });

/** From now on an uncaught error becomes a notice. */
export function reportUncaught(notices) {
  const show = (error) =>
    notices.show({ name: "page", text: text("page.failed", { reason: sentence(error) }) });
  window.addEventListener("error", ({ error, message }) => show(error ?? new Error(message)));
  window.addEventListener("unhandledrejection", ({ reason }) => show(reason));
}

/** The page cannot start: says why, and offers to reload. */
export function reportFailedStart(notices, error) {
  notices.show({ name: "start", text: whyNotStarted(error), actions: reload() });
}

function whyNotStarted(error) {
  if (typeof WebAssembly === "undefined") return text("errors.no_webassembly");
  if (error.kind === "new_version") return sentence(error);
  return text("errors.not_started", { reason: sentence(error) });
}

/** The viewer has stopped: nothing is drawn any more. */
export function reportLostViewer(notices, error) {
  const words = text("errors.viewer_lost", { reason: sentence(error) });
  notices.show({ name: "viewer", text: words, actions: reload() });
}
