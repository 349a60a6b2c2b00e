// Values as JSON text that is the same for the same value: keys in order. Numbers come back as they were, arrays of floats too.

import { Failure } from "../messages/failure.js";

/** Arrays of these names are Float32Arrays: the pixels of an image, and a latent code, by itself or as an end of a path. */
const FLOATS = ["image", "values", "code"];
const NOT_FINITE = ["NaN", "Infinity", "-Infinity"];

export function toJson(value) {
  return `${JSON.stringify(ordered(value))}\n`;
}

/** The value of `bytes`; a failure names the `entry` that they are. */
export function fromJson(bytes, entry) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const value = JSON.parse(text, revived);
    if (value === null || typeof value !== "object") throw new TypeError("object");
    return value;
  } catch (cause) {
    throw new Failure("archive_entry", { entry }, { cause });
  }
}

function ordered(value) {
  if (typeof value === "number" && !Number.isFinite(value)) return { number: String(value) };
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return Array.from(value, ordered);
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, ordered(value[key])]),
  );
}

function revived(key, value) {
  if (NOT_FINITE.includes(value?.number)) return Number(value.number);
  const isFloats = FLOATS.includes(key) && Array.isArray(value);
  return isFloats && value.every((each) => typeof each === "number") ? Float32Array.from(value) : value;
}
