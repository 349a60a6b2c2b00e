import assert from "node:assert/strict";
import { test } from "node:test";
import "./schema.js";
import { defaults } from "../../www/settings/values.js";
import { TrainingAnnouncer } from "../../www/training/training-announcer.js";

function setUp() {
  const said = [];
  const announcer = { say: (words) => said.push(words), sayOccasionally: (words) => said.push(`(${words})`) };
  return { spoken: new TrainingAnnouncer(announcer), said };
}

test("phases, changes of status and full tests are said at once, steps only when there was silence", () => {
  const { spoken, said } = setUp();
  spoken.status({ status: "starting" });
  for (const phase of ["kernels", "kernels", ""]) spoken.phase(phase);
  spoken.begin({ step: 0, made: defaults() });
  spoken.status({ status: "paused" });
  spoken.status({ status: "running" });
  spoken.progress({ step: 1000, epoch: 1, loss: 100 }); // the last step of the first epoch, not the second
  spoken.test({ which: "quick", epoch: 1, total: 101 });
  spoken.test({ which: "full", epoch: 1, total: 102 });
  spoken.status({ status: "paused" });
  spoken.status({ status: "failed" });
  assert.deepEqual(said, [
    "Compiling kernels.",
    "The model is ready.",
    "Training.",
    "(Epoch 1, step 1,000, training loss 100.0 nats.)",
    "Epoch 1 done. Test loss 102.0 nats.",
    "Training paused at step 1,000.",
  ]);
});

test("a closed form is fitted, not trained", () => {
  const { spoken, said } = setUp();
  const made = { ...defaults(), body: "linear", posterior: "point", likelihood: "unit_gaussian" };
  spoken.begin({ step: 0, made });
  spoken.status({ status: "running" });
  spoken.status({ status: "finished" });
  assert.deepEqual(said, ["Fitting.", "Fitted in closed form."]);
});

test("another device is said with its reason", () => {
  const { spoken, said } = setUp();
  const reason = { kind: "gpu_is_faster", values: { cpu: "18", gpu: "2.1" } };
  spoken.device({ kind: "gpu", adapter: "Some GPU", reason });
  assert.match(said[0], /^WebGPU: Some GPU\. Measured .* 2\.1 ms a step/);
});
