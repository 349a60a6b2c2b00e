// What only a trainer on the GPU needs, as a script that is loaded before the first one: a machine without a GPU never waits for it.

export { CheckedTrainer } from "./checked-trainer.js";
export { openTestedGpu, usedGpu } from "./open-gpu.js";
export { stepTimes } from "./step-times.js";
