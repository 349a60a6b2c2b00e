import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { localStore, recall, remember, sessionStore } from "../../www/keep/storage.js";

const WWW = fileURLToPath(new URL("../../www/", import.meta.url));

function withGlobal(name, descriptor, body) {
  const before = Object.getOwnPropertyDescriptor(globalThis, name);
  Object.defineProperty(globalThis, name, { configurable: true, ...descriptor });
  try {
    body();
  } finally {
    if (before) Object.defineProperty(globalThis, name, before);
    else delete globalThis[name];
  }
}

const refuse = () => {
  throw new DOMException("Access is denied for this document.", "SecurityError");
};

test("a storage whose getter throws is no storage", () => {
  withGlobal("localStorage", { get: refuse }, () => assert.equal(localStore(), null));
  withGlobal("sessionStorage", { get: refuse }, () => assert.equal(sessionStore(), null));
});

test("a missing, refusing or full storage remembers nothing, and nothing fails", () => {
  for (const store of [null, { getItem: refuse, setItem: refuse }]) {
    remember(store, "key", "value");
    assert.equal(recall(store, "key"), null);
  }
});

test("a storage that works remembers", () => {
  const entries = new Map();
  const store = {
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => entries.set(key, value),
  };
  assert.equal(recall(store, "key"), null);
  remember(store, "key", "value");
  assert.equal(recall(store, "key"), "value");
});

test("no other module touches a storage", () => {
  const touching = readdirSync(WWW, { recursive: true })
    .filter((path) => path.endsWith(".js") && path !== "keep/storage.js")
    .filter((path) => /\b(localStorage|sessionStorage)\b/.test(readFileSync(WWW + path, "utf8")));
  assert.deepEqual(touching, []);
});
