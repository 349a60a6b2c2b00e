// The device of a run: opens it, looks for a faster one, and moves the run there between two pieces of work.

import { buffersOf, exampleFiles } from "../data-sets/training-files.js";
import { sentence } from "../messages/failure.js";
import { modelConfig, trainConfig, wantedDevice } from "../settings/values.js";
import { isWorkerLost } from "../worker/worker-client.js";
import { deviceName } from "./device.js";

export class DeviceChoice {
  /** The worker that trains, or null where none is open. */
  client = null;
  /** As in device.js. */
  device = null;
  /** The trainer of `client` as a CheckedTrainer, or null where it is on the CPU. */
  checked = null;
  #trainers;
  #data;
  #examples = null; // of the run's data set: what devices are compared with
  #settings;
  #changed;
  #turn = Promise.resolve(); // settles when no piece of work and no measurement is under way
  #measured = null; // the model, batch size and importance samples that devices were last compared for, as JSON
  #faster = null; // {client, device}: where to move before the next piece
  #distrusted = null; // the setting of the device under which the GPU and the CPU disagreed

  /** `trainers`: {open, fasterDevice, checked, distrust, giveUpThreads} of open-trainer.js; `data(info)` resolves to the files of a data set; `changed(device)` is called with another device or reason. */
  constructor({ trainers, data, settings, changed }) {
    this.#trainers = trainers;
    this.#data = data;
    this.#settings = settings;
    this.#changed = changed;
  }

  /** Opens a worker for a model `made` with these settings, instead of the one before. `files`: those of its data set. */
  async open({ made, options, files, phase }) {
    this.close();
    const wanted = wantedDevice(made);
    if (wanted !== this.#distrusted) this.#distrusted = null; // a person has chosen the device anew
    const examples = exampleFiles(files);
    this.#examples = examples;
    const trusted = this.#distrusted && wanted === "gpu" ? "auto" : wanted;
    Object.assign(this, await this.#trainers.open({ wanted: trusted, options, examples, phase }));
    this.checked = this.#trainers.checked({ ...this, examples, files });
  }

  /** The GPU and the CPU disagreed on a model `made` with these settings: the next worker is on the CPU. */
  distrust({ made }, failure) {
    this.#distrusted = wantedDevice(made);
    this.#trainers.distrust(this.device, failure);
    this.close();
  }

  /** Whether an error is the end of a worker with several threads, for which they may be to blame: with one a run may go on. */
  losesThreads(error) {
    const several = this.device?.kind === "cpu" && this.device.threads > 1;
    return several && isWorkerLost(error) && error.kind !== "worker_out_of_memory";
  }

  /** The next worker on the CPU has one thread. */
  giveUpThreads(failure) {
    this.#trainers.giveUpThreads(failure);
    this.close();
  }

  close() {
    this.#closeCurrent();
    this.#dropResults();
  }

  /** Does a piece of work on `run`, on the faster device if one was found, and never while devices are measured. */
  async piece(run, body) {
    this.#lookForFaster(run);
    if (this.#faster) await this.#move(run);
    return this.#exclusively(body);
  }

  /** Compares devices while training continues, whenever the model, the batch size or the importance samples have changed. */
  async #lookForFaster({ made }) {
    if (wantedDevice(made) !== "auto") return;
    const options = { model: modelConfig(made), train: trainConfig(this.#settings(), made) };
    const { batch, samples } = options.train;
    const work = JSON.stringify([options.model, batch, samples]);
    if (work === this.#measured) return;
    this.#dropResults();
    this.#measured = work;
    const { client } = this;
    const found = await this.#trainers.fasterDevice({
      options,
      examples: this.#examples,
      current: this.device.kind,
      exclusively: (body) => this.#exclusively(body),
    });
    if (client !== this.client || work !== this.#measured || this.#faster) found.client?.close();
    else if (found.client) this.#faster = found;
    else this.#use({ ...found.device, ...this.#threads });
  }

  /** Of the worker that trains, where it is on the CPU. */
  get #threads() {
    const { kind, threads, withoutThreads } = this.device;
    return kind === "cpu" ? { threads, withoutThreads } : {};
  }

  /** Moves the run to the faster device in its present state; where that fails, it stays. */
  async #move(run) {
    const { client, device } = this.#faster;
    const options = await run.transferable();
    this.#faster = null;
    let checked;
    try {
      const data = await this.#data(run.dataset);
      checked = this.#trainers.checked({ client, device, examples: this.#examples, files: data });
      await client.call("create", { options, data }, buffersOf(data));
    } catch (error) {
      client.close();
      const values = { device: deviceName(device), reason: sentence(error) };
      return this.#use({ ...this.device, reason: { kind: "move_failed", values } });
    }
    this.#closeCurrent();
    Object.assign(this, { client, checked });
    run.moveTo(this, options);
    this.#use(device);
  }

  #closeCurrent() {
    this.checked?.close();
    this.client?.close();
    Object.assign(this, { client: null, checked: null });
  }

  #use(device) {
    if (JSON.stringify(device) === JSON.stringify(this.device)) return;
    this.device = device;
    this.#changed(device);
  }

  #exclusively(body) {
    const done = this.#turn.then(body);
    this.#turn = done.catch(() => {});
    return done;
  }

  #dropResults() {
    this.#faster?.client.close();
    this.#faster = null;
    this.#measured = null;
  }
}
