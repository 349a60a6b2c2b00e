// Makes the model of a run in a trainer, and opens a trainer where none is open for its device.

import { modelConfig, trainConfig, wantedDevice, withMade } from "../settings/values.js";
import { Run } from "./run.js";

/**
 * Resolves to a run of a new model with the current `settings()`, from `weights` if given, or to one that continues from the
 * checkpoint `resume`. `devices`: a DeviceChoice; `data()` resolves to the raw IDX files; `before`: the settings that the run before
 * was made with, or null; `phase(key)` is called with what is being done; `report` and `now` as in run.js.
 */
export async function newRun({ devices, data, settings, now, before, weights, resume, phase, report }) {
  const made = settingsFor(settings(), resume);
  const options = {
    model: modelConfig(made),
    train: trainConfig(made),
    weights: resume?.bytes ?? weights,
  };
  phase("data");
  const files = await data();
  if (!devices.client || wantedDevice(before) !== wantedDevice(made))
    await devices.open({ made, options, files, phase });
  phase("model");
  await devices.client.call(
    "create",
    { options: { ...options, resume: Boolean(resume) }, data: files },
    files.map((bytes) => bytes.buffer),
  );
  return new Run({ devices, made, resume, settings, report, now });
}

/** The settings for a new model; a resumed run keeps those that it was made with, and what it started from. */
function settingsFor(settings, resume) {
  return resume ? { ...withMade(settings, resume.made), from: resume.made.from } : settings;
}
