// The map of the model shown: decides when the test images are encoded again, and in which plane they are seen.

import { computed, effect, untracked } from "@preact/signals-core";
import { latest } from "../worker/latest.js";
import { chosenAxes } from "./plane-choice.js";
import { hasPlane } from "./plane-geometry.js";
import { isOfSameRun, snapshotOf } from "./snapshots.js";

/**
 * Between the beginnings of two maps of a run: 20 times what a map takes, so that it costs a twentieth of a core, but not less than half a
 * second. Where that is long, on a slow device or with many images, every three seconds is enough to see it move, at a sixth of the time at most.
 */
const PERIOD_MS = { least: 500, most: 3000 };
const SHARE = { least: 20, most: 6 };

const NONE = { view: null, progress: null, loading: false, trouble: null };

export class LatentMap {
  #state;
  #client;
  #weights;
  #now;
  #inputs;
  #before = null; // the last inputs followed
  #timer = null;
  #running = false;
  #later = false; // whether later weights of the run arrived meanwhile
  #due = 0; // the next map of the same run begins no earlier
  #encoded = null; // {shown, snapshot, step, count, data} of the images encoded
  #axes = null; // of the last map: two components, or []

  /** `weights()` resolves to a copy of the bytes of the model shown. */
  constructor({ state, client, weights, now = () => performance.now() }) {
    this.#state = state;
    this.#client = client;
    this.#weights = weights;
    this.#now = now;
    this.#inputs = computed(() => ({
      open: state.open.value.plane && !state.showing.value,
      shown: state.shown.value,
      choice: state.mapChoice.value,
      data: state.dataset.value,
    }));
    effect(() => {
      const inputs = this.#inputs.value;
      untracked(() => this.#follow(inputs));
    });
  }

  /** Resolves to the picture [784] of the test image at `index`. */
  picture(index) {
    return this.#client.picture(index);
  }

  /** After a failure: encodes again. */
  retry() {
    this.#encoded = null;
    return this.#update();
  }

  /** Later weights of a run wait for their turn; everything else is shown at once. */
  #follow({ open, shown, choice, data }) {
    if (!open || !shown) return;
    const now = { choice, data, snapshot: snapshotOf(shown) };
    const before = this.#before;
    this.#before = now;
    const isSame = before?.choice === choice && before.data === data;
    const goesOn = isSame && isOfSameRun(before.snapshot, now.snapshot);
    const waits = goesOn && !shown.snapshot;
    if (waits) return this.#schedule();
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#update();
  }

  #schedule() {
    this.#later = this.#running;
    if (this.#running || this.#timer !== null) return;
    const update = () => {
      this.#timer = null;
      this.#update();
    };
    this.#timer = setTimeout(update, Math.max(0, this.#due - this.#now()));
  }

  #update = latest(async () => {
    const { open, shown, choice, data } = this.#inputs.peek();
    if (!open || !shown) return;
    if (!hasPlane(shown.description.model)) return this.#forget();
    const begun = this.#now();
    this.#running = true;
    try {
      if (await this.#encode(shown, Math.min(choice.count, data.test), data)) await this.#show(shown, choice);
    } catch (error) {
      this.#encoded = null;
      this.#write({ ...NONE, trouble: error });
    } finally {
      this.#running = false;
    }
    const took = this.#now() - begun;
    this.#due = begun + pauseAfter(took);
    if (this.#later) this.#schedule();
  });

  /** Encodes the images where they are not; false where another model or nothing is to be shown before all are. */
  async #encode(shown, count, data) {
    const before = this.#encoded;
    const isNew = before?.shown !== shown || this.#client.isLost;
    if (!isNew && before.count === count) return true;
    const snapshot = snapshotOf(shown);
    const step = this.#state.stepShown.peek();
    const continues = before?.data === data && isOfSameRun(before.snapshot, snapshot);
    if (!continues && isNew) this.#forget();
    if (isNew) await this.#load();
    for (let done = 0, of = 1; done < of; ) {
      ({ done, of } = await this.#client.encode(count));
      if (!this.#isWanted(shown, snapshot, data)) return false;
      if (!continues) this.#write({ progress: { done, of } });
    }
    this.#encoded = { shown, snapshot, step, count, data };
    return true;
  }

  async #load() {
    const loading = this.#client.isLost;
    if (loading) this.#write({ loading, trouble: null });
    await this.#client.load(await this.#weights());
    if (loading) this.#write({ loading: false });
  }

  /** Whether a map of `shown` is still of interest: the panel is open, and no other model or data set is shown. */
  #isWanted(shown, snapshot, data) {
    const { shown: now, data: present } = this.#inputs.peek();
    if (!this.#state.open.peek().plane || now === null || data !== present) return false;
    return now === shown || isOfSameRun(snapshot, snapshotOf(now));
  }

  async #show(shown, choice) {
    const { view: last } = this.#state.map.peek();
    const size = shown.description.code.length;
    const before = last ? Float32Array.of(...last.across, ...last.upwards) : new Float32Array(0);
    const usage = this.#state.usage.peek();
    let components = chosenAxes({
      choice: choice.axes,
      held: this.#axes,
      usage,
      variances: last?.variances,
      size,
    });
    let view = await this.#client.view({ components, before });
    // Without a measured usage the variances of the codes decide, which are known only now.
    const better = chosenAxes({
      choice: choice.axes,
      held: last && components,
      usage,
      variances: view.variances,
      size,
    });
    if (better.join() !== components.join()) {
      components = better;
      view = await this.#client.view({ components, before });
    }
    if (!this.#isWanted(shown, this.#encoded.snapshot, this.#encoded.data)) return;
    this.#axes = components;
    const { step } = this.#encoded;
    const of = this.#encoded.data.test;
    this.#write({ ...NONE, view: { ...view, of, components, step, continues: last !== null } });
  }

  /** Another model: nothing is held. */
  #forget() {
    this.#encoded = null;
    this.#axes = null;
    this.#write(NONE);
  }

  #write(change) {
    const { map } = this.#state;
    map.value = { ...map.value, ...change };
  }
}

function pauseAfter(took) {
  const short = Math.min(SHARE.least * took, PERIOD_MS.most);
  return Math.max(PERIOD_MS.least, short, SHARE.most * took);
}
