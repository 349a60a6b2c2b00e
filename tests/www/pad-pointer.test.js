// Which pointer draws on the pad, and how its stroke ends: event by event, with the time stamps that decide about palms.

import assert from "node:assert/strict";
import { test } from "node:test";
import { PadPointer } from "../../www/views/pad-pointer.js";

const SIZE = 100; // px

/** A pad whose strokes are recorded as words: "begin 0.5", "begin 0.5 erase", "extend 0.6 0.7", "end", "cancel". */
function pad({ size = SIZE, capture = () => {} } = {}) {
  const window = new EventTarget();
  const document = Object.assign(new EventTarget(), { defaultView: window, hidden: false });
  const canvas = Object.assign(new EventTarget(), {
    ownerDocument: document,
    setPointerCapture: capture,
    getBoundingClientRect: () => ({ left: 0, top: 0, width: size, height: size }),
  });
  const words = [];
  new PadPointer(canvas, {
    begin: ({ point, erase }) => words.push(`begin ${point.x}${erase ? " erase" : ""}`),
    extend: (points) => words.push(`extend ${points.map(({ x }) => x).join(" ")}`),
    end: () => words.push("end"),
    cancel: () => words.push("cancel"),
  });
  let time = 0;
  const send = (type, { x = 0.5, at = time + 10, ...properties } = {}, target = canvas) => {
    time = at;
    const event = new Event(type, { cancelable: true });
    const given = {
      pointerId: 1,
      pointerType: "pen",
      isPrimary: true,
      button: type === "pointermove" ? -1 : 0,
      buttons: type === "pointerup" ? 0 : 1,
      clientX: x * SIZE,
      clientY: 50,
      timeStamp: time,
      ...properties,
    };
    for (const [name, value] of Object.entries(given)) Object.defineProperty(event, name, { value });
    target.dispatchEvent(event);
    return event;
  };
  return { send, words, window, document };
}

const TOUCH = { pointerType: "touch", pointerId: 2 };
const MOUSE = { pointerType: "mouse", pointerId: 3 };

test("press, moves and release are a stroke", () => {
  for (const pointer of [{}, TOUCH, MOUSE]) {
    const { send, words } = pad();
    send("pointerdown", pointer);
    send("pointermove", { ...pointer, x: 0.75 });
    send("pointerup", pointer);
    send("lostpointercapture", pointer);
    assert.deepEqual(words, ["begin 0.5", "extend 0.75", "end"]);
  }
});

test("the eraser end of a pen erases, as button 5 and as buttons 32", () => {
  for (const pressed of [
    { button: 5, buttons: 32 },
    { button: 0, buttons: 32 },
    { button: 5, buttons: 33 },
  ]) {
    const { send, words } = pad();
    send("pointerdown", pressed);
    send("pointermove", { buttons: 32, x: 0.75 });
    send("pointerup");
    assert.deepEqual(words, ["begin 0.5 erase", "extend 0.75", "end"]);
  }
});

test("other buttons draw nothing", () => {
  for (const pressed of [
    { ...MOUSE, button: 2, buttons: 2 },
    { ...MOUSE, button: 1, buttons: 4 },
    { ...MOUSE, button: 5, buttons: 32 },
    { button: 2, buttons: 3 },
  ]) {
    const { send, words } = pad();
    const event = send("pointerdown", pressed);
    send("pointermove", { ...pressed, button: -1 });
    assert.deepEqual(words, []);
    assert.equal(event.defaultPrevented, false);
  }
});

test("a pen takes the stroke of a palm back and draws", () => {
  const { send, words } = pad();
  send("pointerdown", { ...TOUCH, x: 0.25 });
  send("pointermove", { ...TOUCH, x: 0.3 });
  send("pointerdown");
  send("pointermove", { ...TOUCH, x: 0.35 });
  send("pointermove", { x: 0.75 });
  send("pointerup", TOUCH);
  send("pointerup");
  assert.deepEqual(words, ["begin 0.25", "extend 0.3", "cancel", "begin 0.5", "extend 0.75", "end"]);
});

test("a palm that lands while a pen draws, hovers or was just lifted draws nothing", () => {
  const { send, words } = pad();
  send("pointerdown", { at: 0 });
  send("pointerdown", { ...TOUCH, at: 5000 });
  send("pointerup", { at: 6000 });
  send("pointermove", { ...TOUCH, at: 6010 });
  send("pointerup", { ...TOUCH, at: 6020 });
  send("pointerdown", { ...TOUCH, at: 6900 });
  send("pointerup", { ...TOUCH, at: 6950 });
  send("pointermove", { buttons: 0, at: 9000 });
  send("pointerdown", { ...TOUCH, at: 9900 });
  send("pointerup", { ...TOUCH, at: 9950 });
  assert.deepEqual(words, ["begin 0.5", "end"]);
});

test("a finger draws again some time after the pen", () => {
  const { send, words } = pad();
  send("pointerdown", { at: 0 });
  send("pointerup", { at: 100 });
  send("pointerdown", { ...TOUCH, at: 1200 });
  assert.deepEqual(words, ["begin 0.5", "end", "begin 0.5"]);
});

test("a second finger is ignored", () => {
  const { send, words } = pad();
  const second = { ...TOUCH, pointerId: 9, isPrimary: false };
  send("pointerdown", TOUCH);
  send("pointerdown", { ...second, x: 0.9 });
  send("pointermove", { ...second, x: 0.95 });
  send("pointermove", { ...TOUCH, x: 0.6 });
  send("pointerup", second);
  send("pointercancel", second);
  send("pointerup", TOUCH);
  assert.deepEqual(words, ["begin 0.5", "extend 0.6", "end"]);
});

test("a cancelled pointer takes its stroke back, once", () => {
  for (const pointer of [{}, TOUCH, MOUSE]) {
    const { send, words } = pad();
    send("pointerdown", pointer);
    send("pointercancel", pointer);
    send("lostpointercapture", pointer);
    send("pointermove", pointer);
    assert.deepEqual(words, ["begin 0.5", "cancel"]);
  }
});

test("a lost capture alone ends the stroke", () => {
  const { send, words } = pad();
  send("pointerdown");
  send("lostpointercapture");
  send("pointerup");
  assert.deepEqual(words, ["begin 0.5", "end"]);
});

test("a move without the button that draws ends the stroke where it was", () => {
  for (const [pressed, buttons] of [
    [MOUSE, 0],
    [MOUSE, 2], // the left button was released while the right one is held
    [{ button: 5, buttons: 32 }, 1],
    [{}, 32],
  ]) {
    const { send, words } = pad();
    send("pointerdown", pressed);
    send("pointermove", { ...pressed, button: -1, buttons, x: 0.9 });
    send("pointermove", { ...pressed, button: -1, x: 0.95 });
    assert.equal(words.length, 2);
    assert.equal(words[1], "end");
  }
});

test("another button pressed meanwhile changes nothing", () => {
  const { send, words } = pad();
  send("pointerdown", MOUSE);
  send("pointermove", { ...MOUSE, button: 2, buttons: 3, x: 0.75 });
  send("pointermove", { ...MOUSE, button: 2, buttons: 1, x: 0.8 });
  send("pointerup", MOUSE);
  assert.deepEqual(words, ["begin 0.5", "extend 0.75", "extend 0.8", "end"]);
});

test("a stroke ends when the window loses the focus or the page is hidden", () => {
  const { send, words, window, document } = pad();
  send("pointerdown");
  send("blur", {}, window);
  send("pointermove", { x: 0.9 });
  send("pointerdown", { pointerId: 4 });
  document.hidden = true;
  send("visibilitychange", {}, document);
  document.hidden = false;
  send("visibilitychange", {}, document);
  send("blur", {}, window);
  assert.deepEqual(words, ["begin 0.5", "end", "begin 0.5", "end"]);
});

test("a pointer whose release was lost does not block the pad", () => {
  for (const [first, next] of [
    [MOUSE, MOUSE],
    [TOUCH, { ...TOUCH, pointerId: 8 }],
    [{}, { pointerId: 8 }],
  ]) {
    const { send, words } = pad();
    send("pointerdown", first);
    send("pointerdown", { ...next, x: 0.25 });
    send("pointermove", { ...next, x: 0.3 });
    assert.deepEqual(words, ["begin 0.5", "end", "begin 0.25", "extend 0.3"]);
  }
});

test("points that are no numbers, and a pad without a size, draw nothing", () => {
  const { send, words } = pad();
  send("pointerdown", { x: Number.NaN });
  send("pointermove", { x: 0.3 });
  send("pointerdown", { x: 0.25 });
  send("pointermove", { x: Number.NaN });
  send("pointermove", {
    getCoalescedEvents: () => [0.3, Number.NaN, 0.4].map((x) => ({ clientX: x * SIZE, clientY: 50 })),
  });
  assert.deepEqual(words, ["begin 0.25", "extend 0.3 0.4"]);
  const flat = pad({ size: 0 });
  flat.send("pointerdown");
  flat.send("pointermove");
  assert.deepEqual(flat.words, []);
});

test("a pointer that cannot be captured draws all the same", () => {
  const capture = () => {
    throw Object.assign(new Error("no such pointer"), { name: "NotFoundError" });
  };
  const { send, words } = pad({ capture });
  send("pointerdown");
  send("pointermove", { x: 0.75 });
  assert.deepEqual(words, ["begin 0.5", "extend 0.75"]);
});

test("what browsers do with touches by themselves is off on the pad", () => {
  const { send } = pad();
  for (const type of ["touchstart", "touchmove", "gesturestart", "dblclick", "contextmenu", "selectstart"])
    assert.ok(send(type).defaultPrevented, type);
});
