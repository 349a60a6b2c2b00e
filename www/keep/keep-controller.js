// Keeps the work of this visit for the next one: what changes is written soon after, a run at each of its checkpoints.

import { computed, effect } from "@preact/signals-core";
import { Failure } from "../messages/failure.js";
import { curvesInPoints } from "./kept-curves.js";
import { cachedBytes, clearStorage, deleteCaches } from "./kept-size.js";
import { removeOffline } from "./offline.js";
import { RunKeeper } from "./run-keeper.js";
import { askToPersist, localStore, sessionStore } from "./storage.js";
import { Tabs } from "./tabs.js";
import { WriteQueue } from "./write-queue.js";

/** Of so many of the latest runs, snapshots are kept: about 50 MB for each. */
const RUNS_WITH_SNAPSHOTS = 3;

export class KeepController {
  #state;
  #session;
  #workspace;
  #lock;
  #values;
  #claim;
  #queue = new WriteQueue((key, value) => this.#write(key, value)); // keys: kinds of entries, and ids of runs
  #refused = new Set(); // keys of what there was no room for
  #runs;
  #tabs = null;
  #persistent = false; // whether the browser was asked to keep what is kept

  /** `opened`: as `openWorkspace` resolves to it; `values` and `address`: as in kept-values.js. */
  constructor({ state, session, opened, values, address }) {
    this.#state = state;
    this.#session = session;
    this.#workspace = opened.workspace;
    this.#lock = opened.lock;
    this.#values = values;
    this.#claim = opened.claim;
    const put = (id, kept) => this.#putRun(id, kept);
    this.#runs = new RunKeeper({ state, put, address, claim: opened.claim });
    if (opened.failure) this.stop(opened.failure);
    opened.lost.then((failure) => this.stop(failure));
  }

  /** From now on changes are kept, once it is this tab's turn; resolves once the kept runs are known, where they can be. */
  async start() {
    this.#session.subscribe((event, detail) => {
      this.#runs.take(event, detail);
      if (event === "begin") this.#put("settings", this.#values.settings()); // those of a link are kept once they are used
    });
    if (!this.#workspace) return;
    for (const [kind, read] of Object.entries(this.#values)) this.#keepChanges(kind, computed(read));
    this.#tabs = new Tabs({ deleted: () => this.#stopAndRemove(), changed: () => this.#readRuns() });
    if (this.#lock.owns) return this.#begin("keeping");
    this.#lock.turn.then(() => this.#begin("keeping")).catch((failure) => this.stop(failure));
    await this.#begin("elsewhere");
  }

  /** Nothing can be kept any more. */
  stop(failure) {
    this.#report("impossible", failure);
    for (const { id } of this.#state.keptRuns.peek()) this.#runs.unwritten(id);
  }

  /** The page may be left: what has changed is written now. */
  flush() {
    this.#session.checkpointSoon();
    return this.#queue.flush();
  }

  /** What training continues from, for a summary of `keptRuns`. */
  async checkpoint(run) {
    const checkpoint = this.#runs.checkpoint(run.id) ?? (await this.#workspace.checkpoint(run));
    await this.#runs.willContinue(run.id);
    return { ...run, history: curvesInPoints(run.history), ...checkpoint };
  }

  /**
   * Keeps a snapshot {step, epoch, weights} of a run, and drops those at the steps `left`. Where it cannot be kept, the run is still kept: what was
   * earlier is less than what is now.
   */
  async keepSnapshot(id, snapshot, left) {
    if (!this.#workspace || !this.#mayWrite(id)) return;
    await this.#workspace.writeSnapshot(id, snapshot, left).catch(() => this.#dropSnapshots([id]));
  }

  /** The kept snapshots of a run, the earliest first. */
  async snapshots(id) {
    return (await this.#workspace?.snapshots(id).catch(() => [])) ?? [];
  }

  /** From now on only the snapshots of the latest runs are kept. */
  dropOldSnapshots() {
    const latest = this.#state.keptRuns.peek().map(({ id }) => id);
    return this.#dropSnapshots([this.#state.runKept.peek().id, ...latest].slice(0, RUNS_WITH_SNAPSHOTS));
  }

  async #dropSnapshots(ids) {
    if (this.#mayWrite("snapshots")) await this.#workspace?.removeSnapshotsBut(ids).catch(() => {});
  }

  /** The next run branches off from the present one. */
  willBranch() {
    this.#runs.willBranch();
  }

  /** The weights of a kept run, which stays as it is. */
  async weights(run) {
    const { weights } = await this.content(run);
    return weights.slice();
  }

  /** The checkpoint of a kept run, {step, bytes, weights, testing}; the run stays as it is. */
  async content(run) {
    return this.#runs.checkpoint(run.id) ?? (await this.#workspace.checkpoint(run));
  }

  /** Adds runs {id, summary, checkpoint} of an archive, each under an id that no other has; what cannot be written is held in memory. */
  add(runs) {
    for (const { id, summary, checkpoint } of runs) this.#runs.add(id, { summary, checkpoint });
    return this.#queue.flush();
  }

  /** Gives a run a `name`, or has it `pinned`: in this tab at once, in the others once that is written; fails where it is not. */
  async labelRun(id, labels) {
    this.#runs.label(id, labels);
    if (!this.#workspace || !this.#mayWrite(id)) return;
    if (!(await this.#workspace.labelRun(id, labels))) return; // with its first checkpoint
    this.#runs.labelled(id, labels);
    this.#tabs?.tell("changed");
  }

  /** Removes a run, and writes what there was no room for. Fails where another tab has the run open, which would keep it again. */
  async removeRun({ id }) {
    if (await this.#claim.isElsewhere(id)) throw new Failure("run_in_other_tab");
    await this.#queue.flush(); // its last checkpoint may be on the way
    if (!this.#isInMemory(id)) await this.#workspace?.removeRun(id);
    this.#runs.remove(id);
    this.#refused.delete(id);
    this.#retry();
    this.#tabs?.tell("changed");
    await this.#queue.flush();
    await this.measure();
  }

  async removeUnreadable() {
    await this.#workspace.removeUnreadable();
    this.#state.unreadable.value = [];
  }

  /** Deletes everything that this page keeps on the device, and keeps nothing more until it is loaded again. */
  async removeAll() {
    await this.#stopAndRemove();
    await removeOffline();
    await deleteCaches();
    for (const store of [localStore(), sessionStore()]) clearStorage(store);
    this.#state.offline.value = { ready: false, failure: null };
    this.#tabs?.tell("deleted");
    await this.measure();
  }

  /** Finds out how much is kept, the cached data files included. */
  async measure() {
    const [kept, cached] = await Promise.all([this.#workspace?.size() ?? 0, cachedBytes()]);
    this.#state.keptBytes.value = kept + cached;
  }

  /** The weights that were loaded by hand in an earlier visit, {name, bytes}, or null. */
  file() {
    return this.#workspace?.read("file") ?? null;
  }

  /** Whether the run is in this tab alone, and nothing can be written any more. */
  #isInMemory(id) {
    const run = this.#state.keptRuns.peek().find((each) => each.id === id);
    return this.#status === "impossible" && Boolean(run?.unsaved);
  }

  get #status() {
    return this.#state.keeping.peek().status;
  }

  /** A tab whose turn it is not adds runs, and leaves the entries to the tab that has the turn. */
  #mayWrite(key) {
    return this.#status === "keeping" || (this.#status === "elsewhere" && !(key in this.#values));
  }

  async #begin(status) {
    if (["deleted", "impossible"].includes(this.#status)) return;
    this.#report(status);
    await this.#readRuns();
    this.#runs.renew();
  }

  async #readRuns() {
    if (this.#status === "deleted") return;
    try {
      this.#runs.merge(await this.#workspace.runs());
      this.#state.unreadable.value = this.#workspace.failures;
    } catch (failure) {
      this.stop(failure);
    }
  }

  /** What the page began with is not written, as another tab may have kept something newer: only what changes later. */
  #keepChanges(kind, value) {
    let seen = value.peek();
    effect(() => {
      const now = value.value;
      if (now === seen) return;
      seen = now;
      if (now !== null) this.#put(kind, now);
    });
  }

  #put(kind, value) {
    if (this.#mayWrite(kind)) this.#queue.put(kind, value);
  }

  #putRun(id, kept) {
    if (!this.#mayWrite(id)) return this.#runs.unwritten(id);
    this.#queue.put(id, kept);
    this.#queue.flush();
  }

  async #write(key, value) {
    const isRun = !(key in this.#values);
    const written = this.#mayWrite(key) && (await this.#isWritten(key, value, isRun));
    if (isRun && !written) this.#runs.unwritten(key);
    if (written && this.#refused.size > 0) this.#retry();
    if (this.#mayWrite(key) && this.#refused.size === 0) this.#report(this.#status);
  }

  /** There may be room now for what was refused. */
  #retry() {
    for (const key of this.#refused) if (key in this.#values) this.#put(key, this.#values[key]());
    this.#runs.renew();
  }

  async #isWritten(key, value, isRun) {
    try {
      await (isRun ? this.#writeRun(key, value) : this.#workspace.write(key, value));
      this.#refused.delete(key);
      return true;
    } catch (failure) {
      if (failure.kind !== "keep_full") this.stop(failure);
      else if (this.#mayWrite(key)) {
        if (await this.#makeRoom(key, value, isRun)) return true;
        this.#refused.add(key);
        this.#report(this.#status, failure);
      }
      return false;
    }
  }

  /** Where the space is full, snapshots go first; resolves to whether what was refused is written then. */
  async #makeRoom(key, value, isRun) {
    try {
      await this.#workspace.removeSnapshotsBut([]);
      await (isRun ? this.#writeRun(key, value) : this.#workspace.write(key, value));
      return true;
    } catch {
      return false;
    }
  }

  async #writeRun(id, kept) {
    const labels = this.#runs.labels(id);
    const summary = await this.#workspace.writeRun(id, kept.summary, kept.checkpoint, labels);
    this.#runs.labelled(id, labels);
    this.#runs.written(id, kept, summary);
    this.#tabs?.tell("changed");
    if (this.#persistent) return;
    this.#persistent = true;
    askToPersist();
  }

  /** What is being written now is removed as well. */
  async #stopAndRemove() {
    this.#report("deleted");
    this.#runs.removeAll();
    this.#state.unreadable.value = [];
    this.#state.keptBytes.value = null;
    await this.#queue.drop();
    await this.#workspace?.removeAll();
  }

  #report(status, failure = null) {
    const before = this.#state.keeping.peek();
    if (before.status === status && before.failure?.kind === failure?.kind) return;
    this.#state.keeping.value = { status, failure };
  }
}
