// Opens what is kept, before the page's state exists: the page starts with it, and starts as well without.

import { Failure } from "../messages/failure.js";
import { isEmbedded, leavesKept } from "../settings/address.js";
import { Workspace } from "./workspace.js";
import { lockWorkspace, RunClaim } from "./workspace-lock.js";

const NOTHING = {
  drawing: null,
  settings: null,
  code: null,
  shown: null,
  views: null,
  ends: null,
  shelf: null,
};

/**
 * Resolves to {workspace, lock, claim, entries, failure, lost}, whatever happens: `lock` as in workspace-lock.js, `entries` as in
 * `Workspace.entries`; `workspace` and `lock` are null where nothing can be kept, and `failure` says why, except in another page, where nothing is to be kept. `lost` resolves to the failure
 * with which the workspace is closed later.
 */
export async function openWorkspace() {
  let close;
  const lost = new Promise((resolve) => {
    close = resolve;
  });
  const claim = new RunClaim();
  if (isEmbedded()) return { workspace: null, lock: null, claim, lost, entries: NOTHING, failure: null };
  try {
    const [workspace, lock] = await Promise.all([Workspace.open(close), lockWorkspace()]);
    return { workspace, lock, claim, lost, entries: entriesSeen(await workspace.entries()), failure: null };
  } catch (error) {
    const failure = error.kind ? error : new Failure("keep_refused", { reason: error.message });
    return { workspace: null, lock: null, claim, lost, entries: NOTHING, failure };
  }
}

/** A link shows what its sender saw, and nothing else: of what is kept here only the drawing, which an Undo brings back, and the shelf. */
function entriesSeen({ drawing, settings, shelf, ...others }) {
  if (leavesKept(globalThis.location?.search ?? "")) return { ...NOTHING, drawing, settings, shelf };
  return { drawing, settings, shelf, ...others };
}
