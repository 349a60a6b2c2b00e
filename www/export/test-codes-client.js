// The codes of all test images by the model shown, encoded in a worker of its own.

import { isDamagedData } from "../data-sets/idx-files.js";
import { WorkerClient } from "../worker/worker-client.js";

const IMAGES = 10_000;

/** {codes [n * length], labels [n] or null}, in the order of the data set. `weights`: bytes, handed over; `report({done, of})` while it goes on. */
export async function encodeTestImages({ dataset, weights, report }) {
  const worker = new WorkerClient("cpu");
  try {
    const [images, labels] = await dataset.test();
    await worker.call("open_map", { images, labels, weights }, [images.buffer, weights.buffer]);
    for (let done = 0, of = 1; done < of; report({ done, of }))
      ({ done, of } = await worker.call("encode_map", { count: IMAGES }));
    return await worker.call("map_codes");
  } catch (error) {
    if (isDamagedData(error)) await dataset.forgetTest();
    throw error;
  } finally {
    worker.close();
  }
}
