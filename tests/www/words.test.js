// The words of the catalogue in the pages' HTML.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fillWords } from "../../build/words.mjs";

test("a key becomes its message, in text and in attributes", () => {
  assert.equal(
    fillWords('<p title="{{errors.file_empty}}">{{errors.file_empty}}</p>'),
    '<p title="The file is empty.">The file is empty.</p>',
  );
});

test("a placeholder takes HTML", () => {
  const filled = fillWords('{{errors.data_not_decompressed|file=<b id="file"></b>}}');
  assert.equal(filled, '<b id="file"></b> is damaged: it cannot be decompressed.');
});

test("numbers are grouped as the language groups them", () => {
  assert.equal(fillWords("{{500}} of {{10000}}"), "500 of 10,000");
});

test("an unknown key, or a placeholder without its value, is an error with its name", () => {
  assert.throws(() => fillWords("{{page.no_such}}"), /page\.no_such/);
  assert.throws(() => fillWords("{{errors.data_not_decompressed}}"), /file/);
});

test("no key is left in a page", async () => {
  for (const page of ["index.html", "bench.html"]) {
    const html = await readFile(new URL(`../../www/${page}`, import.meta.url), "utf8");
    assert.doesNotMatch(fillWords(html), /\{\{|\}\}/, page);
  }
});
