import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure, sentence } from "../../www/messages/failure.js";
import { count, decimal, forSpreadsheet } from "../../www/messages/language.js";
import { hasText, text } from "../../www/messages/text.js";

test("a message takes its values, and whole numbers are grouped", () => {
  assert.equal(
    text("errors.download_broke_off", { file: "x.gz", bytes: 1234567 }),
    "The download of x.gz broke off after 1,234,567 bytes.",
  );
});

test("a message without a value that it needs is an error, not a gap in a sentence", () => {
  assert.throws(() => text("errors.download_status", { file: "x.gz" }), /status/);
});

test("an unknown key is an error", () => {
  assert.throws(() => text("errors.nobody_wrote_this"), /nobody_wrote_this/);
  assert.equal(hasText("errors"), false, "a group of messages is not a message");
});

test("a failure becomes its sentence, an unforeseen error is quoted", () => {
  assert.equal(sentence(new Failure("file_empty")), text("errors.file_empty"));
  assert.match(sentence(new TypeError("x is not a function")), /x is not a function/);
});

test("thousands are written in one way, and a spreadsheet gets them without separators", () => {
  assert.equal(count(10_000), "10,000");
  assert.equal(decimal(-1234.5, 2), "−1,234.50");
  assert.equal(forSpreadsheet("10,000 images, −1,234,567.5; 3, 4"), "10000 images, -1234567.5; 3, 4");
});
