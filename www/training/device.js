// Which device should train: WebGPU where it is real and complete, else the CPU with one sentence why.

/** An adapter request that hangs (a crashed GPU process) must not hang the page. */
const ADAPTER_MS = 10_000;

/**
 * `wanted`: "auto", "gpu", "cpu" or "closed form". Promises {kind: "gpu" | "cpu", name, reason}; the reason is null where nothing was refused.
 * "gpu" accepts a software adapter, and so does "auto" with `software`; what is missing altogether cannot be forced.
 */
export async function chooseDevice(wanted, { gpu = globalThis.navigator?.gpu, software = false } = {}) {
  if (wanted === "cpu") return cpu("Training runs on the CPU because that is what the settings ask for.");
  if (wanted === "closed form")
    return cpu(
      "A closed form is computed on the CPU: there are no steps that a graphics processor would speed up.",
    );
  if (!gpu) return cpu("This browser offers no WebGPU to this page, so training runs on the CPU.");
  const adapter = await Promise.race([
    gpu.requestAdapter({ powerPreference: "high-performance" }).catch(() => null),
    nothingAfter(ADAPTER_MS),
  ]);
  if (!adapter)
    return cpu("The browser has WebGPU but found no graphics adapter, so training runs on the CPU.");
  const name = adapterName(adapter);
  if (!adapter.features.has("timestamp-query")) {
    return cpu(
      `The graphics adapter (${name}) lacks the feature "timestamp-query", so training runs on the CPU.`,
    );
  }
  if (isSoftware(adapter) && wanted !== "gpu" && !software) {
    return cpu(
      `The only WebGPU adapter here (${name}) is software; not worth its download to be measured, so training runs on the CPU.`,
    );
  }
  return { kind: "gpu", name: `WebGPU: ${name}`, reason: null };
}

export function cpu(reason) {
  return { kind: "cpu", name: "CPU (WebAssembly)", reason };
}

function adapterName({ info }) {
  const words = [info?.description || info?.device, info?.vendor, info?.architecture].filter(Boolean);
  return [...new Set(words)].join(", ") || "unnamed adapter";
}

function isSoftware({ info, isFallbackAdapter }) {
  return (
    Boolean(info?.isFallbackAdapter ?? isFallbackAdapter) ||
    /swiftshader|llvmpipe|basic render/i.test(`${info?.architecture} ${info?.description}`)
  );
}

function nothingAfter(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms, null));
}
