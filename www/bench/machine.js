// What this runs on, as far as the browser tells, and what is possible here.

/** `{ machine, abilities: { webgpu, software, isolated } }`. */
export async function examineMachine() {
  const adapter = await navigator.gpu
    ?.requestAdapter({ powerPreference: "high-performance" })
    .catch(() => null);
  const { vendor, architecture, device, description } = adapter?.info ?? {};
  const software =
    Boolean(adapter?.info?.isFallbackAdapter) ||
    /swiftshader|llvmpipe|basic render/i.test(`${architecture} ${description}`);
  const machine = {
    browser: navigator.userAgent,
    platform: navigator.userAgentData?.platform ?? navigator.platform,
    cores: navigator.hardwareConcurrency,
    memoryGiB: navigator.deviceMemory ?? null,
    adapter: adapter ? { vendor, architecture, device, description, software } : null,
    isolated: globalThis.crossOriginIsolated,
  };
  return {
    machine: { ...machine, sentence: sentence(machine) },
    abilities: { webgpu: Boolean(adapter), software, isolated: machine.isolated },
  };
}

function sentence({ browser, platform, cores, adapter }) {
  const engine = /(?:Firefox|Edg|OPR|Chrome|Version)\/[\d.]+/.exec(browser)?.[0] ?? browser;
  const words =
    adapter &&
    [...new Set([adapter.vendor, adapter.architecture, adapter.device, adapter.description])]
      .filter(Boolean)
      .join(", ");
  const gpu = adapter
    ? `WebGPU adapter: ${words || "unnamed"}${adapter.software ? " (software)" : ""}`
    : "no WebGPU adapter";
  return `${engine} on ${platform}, ${cores} cores; ${gpu}.`;
}
