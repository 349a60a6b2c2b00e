// cubecl 0.11.3 panics on the web where the adapter lacks the feature "timestamp-query", which only its profiler uses. Nothing here is
// profiled, so every adapter seems to have it, and no device is requested with it.

const FEATURE = "timestamp-query";

/** From here on. To be called before the device is opened. */
export function pretendTimestampQueries() {
  if (!self.GPUAdapter) return;
  const { requestDevice } = GPUAdapter.prototype;
  const features = Object.getOwnPropertyDescriptor(GPUAdapter.prototype, "features").get;
  Object.defineProperty(GPUAdapter.prototype, "features", {
    configurable: true,
    enumerable: true,
    get() {
      return new Set([...features.call(this), FEATURE]);
    },
  });
  GPUAdapter.prototype.requestDevice = function (descriptor = {}) {
    const requiredFeatures = [...(descriptor.requiredFeatures ?? [])].filter((name) => name !== FEATURE);
    return requestDevice.call(this, { ...descriptor, requiredFeatures });
  };
}
