// Keeps the work of this visit for the next one: what changes is written soon after, a run at each of its checkpoints.

import { computed, effect } from "@preact/signals-core";
import { cachedBytes, clearStorage, deleteCaches } from "./kept-size.js";
import { removeOffline } from "./offline.js";
import { RunKeeper } from "./run-keeper.js";
import { localStore, sessionStore } from "./storage.js";
import { WriteQueue } from "./write-queue.js";

/** Tells the other tabs that everything kept was deleted. */
const CHANNEL = "latent-lab-keep";

export class KeepController {
  #state;
  #session;
  #workspace;
  #lock;
  #values;
  #queue = new WriteQueue((key, value) => this.#write(key, value)); // keys: kinds of entries, and ids of runs
  #runs;
  #channel = null;

  /** `opened`: as `openWorkspace` resolves to it; `values`: as in kept-values.js. */
  constructor({ state, session, opened, values }) {
    this.#state = state;
    this.#session = session;
    this.#workspace = opened.workspace;
    this.#lock = opened.lock;
    this.#values = values;
    const put = (id, kept) => this.#put(id, kept, { soon: true });
    this.#runs = new RunKeeper({ state, put, address: () => values.settings().address });
    if (opened.failure) this.stop(opened.failure);
    opened.lost.then((failure) => this.stop(failure));
  }

  /** From now on changes are kept, once it is this tab's turn; resolves once the kept runs are known, where it is. */
  async start() {
    if (!this.#workspace) return;
    this.#state.unreadable.value = this.#workspace.failures;
    for (const [kind, read] of Object.entries(this.#values)) this.#keepChanges(kind, computed(read));
    this.#session.subscribe((event, detail) => {
      this.#runs.take(event, detail);
      if (event === "begin") this.#put("settings", this.#values.settings()); // those of a link are kept once they are used
    });
    this.#listenToOtherTabs();
    if (this.#lock.owns) return this.#begin();
    this.#report("elsewhere");
    this.#lock.turn.then(() => this.#begin()).catch((failure) => this.stop(failure));
  }

  /** Nothing can be kept any more. */
  stop(failure) {
    this.#report("impossible", failure);
  }

  /** The page may be left: what has changed is written now. */
  flush() {
    this.#session.checkpointSoon();
    return this.#queue.flush();
  }

  /** What training continues from, for a summary of `keptRuns`. */
  async checkpoint(run) {
    const checkpoint = await this.#workspace.checkpoint(run);
    this.#runs.willContinue(run.id);
    return { ...run, ...checkpoint };
  }

  async removeRun({ id }) {
    await this.#workspace.removeRun(id);
    await this.#readRuns();
    this.#runs.renew(); // there may have been no room for it
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
    this.#channel?.postMessage("deleted");
    await this.measure();
  }

  /** Finds out how much is kept, the cached data files included. */
  async measure() {
    const [kept, cached] = await Promise.all([this.#workspace?.size() ?? 0, cachedBytes()]);
    this.#state.keptBytes.value = kept + cached;
  }

  get #isKeeping() {
    return this.#state.keeping.peek().status === "keeping";
  }

  async #begin() {
    if (this.#state.keeping.peek().status === "deleted") return;
    this.#report("keeping");
    await this.#readRuns();
    this.#runs.renew();
  }

  async #readRuns() {
    try {
      this.#state.keptRuns.value = await this.#workspace.runs();
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

  #put(key, value, { soon = false } = {}) {
    if (!this.#isKeeping) return;
    this.#queue.put(key, value);
    if (soon) this.#queue.flush();
  }

  async #write(key, value) {
    if (!this.#isKeeping) return;
    try {
      if (key in this.#values) await this.#workspace.write(key, value);
      else await this.#writeRun(key, value);
      if (this.#isKeeping && this.#state.keeping.peek().failure) this.#report("keeping");
    } catch (failure) {
      if (failure.kind !== "keep_full") this.stop(failure);
      else if (this.#isKeeping) this.#report("keeping", failure);
    }
  }

  async #writeRun(id, { summary, checkpoint }) {
    await this.#workspace.writeRun(id, summary, checkpoint);
    const { keptRuns, runKept } = this.#state;
    if (runKept.peek().id === id) runKept.value = { id, step: summary.step };
    keptRuns.value = [{ ...summary, id }, ...keptRuns.peek().filter((run) => run.id !== id)];
  }

  #listenToOtherTabs() {
    if (!globalThis.BroadcastChannel) return;
    this.#channel = new BroadcastChannel(CHANNEL);
    this.#channel.addEventListener("message", () => this.#stopAndRemove());
  }

  /** What is being written now is removed as well. */
  async #stopAndRemove() {
    this.#report("deleted");
    this.#state.keptRuns.value = [];
    this.#state.unreadable.value = [];
    this.#state.keptBytes.value = null;
    await this.#queue.drop();
    await this.#workspace?.removeAll();
  }

  #report(status, failure = null) {
    this.#state.keeping.value = { status, failure };
  }
}
