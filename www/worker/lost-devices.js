// Reports graphics devices that are lost or have errors: wgpu never answers the calls that were under way.

/** From now on the loss of a device, and every error it reports, is an error of this worker. */
export function reportLostDevices() {
  if (!self.GPUAdapter) return;
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (...args) {
    const device = await requestDevice.apply(this, args);
    device.lost.then(({ message }) => {
      self.reportError(new Error(`the graphics device was lost (${message || "no reason given"})`));
    });
    device.addEventListener("uncapturederror", ({ error }) => {
      const memory = self.GPUOutOfMemoryError && error instanceof GPUOutOfMemoryError;
      const reason = memory ? "out of memory" : error.message;
      self.reportError(new Error(`the graphics device reported: ${reason}`));
    });
    return device;
  };
}
