// The views of the workbench by name, in the address, and the recorded digit.

import assert from "node:assert/strict";
import { test } from "node:test";
import "./schema.js";
import { LASTS_MS, recordedItems } from "../../www/explore/recorded-digit.js";
import { wantsDemonstration } from "../../www/page/demonstration.js";
import { addressOfView, VIEWS, viewFromQuery, viewsInSight } from "../../www/page/view-list.js";
import { wordComplaints } from "../../www/settings/address.js";

const FIRST_VISIT = { drawing: null };

test("the address keeps the view, and everything else", () => {
  const search = addressOfView("?lang=de&view=measure", "train");
  assert.equal(search, "?lang=de&view=train");
  assert.deepEqual(viewFromQuery(search), { view: "train", complaints: [] });
  assert.equal(addressOfView(search, VIEWS[0].name), "?lang=de");
});

test("an unknown view is refused with a sentence", () => {
  const { view, complaints } = viewFromQuery("?view=nowhere");
  assert.equal(view, VIEWS[0].name);
  assert.match(complaints[0], /nowhere/);
});

test("a wide screen has the map beside every view, a narrow one shows one at a time", () => {
  assert.deepEqual(viewsInSight("train", true), ["train"]);
  assert.deepEqual(viewsInSight("train", false), ["train", "map"]);
  assert.deepEqual(viewsInSight("map", false), [VIEWS[0].name, "map"]);
});

test("the recorded digit is for those who bring nothing of their own", () => {
  assert.ok(wantsDemonstration("", FIRST_VISIT));
  assert.ok(wantsDemonstration("?view=train", FIRST_VISIT));
  for (const search of ["?system=ae", "?beta=2", "?demo=off"])
    assert.ok(!wantsDemonstration(search, FIRST_VISIT));
  assert.ok(!wantsDemonstration("", { drawing: { items: [] } }));
  assert.ok(wantsDemonstration("?beta=2&demo=on", { drawing: { items: [] } }));
  assert.deepEqual(wordComplaints("?demo=off"), []);
  for (const search of ["?demo=maybe", "?demo=on&demo=off", "?software=x", "?offline=on"])
    assert.equal(wordComplaints(search).length, 1, search);
  assert.deepEqual(viewFromQuery("?view=train&view=map").view, VIEWS[0].name);
  assert.equal(viewFromQuery("?view=train&view=map").complaints.length, 1);
});

test("the recorded stroke grows point by point, and ends as any other", () => {
  const counts = [0, LASTS_MS / 2, LASTS_MS].map((elapsed) => recordedItems(elapsed)[0].points.length);
  assert.ok(counts[0] >= 1 && counts[0] < counts[1] && counts[1] < counts[2], counts.join());
  assert.ok(recordedItems(0)[0].growing);
  assert.equal(recordedItems(LASTS_MS)[0].growing, undefined);
  for (const { x, y } of recordedItems(LASTS_MS)[0].points) assert.ok(x > 0 && x < 1 && y > 0 && y < 1);
});
