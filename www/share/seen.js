// What of the page an address can carry beside system, settings, view and comparison, so that somebody else sees the same. What was drawn
// or edited is in the fragment, which a browser does not send to the server.

import { imageAt } from "../explore/images.js";
import { text } from "../messages/text.js";
import { sourcesOf } from "../settings/sources.js";
import { shorten } from "../settings/values.js";
import { floatsOfText, textOfFloats } from "./base64url.js";
import { strokesToText, textToStrokes } from "./drawing-text.js";

const IMAGES = [2000, 10_000]; // of the map
const CORRUPTIONS = ["none", "noise", "mask", "salt_and_pepper"];
const REACH = [1, 20]; // of the box, as its slider
const LARGEST_SEED = 2 ** 32 - 1;

/**
 * By the name of each parameter: `write(state, context)`, its text, or null where it says nothing; `read(text, context)`, its value, or
 * undefined where it is none. `context`: {system, digits}, the preset and the twenty test digits.
 */
const QUERY = {
  weights: {
    write: ({ shown, system }) => {
      const source = shown.value?.source;
      return sourcesOf(system.value).includes(source) ? source : null;
    },
    read: (words, { system }) => among(words, sourcesOf(system)),
  },
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
  grid: {
    write: ({ asGrid }) => (asGrid.value ? "on" : null),
    read: (words) => (words === "on" ? true : undefined),
  },
  component: {
    write: ({ component }) => unless(component.value + 1, 1),
    read: (words) => within(whole(words), 1, 1024),
  },
  label: {
    write: ({ labelChoice: { value }, shown }) =>
      shown.value?.description.model.labelled && !(shown.value.description.model.classifier && value.inferred)
        ? String(value.digit)
        : null,
    read: (words) => within(whole(words), 0, 9),
  },
  corrupt: {
    write: ({ corruption, system }) => unless(corruption.value, system.value.train.corruption),
    read: (words) => among(words, CORRUPTIONS),
  },
  centre: {
    write: ({ centre }) => (centre.value ? null : "off"),
    read: (words) => (words === "off" ? false : undefined),
  },
  samples: {
    write: ({ samples: { value } }) => unless(value.seed, 1),
    read: (words) => within(whole(words), 0, LARGEST_SEED),
  },
  box: {
    write: ({ samples: { value } }) => unless(value.reach, 3),
    read: (words) => within(decimal(words), ...REACH),
  },
};
const FRAGMENT = {
  digit: {
    write: ({ drawing }, { digits }) => {
      const [first] = drawing.value.items;
      return first?.image ? String(indexOf(first.image, digits.pictures)) : null;
    },
    read: (words, { digits }) => within(whole(words), 0, digits.labels.length - 1),
  },
  drawing: {
    write: ({ drawing }) => {
      const strokes = drawing.value.items.filter(({ points }) => points);
      return strokes.length > 0 ? strokesToText(strokes) : null;
    },
    read: (words) => textToStrokes(words) ?? undefined,
  },
  code: {
    write: ({ code, codeOrigin }) => (codeOrigin.value === "drawing" ? null : textOfFloats(code.value)),
    read: (words) => floatsOfText(words) ?? undefined,
  },
};

/** The parameters that bring back what is seen now: {query, fragment}, texts by name. */
export function textsOfSeen(state, context) {
  const texts = (parts) =>
    Object.fromEntries(
      Object.entries(parts)
        .map(([key, { write }]) => [key, write(state, context)])
        .filter(([, words]) => words !== null && words !== undefined),
    );
  return { query: texts(QUERY), fragment: texts(FRAGMENT) };
}

/** `seen`: the values that an address brings, by name; `complaints`: a sentence for each that it brings in vain. */
export function seenFromAddress({ search, hash }, context) {
  const seen = {};
  const complaints = [];
  const take = (parameters, parts) => {
    for (const [key, { read }] of Object.entries(parts)) {
      const asked = [...new Set(parameters.getAll(key))];
      if (asked.length === 0) continue;
      const value = asked.length === 1 ? read(asked[0], context) : undefined;
      if (value === undefined) complaints.push(refusal(key, asked));
      else seen[key] = value;
    }
  };
  take(new URLSearchParams(search), QUERY);
  take(new URLSearchParams(hash.replace(/^#/, "")), FRAGMENT);
  return { seen, complaints };
}

function refusal(key, asked) {
  return text(`share.refused.${key}`, { asked: shorten(asked.join(", ")) });
}

/** The items of a drawing that an address brings, or null. */
export function itemsOfSeen({ digit, drawing }, { digits }) {
  if (digit === undefined && !drawing) return null;
  const image =
    digit === undefined ? [] : [{ image: imageAt(digits.pictures, digit), digit: digits.labels[digit] }];
  return [...image, ...(drawing ?? [])];
}

function among(value, known) {
  return known.includes(value) ? value : undefined;
}

function within(value, least, most) {
  return value >= least && value <= most ? value : undefined;
}

/** A whole number as it is written in decimals, or NaN. */
function whole(words) {
  return /^\d{1,10}$/.test(words) ? Number(words) : Number.NaN;
}

function decimal(words) {
  return /^-?\d{1,9}(\.\d{1,20})?(e-?\d{1,2})?$/.test(words) ? Number(words) : Number.NaN;
}

function unless(value, usual) {
  return value === usual ? null : String(value);
}

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

function indexOf(image, pictures) {
  const count = pictures.length / image.length;
  const isSame = (index) => image.every((value, k) => pictures[index * image.length + k] === value);
  return Array.from({ length: count }, (_, index) => index).find(isSame);
}
