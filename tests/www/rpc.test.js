import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../www/messages/failure.js";
import { buffersOf, Caller, giveUp, serve } from "../../www/worker/rpc.js";

/** Two ends of a wire that deliver in order, as a worker's do. */
function wire() {
  const ends = [new EventTarget(), new EventTarget()];
  ends.forEach((end, which) => {
    end.sent = [];
    end.postMessage = (data, transfer = []) => {
      end.sent.push(data);
      const copy = structuredClone(data, { transfer });
      queueMicrotask(() =>
        ends[1 - which].dispatchEvent(Object.assign(new Event("message"), { data: copy })),
      );
    };
  });
  return ends;
}

test("a call gets the result of the action that it names", async () => {
  const [page, worker] = wire();
  serve(worker, { double: async ({ value }) => value * 2 });
  assert.equal(await new Caller(page).call("double", { value: 21 }), 42);
});

test("replies come in the order of the requests, and actions never overlap", async () => {
  const [page, worker] = wire();
  const log = [];
  const open = [];
  serve(worker, {
    slow: () => {
      log.push("slow begins");
      return new Promise((resolve) => open.push(resolve)).then(() => log.push("slow ends"));
    },
    fast: () => log.push("fast"),
  });
  const caller = new Caller(page);
  const slow = caller.call("slow");
  const fast = caller.call("fast");
  while (open.length === 0) await new Promise(setImmediate);
  open[0]();
  await Promise.all([slow, fast]);
  assert.deepEqual(log, ["slow begins", "slow ends", "fast"]);
});

test("an action that fails rejects its own call with name and sentence, and the next call works", async () => {
  const [page, worker] = wire();
  serve(worker, {
    fail: () => {
      throw new RangeError("beta is limited to 0-100");
    },
    work: () => "fine",
  });
  const caller = new Caller(page);
  await assert.rejects(caller.call("fail"), { name: "RangeError", message: "beta is limited to 0-100" });
  assert.equal(await caller.call("work"), "fine");
});

test("an action that is not in the table is an error, even if every object has it", async () => {
  const [page, worker] = wire();
  serve(worker, {});
  await assert.rejects(new Caller(page).call("toString"), /no action "toString"/);
});

test("an error crosses with its kind and values, so that its text need not be parsed", async () => {
  const [page, worker] = wire();
  const fail = () => {
    throw new Failure("tensor_missing", { tensor: "decoder.output.bias" });
  };
  serve(worker, { fail });
  await assert.rejects(new Caller(page).call("fail"), {
    name: "Failure",
    kind: "tensor_missing",
    values: { tensor: "decoder.output.bias" },
  });
});

test("closing rejects pending and later calls", async () => {
  const [page] = wire();
  const caller = new Caller(page);
  const pending = caller.call("never answered");
  caller.close(new Error("gone"));
  await assert.rejects(pending, /gone/);
  await assert.rejects(caller.call("anything"), /gone/);
  assert.equal(caller.pending, 0);
});

test("a message that cannot be sent rejects and leaves nothing pending", async () => {
  const [page] = wire();
  const caller = new Caller(page);
  await assert.rejects(caller.call("send", { args: () => {} }));
  assert.equal(caller.pending, 0);
});

test("a reply to no pending call is ignored", () => {
  const [page, worker] = wire();
  const caller = new Caller(page);
  worker.postMessage({ id: 99, result: 1 });
  assert.equal(caller.pending, 0);
});

test("result buffers are handed over, each once", async () => {
  const whole = new Float32Array(4);
  const result = {
    first: whole,
    again: whole.subarray(1),
    list: [new Uint8Array(2)],
    number: 1,
    nothing: null,
  };
  assert.equal(buffersOf(result).length, 2);
  const [page, worker] = wire();
  serve(worker, { give: () => result });
  const given = await new Caller(page).call("give");
  assert.equal(given.first.length, 4);
  assert.equal(whole.length, 0, "the sender's copy is detached");
});

test("a worker that gives up rejects every pending and later call with the kind of its error", async () => {
  const [page, worker] = wire();
  const caller = new Caller(page);
  const pending = caller.call("never answered");
  giveUp(worker, new Failure("worker_device_lost", { reason: "unplugged" }));
  const reason = { kind: "worker_device_lost", values: { reason: "unplugged" } };
  await assert.rejects(pending, reason);
  await assert.rejects(caller.call("anything"), reason);
});
