// The section "page": a first visit, and training in a page.

import { firstPicture, firstReconstruction } from "./first-visit.mjs";
import { cpuTraining, gpuTraining } from "./trainers.mjs";
import { withPage } from "./with-page.mjs";

/** Round trip to a host on the same continent. */
const FAR_MS = 60;

export async function page() {
  await withPage({ distance: "localhost" }, firstPicture);
  await withPage({ roundTripMs: FAR_MS, distance: `a host ${FAR_MS} ms away` }, firstPicture);
  await withPage({ ahead: false }, firstReconstruction);
  await withPage({ ahead: true }, firstReconstruction);
  await withPage({}, cpuTraining);
  await withPage({ webgpu: true }, gpuTraining);
}
