// Makes the model of a run in a trainer, and opens a trainer where none is open for its device.

import { buffersOf } from "../data-sets/training-files.js";
import { modelConfig, trainConfig, wantedDevice, withClasses, withMade } from "../settings/values.js";
import { Run } from "./run.js";

/**
 * Resolves to a run of a new model with the current `settings()`, from `weights` if given, or to one that continues from the
 * checkpoint `resume`. `devices`: a DeviceChoice; `dataset`: the info of the data set, whose files `data(info)` resolves to; `before`: the run
 * before, or null; `phase(key)` is called with what is being done; `report` and `now` as in run.js.
 */
export async function newRun({
  devices,
  data,
  dataset,
  settings,
  now,
  before,
  weights,
  resume,
  phase,
  report,
}) {
  const made = settingsFor(settings(), dataset, resume);
  const options = {
    model: modelConfig(made),
    train: trainConfig(made),
    weights: resume?.bytes ?? weights,
    images: dataset.train + dataset.test,
  };
  phase("data");
  const files = await data(dataset);
  const isSame =
    before && wantedDevice(before.made) === wantedDevice(made) && before.dataset.key === dataset.key;
  if (!devices.client || !isSame) await devices.open({ made, options, files, phase });
  phase("model");
  await devices.client.call(
    "create",
    { options: { ...options, resume: Boolean(resume) }, data: files },
    buffersOf(files),
  );
  return new Run({ devices, made, dataset, resume, settings, report, now });
}

/** The settings for a new model; a resumed run keeps those that it was made with, and what it started from. */
function settingsFor(settings, dataset, resume) {
  if (!resume) return withClasses(settings, dataset);
  const { from, classes } = resume.made;
  return { ...withMade(settings, resume.made), from, classes };
}
