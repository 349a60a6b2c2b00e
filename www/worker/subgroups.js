// Subgroups let four invocations of a kernel read once what all of them need. wgpu 30 does not know the feature by its name on
// the web, so it is asked for beside what wgpu asks for.

/** From here on every device has subgroups where its adapter has them. Resolves to whether the adapter for training does; without one, to false. */
export async function requestSubgroups() {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter?.features.has("subgroups")) return false;
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = function (descriptor = {}) {
    const wanted = new Set(descriptor.requiredFeatures);
    if (this.features.has("subgroups")) wanted.add("subgroups");
    return requestDevice.call(this, { ...descriptor, requiredFeatures: [...wanted] });
  };
  return true;
}
