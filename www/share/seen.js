// What of the page an address can carry beside system, settings, view and comparison, so that somebody else sees the same. What was drawn
// or edited is in the fragment, which a browser does not send to the server.

import { imageAt, indexOfImage, PIXELS } from "../explore/images.js";
import { labelAt } from "../explore/test-images.js";
import { text } from "../messages/text.js";
import { firstEnds } from "../paths/path-end.js";
import { allSourcesOf } from "../settings/sources.js";
import { shorten } from "../settings/values.js";
import { floatsOfText, textOfFloats } from "./base64url.js";
import { strokesToText, textToStrokes } from "./drawing-text.js";
import { endOfText, textOfEnd } from "./end-text.js";
import { VIEWS } from "./views-seen.js";
import { among, unless, whole, within } from "./words.js";

const CORRUPTIONS = ["none", "noise", "mask", "salt_and_pepper"];

/**
 * By the name of each parameter: `write(state, context)`, its text, or null where it says nothing; `read(text, context)`, its value, or
 * undefined where it is none. `context`: {system, systems, dataset, digits}, the preset, all presets, the data set as in the state,
 * and some of its test images, as in explore/test-images.js.
 */
const QUERY = {
  /** What is kept where the link is opened is not mixed with it. */
  kept: { write: () => "off", read: (words) => (words === "off" ? true : undefined) },
  weights: {
    write: ({ shown }, { systems }) => {
      const source = shown.value?.source;
      return sourcesOfAll(systems).includes(source) ? source : null;
    },
    read: (words, { systems }) => among(words, sourcesOfAll(systems)),
  },
  component: {
    write: ({ component }) => unless(component.value + 1, 1),
    read: (words) => within(whole(words), 1, 1024),
  },
  label: {
    write: (state) => (isImplied(state) ? null : String(state.labelChoice.value.label)),
    read: (words, { dataset }) => within(whole(words), 0, dataset.classes.length - 1),
  },
  infer: {
    write: (state) => (state.labelChoice.value.inferred && !isImplied(state) ? "on" : null),
    read: (words) => (words === "on" ? true : undefined),
  },
  corrupt: {
    write: ({ corruption, system }) => unless(corruption.value, system.value.train.corruption),
    read: (words) => among(words, CORRUPTIONS),
  },
  centre: {
    write: ({ centre }) => (centre.value ? null : "off"),
    read: (words) => (words === "off" ? false : undefined),
  },
  ...VIEWS,
};
const FRAGMENT = {
  /** The test image on the pad, of MNIST a digit. */
  digit: {
    write: ({ drawing }, { digits }) => {
      const [first] = drawing.value.items;
      return first?.image ? String(indexOfImage(first.image, digits.pictures)) : null;
    },
    read: (words, { digits }) => within(whole(words), 0, digits.pictures.length / PIXELS - 1),
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
  a: endOf("a"),
  b: endOf("b"),
};

/** An end of the paths; the usual ones need no words. */
function endOf(at) {
  return {
    write: ({ ends: { value } }, { digits }) => {
      const words = value[at] && textOfEnd(value[at], digits);
      return words === textOfEnd(firstEnds(digits)[at], digits) ? null : words;
    },
    read: (words, context) => endOfText(words, context) ?? undefined,
  };
}

/** The parameters of the query. */
export const NAMES = Object.keys(QUERY);

/** The parameters that bring back what is seen now: {query, fragment}, texts by name. */
export function textsOfSeen(state, context) {
  return { query: texts(QUERY, state, context), fragment: texts(FRAGMENT, state, context) };
}

/** Those of the query that say what the views show. */
export function textsOfViews(state) {
  return texts(VIEWS, state);
}

/** Of values that an address brings, those of what the views show. */
export function onlyViews(seen) {
  return Object.fromEntries(Object.entries(seen).filter(([key]) => key in VIEWS));
}

function texts(parts, state, context) {
  const pairs = Object.entries(parts).map(([key, { write }]) => [key, write(state, context)]);
  return Object.fromEntries(pairs.filter(([, words]) => words !== null && words !== undefined));
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

/** The texts of what an address brings, {query, fragment}, as it has them. */
export function textsFromAddress({ search, hash }, seen) {
  const brought = (words, parts) => {
    const parameters = new URLSearchParams(words);
    const keys = Object.keys(parts).filter((key) => key in seen);
    return Object.fromEntries(keys.map((key) => [key, parameters.get(key)]));
  };
  return { query: brought(search, QUERY), fragment: brought(hash.replace(/^#/, ""), FRAGMENT) };
}

function refusal(key, asked) {
  return text(`share.refused.${key}`, { asked: shorten(asked.join(", ")) });
}

/** The items of a drawing that an address brings, or null. */
export function itemsOfSeen({ digit, drawing }, { digits }) {
  if (digit === undefined && !drawing) return null;
  const image =
    digit === undefined ? [] : [{ image: imageAt(digits.pictures, digit), label: labelAt(digits, digit) }];
  return [...image, ...(drawing ?? [])];
}

/** Whether the label is the one that a page begins with, or that comes with the test image. */
function isImplied({ labelChoice: { value }, drawing }) {
  return value.inferred && value.label === (drawing.value.items[0]?.label ?? 0);
}

function sourcesOfAll(systems) {
  return systems.flatMap(allSourcesOf);
}
