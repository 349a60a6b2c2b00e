// Subgroups let four invocations of a kernel share what each of them reads. On the web wgpu 30 does not request this feature, so it is
// added to every device that wgpu requests.

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
