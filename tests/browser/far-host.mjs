// A host far away: a proxy on this machine that delays what passes, in both directions.

import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Resolves to a listening server whose connections lead to `port` with this round-trip time, ms. Opening one takes a round trip more, as
 * TCP's handshake does; bandwidth is not limited, and a connection does not begin slowly.
 */
export function farHost(port, roundTripMs) {
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    const opened = performance.now() + roundTripMs;
    delay(near, far, () => Math.max(performance.now(), opened) + roundTripMs / 2);
    delay(far, near, () => performance.now() + roundTripMs / 2);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

/** Passes on what `from` sends to `to`, in order, at the times that `due()` gives. */
function delay(from, to, due) {
  let before = Promise.resolve();
  const at = (action) => {
    const time = due();
    before = before.then(() => sleep(time - performance.now())).then(action);
  };
  from.on("data", (bytes) => at(() => to.writable && to.write(bytes)));
  from.on("end", () => at(() => to.end()));
  from.on("close", () => at(() => to.destroy()));
  from.on("error", () => to.destroy());
}
