// Looking back: a handle on the small curve of the run, and a row that says which snapshot is shown and what can be done with it.

import { nats } from "../messages/format.js";
import { text } from "../messages/text.js";
import { along, nearest } from "../time/thinning.js";
import { setAttribute, setText } from "./dom.js";
import { onFrame } from "./frame.js";

/** How far each key goes. */
const KEYS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -5, PageUp: 5 };
const FIRST = Number.NEGATIVE_INFINITY;

export class TimeView {
  #range;
  #row;
  #actions;
  #props = null;
  #draw;

  /** `range`: the handle; `row`: what is shown while one looks back. `actions`: goTo(step), move(by), present(), replay(), stop(), branch(). */
  constructor({ range, row }, actions) {
    this.#range = range;
    this.#row = row;
    this.#actions = actions;
    this.#draw = onFrame(() => this.#paint());
    range.addEventListener("input", () => this.#drag(Number(range.value)));
    range.addEventListener("change", () => this.#draw()); // the handle comes to rest at a snapshot
    range.addEventListener("keydown", (event) => this.#press(event));
    this.#onClick("time-before", () => actions.move(-1));
    this.#onClick("time-after", () => actions.move(1));
    this.#onClick("time-replay", () => (this.#props.replaying ? actions.stop() : actions.replay()));
    this.#onClick("time-branch", () => actions.branch());
    this.#onClick("time-now", () => {
      actions.present();
      range.focus({ preventScroll: true }); // the row is about to be hidden
    });
  }

  /**
   * `snapshots`: [{step, epoch}], the earliest first; `snapshot`: the one shown, or null; `step`: of the run now; `replaying`: whether one is shown
   * after the other; `losses`: {train, test} of the snapshot shown, in nats per image, null where they are not known; `branches`: whether training can go on from there.
   */
  update(props) {
    this.#props = props;
    this.#draw();
  }

  #drag(place) {
    const { snapshots, step } = this.#props;
    this.#actions.goTo(nearest([...snapshots.map((each) => each.step), step], place));
  }

  #press(event) {
    const by =
      event.key === "Home" ? FIRST : event.key === "End" ? Number.POSITIVE_INFINITY : KEYS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    this.#actions.move(by);
  }

  #paint() {
    const { snapshots, snapshot, step, replaying } = this.#props;
    this.#range.hidden = snapshots.length < 2;
    this.#range.dataset.snapshots = String(snapshots.length);
    this.#row.hidden = snapshot === null && !replaying;
    this.#range.max = String(along(step));
    if (!this.#range.matches(":active")) this.#range.value = String(along(snapshot?.step ?? step));
    setAttribute(this.#range, "aria-valuetext", this.#spoken());
    if (snapshot) this.#paintRow();
    this.#row.dataset.step = String(snapshot?.step ?? "");
  }

  #paintRow() {
    const { snapshots, snapshot, step, replaying, losses, branches } = this.#props;
    const words = text("time.at", { step: snapshot.step, of: step, epoch: snapshot.epoch.toFixed(1) });
    setText(this.#find("time-at"), words);
    setText(
      this.#find("time-losses"),
      losses.train === null && losses.test === null ? "" : lossesText(losses),
    );
    setText(this.#find("time-replay"), text(`time.${replaying ? "stop" : "replay"}`));
    this.#find("time-before").disabled = snapshot.step === snapshots[0]?.step;
    this.#find("time-branch").disabled = !branches;
  }

  #spoken() {
    const { snapshot, step } = this.#props;
    if (!snapshot) return text("time.spoken_now", { step });
    return text("time.spoken", { step: snapshot.step, of: step });
  }

  #onClick(id, act) {
    this.#find(id).addEventListener("click", act);
  }

  #find(id) {
    return this.#row.querySelector(`#${id}`);
  }
}

function lossesText({ train, test }) {
  return text("time.losses", { train: nats(train ?? Number.NaN), test: nats(test ?? Number.NaN) });
}
