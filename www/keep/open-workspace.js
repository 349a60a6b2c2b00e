// Opens what is kept, before the page's state exists: the page starts with it, and starts as well without.

import { Failure } from "../messages/failure.js";
import { Workspace } from "./workspace.js";
import { lockWorkspace } from "./workspace-lock.js";

const NOTHING = { drawing: null, settings: null, code: null };

/**
 * Resolves to {workspace, lock, entries, failure, lost}, whatever happens: `lock` as in workspace-lock.js, `entries` as in
 * `Workspace.entries`; `workspace` and `lock` are null where nothing can be kept, and `failure` says why. `lost` resolves to the failure
 * with which the workspace is closed later.
 */
export async function openWorkspace() {
  let close;
  const lost = new Promise((resolve) => {
    close = resolve;
  });
  try {
    const [workspace, lock] = await Promise.all([Workspace.open(close), lockWorkspace()]);
    return { workspace, lock, lost, entries: await workspace.entries(), failure: null };
  } catch (error) {
    const failure = error.kind ? error : new Failure("keep_refused", { reason: error.message });
    return { workspace: null, lock: null, lost, entries: NOTHING, failure };
  }
}
