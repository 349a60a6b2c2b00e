// The worker that evaluation and map share, and their clients.

import { WorkerClient } from "../worker/worker-client.js";
import { EvaluationClient } from "./evaluation-client.js";
import { MapClient } from "./map-client.js";

/** Clients that open the worker when they need it, and another one where it was lost, and what opens it; `dataSets` and `reportPhase` as there. */
export function evaluatorClients({ dataSets, reportPhase }) {
  let worker = null;
  const openWorker = () => {
    if (!worker || worker.closed) worker = new WorkerClient("cpu");
    return worker;
  };
  return {
    client: new EvaluationClient({ dataSets, openWorker, reportPhase }),
    mapClient: new MapClient({ dataSets, openWorker }),
    openWorker,
  };
}
