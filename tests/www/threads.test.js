// Which module trains on the CPU, and what happens where the one with threads cannot be had.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../www/messages/failure.js";
import { cpuModule } from "../../www/training/cpu-module.js";
import { cpuBecause, deviceName, whyInWords } from "../../www/training/device.js";
import { WorkerPool } from "../../www/training/worker-pool.js";
import { threadCount } from "../../www/worker/threads.js";

const able = { search: "", built: true, isolated: true, threads: 2 };

test("threads need their module, an isolated page, a second core, and an address that does not switch them off", () => {
  assert.equal(cpuModule(able), "threads");
  for (const lack of [{ built: false }, { isolated: false }, { threads: 1 }, { search: "?threads=off" }])
    assert.equal(cpuModule({ ...able, ...lack }), "cpu", JSON.stringify(lack));
  assert.equal(cpuModule({ ...able, search: "?threads=banana" }), "threads", "a word that is refused");
});

test("there are as many threads as cores, but for machines with many, and one where the browser does not say", () => {
  const counts = [1, 2, 8, 64, undefined].map((hardwareConcurrency) => threadCount({ hardwareConcurrency }));
  assert.deepEqual(counts, [1, 2, 8, 8, 1]);
});

test("the device says how many threads train, or why there is one", () => {
  const device = { ...cpuBecause("asked_for"), withoutThreads: null };
  assert.equal(deviceName({ ...device, threads: 4 }), "CPU (WebAssembly, 4 threads)");
  assert.equal(deviceName({ ...device, threads: 1 }), "CPU (WebAssembly)");
  assert.equal(deviceName(device), "CPU (WebAssembly)");
  assert.doesNotMatch(whyInWords(device), /thread/);
  assert.match(
    whyInWords({ ...device, withoutThreads: "Memory ran out." }),
    /one thread.* Memory ran out\.$/,
  );
});

/** A pool for `module` whose workers open unless they are in `broken`; `opened` are the modules that were asked for. */
function setUp({ module = "threads", broken = [] } = {}) {
  const opened = [];
  const open = (name) => {
    opened.push(name);
    const client = { module: name, closed: false, close: () => Object.assign(client, { closed: true }) };
    client.opened = broken.includes(name)
      ? Promise.reject(new Failure("thread_not_loaded"))
      : Promise.resolve({ subgroups: false, threads: name === "threads" ? 2 : 1 });
    client.opened.catch(() => {});
    return client;
  };
  return { pool: new WorkerPool({ module, open }), opened };
}

test("a worker that was opened in advance trains with its threads", async () => {
  const { pool, opened } = setUp();
  await pool.prepareCpu();
  const { client, threads, withoutThreads } = await pool.openCpu();
  assert.deepEqual([client.module, threads, withoutThreads], ["threads", 2, null]);
  assert.deepEqual(opened, ["threads"]);
});

test("where threads cannot start, one trains, now and later, and the pool says why", async () => {
  for (const inAdvance of [false, true]) {
    const { pool, opened } = setUp({ broken: ["threads"] });
    if (inAdvance) await pool.prepareCpu();
    const { client, threads, withoutThreads } = await pool.openCpu();
    assert.deepEqual([client.module, threads], ["cpu", 1]);
    assert.match(withoutThreads, /script of a thread could not be loaded/);
    assert.deepEqual(opened, ["threads", "cpu"]);
    assert.equal((await pool.openCpu()).withoutThreads, withoutThreads);
  }
});

test("a CPU module that cannot be loaded at all is an error", async () => {
  for (const module of ["threads", "cpu"]) {
    const { pool } = setUp({ module, broken: ["threads", "cpu"] });
    await assert.rejects(pool.openCpu(), { kind: "thread_not_loaded" });
    await assert.rejects(pool.prepareCpu(), { kind: "thread_not_loaded" });
  }
});
