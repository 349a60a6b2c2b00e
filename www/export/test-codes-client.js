// The codes of all test images by the model shown, encoded in a worker of its own.

import { isDamagedData } from "../data-sets/idx-files.js";
import { buffersOf } from "../data-sets/training-files.js";
import { WorkerClient } from "../worker/worker-client.js";

/** {codes [n * length], labels [n] or null}, in the order of the data set. `weights`: bytes, handed over; `report({done, of})` while it goes on. */
export async function encodeTestImages({ dataSets, weights, report }) {
  const worker = new WorkerClient("cpu");
  const { present } = dataSets;
  const count = dataSets.dataset.peek().test;
  try {
    const test = await dataSets.test();
    await worker.call("open_map", { test, weights }, [...buffersOf(test), weights.buffer]);
    for (let done = 0, of = 1; done < of; report({ done, of }))
      ({ done, of } = await worker.call("encode_map", { count }));
    return await worker.call("map_codes");
  } catch (error) {
    if (isDamagedData(error)) await present.forgetTest();
    throw error;
  } finally {
    worker.close();
  }
}
