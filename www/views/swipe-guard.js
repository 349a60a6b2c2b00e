// Keeps range inputs from being moved by a swipe that is meant to scroll. A browser moves the thumb at the first touch, before it is
// known where the finger goes: that value is held back until the gesture is a tap or goes along the track.

/** A finger that stays within this is tapping, in CSS pixels. */
const SLOP = 8;

/** Guards every range input inside `root`, also those that are still to come. */
export function guardAgainstSwipes(root) {
  const guard = new SwipeGuard();
  const listen = (name, act) => root.addEventListener(name, act, { capture: true });
  listen("pointerdown", (event) => guard.begin(event));
  listen("pointermove", (event) => guard.move(event));
  listen("pointerup", (event) => guard.end(event));
  listen("pointercancel", (event) => guard.cancel(event));
  for (const name of ["input", "change"]) listen(name, (event) => guard.holdBack(event));
}

class SwipeGuard {
  #gestures = new Map(); // by pointer: {input, x, y, before, wanted, along, over}; `along` the track: null while undecided

  begin({ target, pointerType, pointerId, clientX: x, clientY: y }) {
    for (const [pointer, { over }] of this.#gestures) if (over) this.#gestures.delete(pointer);
    if (pointerType !== "touch" || target.type !== "range") return;
    const { value } = target;
    this.#gestures.set(pointerId, { input: target, x, y, before: value, wanted: value, along: null });
  }

  move({ pointerId, clientX, clientY }) {
    const gesture = this.#gestures.get(pointerId);
    if (gesture?.along !== null) return;
    const [across, down] = [Math.abs(clientX - gesture.x), Math.abs(clientY - gesture.y)];
    if (Math.max(across, down) > SLOP) gesture.along = across > down;
  }

  /** A tap takes the value that was held back. */
  end({ pointerId }) {
    const gesture = this.#gestures.get(pointerId);
    if (!gesture) return;
    if (gesture.along === false) return this.cancel({ pointerId });
    this.#gestures.delete(pointerId);
    const { input, before, wanted, along } = gesture;
    if (along || wanted === before) return;
    input.value = wanted;
    for (const name of ["input", "change"]) input.dispatchEvent(new Event(name, { bubbles: true }));
  }

  /** The browser scrolls instead. It may still report that the value is as it was. */
  cancel({ pointerId }) {
    const gesture = this.#gestures.get(pointerId);
    if (!gesture) return;
    gesture.input.value = gesture.before;
    gesture.over = true;
  }

  /** Unless the gesture goes along the track, its change has not happened. */
  holdBack(event) {
    const gesture = [...this.#gestures.values()].find(({ input }) => input === event.target);
    if (!gesture || gesture.along) return;
    const { input, before, over, along } = gesture;
    if (over && input.value !== before) return; // by mouse or keyboard, later
    if (along === null) gesture.wanted = input.value;
    input.value = before;
    event.stopImmediatePropagation();
  }
}
