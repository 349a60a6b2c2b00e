// Graphics devices that are lost or report errors: wgpu never answers the calls that were under way.

import { Failure } from "../messages/failure.js";
import { isOutOfMemory } from "./module-deaths.js";

/** From here on `failed(failure)` is called with the loss of a device, and with every error that it reports. */
export function watchDevices(failed) {
  if (!self.GPUAdapter) return;
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (...args) {
    const device = await requestDevice.apply(this, args);
    device.lost.then(({ message }) => {
      failed(
        message
          ? new Failure("worker_device_lost", { reason: message })
          : new Failure("worker_device_lost_silently"),
      );
    });
    device.addEventListener("uncapturederror", ({ error }) => {
      const outOfMemory =
        (self.GPUOutOfMemoryError && error instanceof GPUOutOfMemoryError) || isOutOfMemory(error.message);
      failed(
        outOfMemory
          ? new Failure("worker_out_of_memory")
          : new Failure("worker_device_error", { reason: error.message }),
      );
    });
    return device;
  };
}
