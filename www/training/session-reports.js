// Where the reports of a training session go: into the state, the pictures, the sliders and the announcements.

import { sentence } from "../messages/failure.js";
import { text } from "../messages/text.js";
import { TrainingMetrics } from "./metrics.js";
import { TrainingAnnouncer } from "./training-announcer.js";

export class SessionReports {
  #state;
  #data;
  #explore;
  #display;
  #notices;
  #failed;
  #metrics;
  #spoken;

  /** `display`: the RunDisplay; `failed(trouble)` is called when the session has failed; the others as in the training controller. */
  constructor({ state, data, explore, display, announcer, notices, failed }) {
    this.#state = state;
    this.#data = data;
    this.#explore = explore;
    this.#display = display;
    this.#notices = notices;
    this.#failed = failed;
    this.#metrics = new TrainingMetrics(state);
    this.#spoken = new TrainingAnnouncer(announcer);
  }

  /** Takes an event of the session, as in training-session.js. */
  take(event, detail) {
    if (event !== "progress") this.#metrics.settle();
    this.#metrics[event]?.(detail);
    this.#on[event]?.(detail);
  }

  /** What follows from each event, apart from the metrics. */
  #on = {
    status: (detail) => {
      this.#spoken.status(detail);
      if (detail.trouble) this.#failed(detail.trouble);
      if (["paused", "finished"].includes(detail.status)) this.#settleUsage();
    },
    phase: (phase) => this.#spoken.phase(phase),
    begin: (detail) => {
      this.#spoken.begin(detail);
      this.#display.begin({ fresh: !detail.resumed || detail.history !== null });
      this.#data.keep();
    },
    device: (device) => this.#spoken.device(device),
    refused: (error) => {
      const note = text("training.refused", { reason: sentence(error) });
      this.#state.settingsNote.value = { text: note, corrected: null };
      this.#spoken.refused(error);
    },
    disagreed: ({ error, step }) => {
      const words = text("training.notice.disagreed", { step, reason: sentence(error) });
      this.#notices.show({ name: "device", text: words });
    },
    threads_lost: ({ error, step }) => {
      const words = text("training.notice.threads_lost", { step, reason: sentence(error) });
      this.#notices.show({ name: "device", text: words });
    },
    progress: (detail) => this.#spoken.progress({ ...detail, loss: this.#state.losses.peek().train.total }),
    test: (detail) => {
      const settled = detail.which === "full";
      if (this.#display.isShown) this.#explore.useUsage(detail.usage, { settled });
      this.#spoken.test(detail);
    },
    snapshot: (weights) => this.#display.show(weights),
  };

  /** Once training has paused, the sliders may be reordered. */
  #settleUsage() {
    const usage = this.#state.usage.peek();
    if (usage) this.#explore.useUsage(usage, { settled: true });
  }
}
