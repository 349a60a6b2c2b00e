// What the views show, as parameters of an address: of the link, of what is kept for the next visit, and of a saved lab. Rows as in seen.js.

import { PAIR, SHOWN } from "../posterior/posterior-choice.js";
import { among, decimal, unless, whole, within } from "./words.js";

const IMAGES = [2000, 10_000, 100_000]; // of the map; the last are all, because no data set has more
const REACH = [1, 20]; // of the box, as its slider
const LARGEST_SEED = 2 ** 32 - 1;
const COURSES = ["straight", "spherical", "pixels"];
const LAST = 60; // place on a path
const SOURCES = [SHOWN, ...PAIR]; // of models that have a cross
const on = (words) => (words === "on" ? true : undefined);

export const VIEWS = {
  axes: {
    write: ({ mapChoice: { value } }) => (Array.isArray(value.axes) ? fromOne(value.axes) : value.axes),
    read: (words) => (words === "principal" ? words : pair(words)),
  },
  images: {
    write: ({ mapChoice: { value } }) => unless(value.count, IMAGES[0]),
    read: (words) => among(whole(words), IMAGES),
  },
  camera: {
    write: ({ mapCamera: { value } }) => value && [...value.centre, value.reach].join(","),
    read: camera,
  },
  background: {
    write: ({ mapBackground }) => (mapBackground.value ? "on" : null),
    read: on,
  },
  grid: {
    write: ({ asGrid }) => (asGrid.value ? "on" : null),
    read: on,
  },
  random: {
    write: ({ seeds: { value } }) => [value.noise, value.corruption, value.prior].join(","),
    read: seeds,
  },
  draws: {
    write: ({ samples: { value } }) => unless(value.seed, 1),
    read: (words) => within(whole(words), 0, LARGEST_SEED),
  },
  box: {
    write: ({ samples: { value } }) => unless(value.reach, 3),
    read: (words) => within(decimal(words), ...REACH),
  },
  course: {
    write: ({ course: { value } }) => unless(value.kind, COURSES[0]),
    read: (words) => among(words, COURSES),
  },
  place: {
    write: ({ course: { value } }) => unless(value.at, 0),
    read: (words) => within(whole(words), 0, LAST),
  },
  posteriors: {
    write: ({ posteriorChoice }) => posteriorChoice.value,
    read: (words) => among(words, ["shown", "pair"]),
  },
  cross: {
    write: ({ crosses: { value } }) => Object.entries(value).flat(2).join(",") || null,
    read: (words) => bySource(words, 2),
  },
  frame: {
    write: ({ frames: { value } }) =>
      Object.entries(value)
        .flatMap(([source, { centre, reach }]) => [source, ...centre, reach])
        .join(",") || null,
    read: frames,
  },
};

function fromOne(components) {
  return components.map((component) => component + 1).join(",");
}

/** Two different components, counted from 0. */
function pair(words) {
  const components = words.split(",").map((each) => whole(each) - 1);
  const isPair = components.length === 2 && components[0] !== components[1];
  return isPair && components.every((each) => each >= 0 && each < 1024) ? components : undefined;
}

function camera(words) {
  const numbers = words.split(",").map(decimal);
  const [x, y, reach] = numbers;
  const isRight = numbers.length === 3 && numbers.every(Number.isFinite) && reach > 0;
  return isRight ? { centre: [x, y], reach } : undefined;
}

function seeds(words) {
  const numbers = words.split(",").map(whole);
  const [noise, corruption, prior] = numbers;
  const isRight =
    numbers.length === 3 && numbers.every((seed) => within(seed, 0, LARGEST_SEED) !== undefined);
  return isRight ? { noise, corruption, prior } : undefined;
}

/** {source: [..]} of a few models, `count` numbers each. */
function bySource(words, count) {
  const parts = words.split(",");
  const found = {};
  for (let k = 0; k < parts.length; k += count + 1) {
    const numbers = parts.slice(k + 1, k + 1 + count).map(decimal);
    if (!SOURCES.includes(parts[k]) || numbers.length < count || !numbers.every(Number.isFinite))
      return undefined;
    found[parts[k]] = numbers;
  }
  return found;
}

function frames(words) {
  const found = Object.entries(bySource(words, 3) ?? {});
  const isRight = found.length > 0 && found.every(([, [, , reach]]) => reach > 0);
  return isRight
    ? Object.fromEntries(found.map(([source, [x, y, reach]]) => [source, { centre: [x, y], reach }]))
    : undefined;
}
