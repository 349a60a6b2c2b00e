import assert from "node:assert/strict";
import { test } from "node:test";
import { kindOf, placeOf } from "../../www/explore/latent-code.js";
import { inWords } from "../../www/views/classes.js";

test("the strip of a number goes from minus three to three, whatever it is", () => {
  const { strip } = kindOf({ length: 20, codes: 0 });
  for (const value of [0, 7]) {
    assert.equal(strip(value).length, 11);
    assert.deepEqual([strip(value)[0], strip(value)[10]].map(Math.round), [-3, 3]);
  }
});

test("the strip of a code holds that code and no other than there are", () => {
  for (const codes of [2, 11, 12, 128, 512]) {
    const { strip } = kindOf({ length: 49, codes });
    for (const code of [0, 1, codes >> 1, codes - 1]) {
      const tried = [...strip(code)];
      assert.ok(tried.includes(code), `${code} of ${codes}`);
      assert.equal(new Set(tried).size, Math.min(11, codes));
      assert.ok(tried.every((each) => each >= 0 && each < codes));
    }
  }
});

test("a place of the grid is called by its row and column", () => {
  assert.equal(placeOf(0), "row 1, column 1");
  assert.equal(placeOf(48), "row 7, column 7");
  assert.equal(placeOf(7), "row 2, column 1");
});

test("a guess is said with how sure it is, and with the next one where it is not", () => {
  const of = (shares) => Float32Array.from({ length: 10 }, (_, digit) => shares[digit] ?? 0);
  assert.match(inWords(of({ 3: 0.97, 5: 0.03 })), /guesses 3, and is 97 % sure\.$/);
  assert.match(inWords(of({ 4: 0.6, 9: 0.4 })), /guesses 4, and is 60 % sure; or else 9, with 40 %/);
  assert.match(inWords(of({ 1: 0.9999, 7: 0.0001 })), /over 99 %/);
});
