// How often each code of the codebook shown is used over test images: counted in the evaluator's worker while the codes are in sight, and of a run
// again as it trains, at most a sixth of the time.

import { computed, effect, untracked } from "@preact/signals-core";
import { hasCodebook } from "../settings/schema.js";
import { latest } from "../worker/latest.js";
import { isOfSameRun, snapshotOf } from "./snapshots.js";

const IMAGES = 2000;
/** Between the beginnings of two counts of a run; on a slow device at least SHARE times what one takes. */
const PERIOD_MS = 2000;
const SHARE = 6;

/** Before anything is counted. */
const NOTHING = { levels: null, images: 0, step: null, progress: null, trouble: null };

export class CodeUsage {
  #state;
  #client;
  #weights;
  #now;
  #inputs;
  #before = null; // what was followed last
  #data = null; // the data set then
  #counted = null; // the value of state.shown whose codes are counted
  #timer = null;
  #running = false;
  #later = false; // whether later weights of the run arrived meanwhile
  #due = 0;

  /** `client`: a MapClient; `weights()` resolves to a copy of the bytes of the model shown. */
  constructor({ state, client, weights, now = () => performance.now() }) {
    this.#state = state;
    this.#client = client;
    this.#weights = weights;
    this.#now = now;
    this.#inputs = computed(() => {
      const shown = state.shown.value;
      const isCodebook = shown && hasCodebook(shown.description.model);
      const data = state.dataset.value;
      return { open: state.open.value.usage && !state.showing.value, shown: isCodebook ? shown : null, data };
    });
    effect(() => {
      const inputs = this.#inputs.value;
      untracked(() => this.#follow(inputs));
    });
  }

  #follow({ open, shown, data }) {
    if (!open || !shown) return;
    const now = snapshotOf(shown);
    const continues = this.#data === data && isOfSameRun(this.#before, now);
    if (this.#data !== data) this.#counted = null;
    this.#data = data;
    this.#before = now;
    if (continues && !shown.snapshot) return this.#schedule();
    clearTimeout(this.#timer);
    this.#timer = null;
    if (shown !== this.#counted && !continues) this.#state.codeUsage.value = NOTHING;
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
    const { open, shown } = this.#inputs.peek();
    if (!open || !shown || shown === this.#counted) return;
    const begun = this.#now();
    this.#running = true;
    try {
      await this.#count(shown);
    } catch (error) {
      this.#write({ progress: null, trouble: error });
    } finally {
      this.#running = false;
    }
    this.#due = begun + Math.max(PERIOD_MS, SHARE * (this.#now() - begun));
    if (this.#later) this.#schedule();
  });

  async #count(shown) {
    const step = this.#state.stepShown.peek();
    const { data } = this.#inputs.peek();
    const images = Math.min(IMAGES, data.test);
    await this.#client.load(await this.#weights());
    for (let done = 0, of = 1; done < of; ) {
      ({ done, of } = await this.#client.encode(images));
      const { open, shown: now, data: present } = this.#inputs.peek();
      if (!open || now?.source !== shown.source || data !== present) return;
      if (this.#state.codeUsage.peek().levels === null)
        this.#write({ progress: { done, of }, trouble: null });
    }
    const levels = await this.#client.codeUsage();
    this.#counted = shown;
    this.#write({
      levels,
      images,
      step: shown.source === "training" ? step : null,
      progress: null,
      trouble: null,
    });
  }

  #write(change) {
    const { codeUsage } = this.#state;
    codeUsage.value = { ...codeUsage.value, ...change };
  }
}
