// The address bar, with a location and a history that only remember what they were given.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AddressBar } from "../../www/page/address-bar.js";

test("a slider that is dragged does not change the address at every move, and its last value is kept", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const written = [];
  globalThis.location = { search: "", hash: "", pathname: "/lab/" };
  globalThis.history = {
    replaceState: (_state, _title, address) => {
      written.push(address);
      location.search = address.startsWith("?") ? address : "";
    },
  };
  const bar = new AddressBar();
  for (let beta = 1; beta <= 200; beta++) bar.show(`?beta=${beta}`);
  assert.deepEqual(written, ["?beta=1"]);
  for (let k = 0; k < 5; k++) t.mock.timers.tick(1000);
  assert.deepEqual(written, ["?beta=1", "?beta=200"]);
  bar.show("");
  assert.equal(written.at(-1), "/lab/");
});
