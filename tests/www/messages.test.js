// The message catalogue: every key that the page, its HTML or Rust uses exists, none is unused, and values fit placeholders.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { literals, objectNames } from "../../build/literals.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PLURAL_FORMS = new Set(["zero", "one", "two", "few", "many", "other"]);
const catalogue = JSON.parse(readFileSync(`${ROOT}www/messages/en.json`, "utf8"));

/** Messages by key; plural forms are one message. */
const messages = new Map(leaves(catalogue));

function leaves(part, path = []) {
  const isMessage = typeof part === "string" || Object.keys(part).every((name) => PLURAL_FORMS.has(name));
  if (isMessage) return [[path.join("."), part]];
  return Object.entries(part).flatMap(([name, child]) => leaves(child, [...path, name]));
}

/** The names of a message's placeholders; those of all its plural forms together. */
function placeholders(message) {
  const forms = typeof message === "string" ? [message] : Object.values(message);
  return new Set(forms.flatMap((form) => [...form.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)));
}

/** Whether a message has a use for the value: `count` also chooses between plural forms. */
function takes(message, name) {
  return placeholders(message).has(name) || (name === "count" && typeof message !== "string");
}

function sources(folder, ending) {
  return readdirSync(`${ROOT}${folder}`, { recursive: true })
    .filter((path) => path.endsWith(ending))
    .map((path) => ({ path: `${folder}/${path}`, code: readFileSync(`${ROOT}${folder}/${path}`, "utf8") }));
}

const scripts = sources("www", ".js").map((source) => ({ ...source, literals: literals(source.code) }));
const pages = sources("www", ".html");
const rust = sources("src", ".rs");

/** Uses of keys: `{ where, pattern, given }`; `given`: the names of the values, or null where they are unknown. */
const uses = [...scripts.flatMap(usesInScript), ...pages.flatMap(usesInPage)];

function usesInScript({ path, code, literals }) {
  return literals.flatMap(({ pieces, start, end }) => {
    const call = /(?<![.#\w])(text|hasText|Failure)\(\s*$/.exec(code.slice(0, start))?.[1];
    const where = `${path}:${code.slice(0, start).split("\n").length}`;
    const isFailure = call === "Failure";
    const key = isFailure ? ["errors.", pieces].flat() : pieces;
    if (!isFailure && !isKey(key, Boolean(call))) return [];
    const pattern = isFailure ? patternOf([`errors.${pieces[0]}`, ...pieces.slice(1)]) : patternOf(key);
    return [{ where, pattern, given: call && call !== "hasText" ? valuesAfter(code, end) : null }];
  });
}

/** What is passed to `text` is a key; elsewhere a literal is one where it begins with a room of the catalogue. */
function isKey([first, ...more], isArgument) {
  const names = /^[\w-]+(\.[\w-]*)*$/;
  if (isArgument) return true;
  const [room, ...rest] = first.split(".");
  return Object.hasOwn(catalogue, room) && rest.length > 0 && names.test([first, ...more].join("x"));
}

/** `${}` stands for a part of one segment. */
function patternOf(pieces) {
  const escaped = pieces.map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${escaped.join("[\\w-]+")}$`);
}

/** The names of the values after a key that ends at `end`: none where the call ends there. */
function valuesAfter(code, end) {
  const rest = /^\s*,?\s*/.exec(code.slice(end))[0];
  const next = end + rest.length;
  return code[next] === ")" ? [] : objectNames(code, next);
}

function usesInPage({ path, code }) {
  return [...code.matchAll(/\{\{([\w.-]*[a-z][\w.-]*)((?:\|[^{}|]+)*)\}\}/g)].map(([, key, values]) => ({
    where: path,
    pattern: patternOf([key]),
    given: [...values.matchAll(/\|(\w+)=/g)].map(([, name]) => name),
  }));
}

const matching = ({ pattern }) => [...messages].filter(([key]) => pattern.test(key));

/** Errors of Rust: kinds with the names of their values. */
const rustKinds = new Map(
  rust
    .filter(({ path }) => /^src\/error(\/\w+)?\.rs$/.test(path))
    .flatMap(({ code }) => [...code.matchAll(/\w+ = "(\w+)" \{([^}]*)\}/g)])
    .map(([, kind, values]) => [kind, values.match(/\w+/g) ?? []]),
);
const rustQuantities = rust.flatMap(({ code }) =>
  [...code.matchAll(/\bcheck_(?:quantity|length|rows)\(\s*"(\w+)"/g)].map(([, name]) => name),
);

test("every key that is used exists", () => {
  const missing = uses.filter((use) => matching(use).length === 0);
  assert.deepEqual(
    missing.map(({ where, pattern }) => `${where}: ${pattern.source}`),
    [],
  );
});

test("every error and quantity of Rust has its words", () => {
  assert.ok(rustKinds.size > 0, "the kinds in src/error are found");
  const keys = [
    ...[...rustKinds.keys()].map((kind) => `errors.${kind}`),
    ...rustQuantities.map((name) => `quantities.${name}`),
  ];
  assert.deepEqual(
    keys.filter((key) => !messages.has(key)),
    [],
  );
});

test("no message is unused", () => {
  const spoken = new Set(scripts.flatMap(({ literals }) => literals.map(({ pieces }) => pieces.join(" "))));
  // `errors.${kind}` matches every error: those count by their kinds, and quantities by their names.
  const patterns = uses
    .map(({ pattern }) => pattern)
    .filter(({ source }) => !/^\^(errors|quantities)\\\.\[/.test(source));
  const isUsed = (key) => {
    const [room, ...name] = key.split(".");
    const kind = name.join(".");
    if (room === "errors" && (spoken.has(kind) || rustKinds.has(kind))) return true;
    if (room === "quantities" && (spoken.has(kind) || rustQuantities.includes(kind))) return true;
    return patterns.some((pattern) => pattern.test(key));
  };
  assert.deepEqual(
    [...messages.keys()].filter((key) => !isUsed(key)),
    [],
  );
});

test("the values that are given are those that the messages name", () => {
  const wrong = uses.flatMap(({ where, pattern, given }) => {
    const matches = matching({ pattern });
    if (given === null || matches.length === 0) return [];
    const isGiven = (name) => given.includes(name);
    const fitting = matches.filter(([, message]) => [...placeholders(message)].every(isGiven));
    const superfluous = given.filter((name) => !matches.some(([, message]) => takes(message, name)));
    if (fitting.length > 0 && superfluous.length === 0) return [];
    const named = new Set(matches.flatMap(([, message]) => [...placeholders(message)]));
    return [`${where}: ${pattern.source} names [${[...named]}], is given [${given}]`];
  });
  for (const [kind, values] of rustKinds) {
    const message = messages.get(`errors.${kind}`);
    const named = message ? [...placeholders(message)] : [];
    for (const name of named.filter((each) => !values.includes(each)))
      wrong.push(`src/error: ${kind} has no value "${name}"`);
  }
  assert.deepEqual(wrong, []);
});

test("plural forms cover the language", () => {
  const { pluralCategories } = new Intl.PluralRules("en").resolvedOptions();
  const incomplete = [...messages].filter(
    ([, message]) => typeof message !== "string" && !pluralCategories.every((form) => form in message),
  );
  assert.deepEqual(incomplete, []);
});

test("messages in attributes hold no markup", () => {
  const inAttributes = pages.flatMap(({ code }) =>
    [...code.matchAll(/="\{\{([\w.-]+)\}\}"/g)].map(([, key]) => key),
  );
  assert.deepEqual(
    inAttributes.filter((key) => /[<>"]/.test(messages.get(key))),
    [],
  );
});

test("a page has no words of its own", () => {
  const marks = /<!doctype html>|<(script|style)\b.*?<\/\1>|<[^>]*>|\{\{[^{}]*\}\}/gs;
  for (const { path, code } of pages) {
    const words = code.replace(marks, " ").replace(/\b(log|KL)\b/g, " ");
    assert.deepEqual(words.match(/\p{Script=Latin}{2,}/gu) ?? [], [], path);
    const attributes = [...code.matchAll(/\b(?:aria-label|title|alt|placeholder)="([^"]*)"/g)];
    assert.deepEqual(
      attributes.map(([, value]) => value).filter((value) => !/^\{\{[^}]+\}\}$/.test(value)),
      [],
      path,
    );
  }
});
