// From pointer events on the pad to strokes: which pointer draws, and when its stroke ends, vanishes or never begins.

const CONTACT = 1; // bits of PointerEvent.buttons: the left button, a finger, a pen's tip
const ERASER_END = 32;
const ERASER_BUTTON = 5; // the same in PointerEvent.button
/** A touch that begins this soon after the last sign of a pen on the pad is the palm of the hand that holds it. */
const PALM_MS = 1000;

/** What a browser does with touches of its own: scrolling, zooming, Scribble, selecting, long presses. */
const TAKEN = [
  "touchstart",
  "touchmove",
  "gesturestart",
  "dblclick",
  "contextmenu",
  "selectstart",
  "dragstart",
];

export class PadPointer {
  #canvas;
  #strokes;
  #drawing = null; // {id, type, bit} of the pointer that draws; `bit` of `buttons` is set while it does
  #penSeen = Number.NEGATIVE_INFINITY; // time stamp, ms

  /** `strokes`: begin({point, erase}, time), extend(points, time), end(time), cancel(time); points in units of the pad, ms. */
  constructor(canvas, strokes) {
    this.#canvas = canvas;
    this.#strokes = strokes;
    canvas.addEventListener("pointerdown", (event) => this.#press(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", (event) => this.#release(event));
    canvas.addEventListener("lostpointercapture", (event) => this.#release(event));
    canvas.addEventListener("pointercancel", (event) => this.#cancel(event));
    for (const name of TAKEN)
      canvas.addEventListener(name, (event) => event.preventDefault(), { passive: false });
    const document = canvas.ownerDocument;
    document.addEventListener("visibilitychange", (event) => document.hidden && this.#end(event.timeStamp));
    document.defaultView.addEventListener("blur", (event) => this.#end(event.timeStamp));
  }

  #press(event) {
    const bit = contact(event);
    const [point] = this.#points([event]);
    this.#notePen(event);
    if (!bit || !point || this.#isPalm(event) || !this.#makesWay(event)) return;
    event.preventDefault();
    this.#drawing = { id: event.pointerId, type: event.pointerType, bit };
    this.#capture(event.pointerId);
    this.#strokes.begin({ point, erase: bit === ERASER_END }, event.timeStamp);
  }

  /** Whether the pointer of an event may draw; a stroke that another one was drawing is ended or taken back. */
  #makesWay(event) {
    const other = this.#drawing;
    if (other === null) return true;
    if (other.type === "touch" && event.pointerType === "pen") {
      this.#drawing = null;
      this.#strokes.cancel(event.timeStamp);
      return true;
    }
    // Of one type only one pointer is primary: the release of the other one was lost.
    const released = other.id === event.pointerId || (event.isPrimary && other.type === event.pointerType);
    if (released) this.#end(event.timeStamp);
    return released;
  }

  #isPalm({ pointerType, timeStamp }) {
    return pointerType === "touch" && timeStamp - this.#penSeen < PALM_MS;
  }

  #notePen({ pointerType, timeStamp }) {
    if (pointerType === "pen") this.#penSeen = timeStamp;
  }

  #move(event) {
    this.#notePen(event);
    if (!this.#draws(event)) return;
    // A release that the browser never reported, or reports as a change of buttons.
    if (!(event.buttons & this.#drawing.bit)) return this.#end(event.timeStamp);
    const coalesced = event.getCoalescedEvents?.() ?? [];
    const points = this.#points(coalesced.length > 0 ? coalesced : [event]);
    if (points.length > 0) this.#strokes.extend(points, event.timeStamp);
  }

  #release(event) {
    this.#notePen(event);
    if (this.#draws(event)) this.#end(event.timeStamp);
  }

  #cancel(event) {
    if (!this.#draws(event)) return;
    this.#drawing = null;
    this.#strokes.cancel(event.timeStamp);
  }

  #end(time) {
    if (this.#drawing === null) return;
    this.#drawing = null;
    this.#strokes.end(time);
  }

  #draws({ pointerId }) {
    return pointerId === this.#drawing?.id;
  }

  /** Without capture a stroke ends at the edge of the pad. */
  #capture(id) {
    try {
      this.#canvas.setPointerCapture(id);
    } catch (error) {
      if (error.name !== "NotFoundError") throw error; // the pointer is gone already
    }
  }

  /** Where events lie on the pad; none where the pad has no size. */
  #points(events) {
    const box = this.#canvas.getBoundingClientRect();
    return events
      .map(({ clientX, clientY }) => ({
        x: (clientX - box.left) / box.width,
        y: (clientY - box.top) / box.height,
      }))
      .filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  }
}

/** The bit of `buttons` by which an event's pointer draws; 0 where it must not, as with the right button or a pen's side button. */
function contact({ pointerType, button, buttons }) {
  const erases = pointerType !== "mouse" && (button === ERASER_BUTTON || buttons & ERASER_END);
  if (erases) return ERASER_END;
  return button <= 0 ? CONTACT : 0;
}
