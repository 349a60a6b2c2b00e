// The drawings of a data set in the making, as a value that is never changed in place: `{classes, current, drawings}`.
//
// `classes`: their names. `current`: the index of the class that the next drawing gets, or null for none. `drawings`: {id, label, pixels}
// each, the oldest first; `label`: the index of a class or null; `pixels` [784] as the model sees them, 255 = ink.

import { PIXELS } from "./idx.js";

export const LONGEST_CLASS = 24; // characters
/** As many drawings as a person makes in hours; the whole shelf is written at each change. */
export const MOST_DRAWINGS = 2000;

export const EMPTY_SHELF = { classes: [], current: null, drawings: [] };

/** With a drawing of the current class; `pixels` [784], 0..=1. */
export function withDrawing(shelf, pixels) {
  const id = 1 + shelf.drawings.reduce((most, drawing) => Math.max(most, drawing.id), 0);
  const bytes = Uint8Array.from(pixels, (value) => Math.round(255 * value));
  return { ...shelf, drawings: [...shelf.drawings, { id, label: shelf.current, pixels: bytes }] };
}

export function withoutDrawing(shelf, id) {
  return { ...shelf, drawings: shelf.drawings.filter((drawing) => drawing.id !== id) };
}

/** With a drawing in another class, or in none where `label` is null. */
export function withLabel(shelf, id, label) {
  const drawings = shelf.drawings.map((drawing) => (drawing.id === id ? { ...drawing, label } : drawing));
  return { ...shelf, drawings };
}

export function withCurrent(shelf, current) {
  return { ...shelf, current };
}

/** With another class, which is the current one. */
export function withClass(shelf, name) {
  return { ...shelf, classes: [...shelf.classes, name], current: shelf.classes.length };
}

export function withClassName(shelf, index, name) {
  return { ...shelf, classes: shelf.classes.map((each, k) => (k === index ? name : each)) };
}

/** Without a class; its drawings stay, without one. */
export function withoutClass(shelf, index) {
  const renumbered = (label) => (label === null || label === index ? null : label - (label > index));
  return {
    classes: shelf.classes.filter((_, k) => k !== index),
    current: renumbered(shelf.current),
    drawings: shelf.drawings.map((drawing) => ({ ...drawing, label: renumbered(drawing.label) })),
  };
}

/** A name as a person typed it, without needless space, or null where it is empty, too long or taken by another class than `index`. */
export function className(shelf, typed, index = null) {
  const name = typed.trim().replace(/\s+/g, " ");
  const isTaken = shelf.classes.some((each, k) => each === name && k !== index);
  return name === "" || [...name].length > LONGEST_CLASS || isTaken ? null : name;
}

/** The name that the next class has until someone names it: A, B, .., then numbers. */
export function nextClassName({ classes }) {
  const letters = Array.from({ length: 26 }, (_, k) => String.fromCharCode(65 + k));
  const numbers = Array.from({ length: classes.length + 1 }, (_, k) => String(k + 1));
  return [...letters, ...numbers].find((name) => !classes.includes(name));
}

/** How many drawings each class has, and how many have none. */
export function shelfCounts({ classes, drawings }) {
  const of = (label) => drawings.filter((drawing) => drawing.label === label).length;
  return { classes: classes.map((_, index) => of(index)), none: of(null) };
}

/**
 * As images end to end with their labels and the classes that have any: {images [n * 784], labels [n] or null, classes}. Labels are known only
 * where every drawing has one.
 */
export function shelfImages(shelf) {
  const { drawings } = shelf;
  const images = imagesOf(drawings);
  if (shelfCounts(shelf).none > 0) return { images, labels: null, classes: [] };
  const used = shelf.classes
    .map((_, index) => index)
    .filter((index) => drawings.some(({ label }) => label === index));
  const labels = Uint8Array.from(drawings, ({ label }) => used.indexOf(label));
  return { images, labels, classes: used.map((index) => shelf.classes[index]) };
}

/** The images of drawings, end to end. */
export function imagesOf(drawings) {
  const images = new Uint8Array(drawings.length * PIXELS);
  for (const [k, { pixels }] of drawings.entries()) images.set(pixels, k * PIXELS);
  return images;
}
