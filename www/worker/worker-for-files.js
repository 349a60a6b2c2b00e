// A worker for the files of one task, closed afterwards: the memory of a module never shrinks, and the viewer stays free for the pen.

import { WorkerClient } from "./worker-client.js";

/** Resolves to what `act(worker)` resolves to. */
export async function inWorkerForFiles(act) {
  const worker = new WorkerClient("cpu");
  try {
    return await act(worker);
  } finally {
    worker.close();
  }
}
