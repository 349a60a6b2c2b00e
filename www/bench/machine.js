// The machine as far as the browser describes it, and what can run on it.

import { text } from "../messages/text.js";
import { hasLibraries, hasThreadsModule, hasWebGpuModule } from "../urls.js";
import { isSoftware } from "../worker/software-adapter.js";

/** `{ machine, abilities: { webgpu, software, isolated, libraries, gpuModule, threadsModule } }`. */
export async function examineMachine() {
  const adapter = await navigator.gpu
    ?.requestAdapter({ powerPreference: "high-performance" })
    .catch(() => null);
  const { vendor, architecture, device, description } = adapter?.info ?? {};
  const software = Boolean(adapter && isSoftware(adapter));
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
    abilities: {
      webgpu: Boolean(adapter),
      software,
      isolated: machine.isolated,
      libraries: hasLibraries(),
      gpuModule: hasWebGpuModule(),
      threadsModule: hasThreadsModule(),
    },
  };
}

function sentence({ browser, platform, cores, adapter }) {
  const version = /(?:Firefox|Edg|OPR|Chrome|Version)\/[\d.]+/.exec(browser)?.[0] ?? browser;
  return text("bench.machine.sentence", { browser: version, platform, cores, adapter: adapterName(adapter) });
}

function adapterName(adapter) {
  if (!adapter) return text("bench.machine.no_adapter");
  const { vendor, architecture, device, description, software } = adapter;
  const parts = [...new Set([vendor, architecture, device, description])].filter(Boolean);
  const name = parts.join(", ") || text("bench.machine.unnamed");
  return software ? text("bench.machine.software", { name }) : name;
}
