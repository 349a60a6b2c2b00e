// Which device trains: WebGPU where there is a hardware adapter, else the CPU with the reason.
//
// A device is {kind: "gpu" | "cpu", adapter, reason}. `adapter` names the graphics adapter, null for the CPU. `reason` is null or
// {kind, values}, a sentence `training.device_reason.<kind>` of the catalogue. A CPU that is open has `threads`, how many train, and `withoutThreads`, why
// there are no more, a sentence, or null.

import { sentence } from "../messages/failure.js";
import { text } from "../messages/text.js";
import { hasWebGpuModule } from "../urls.js";
import { awakeFor } from "../worker/awake-timer.js";
import { isFallback, isSoftware } from "../worker/software-adapter.js";

/** An adapter request may never settle when the GPU process has crashed. */
const ADAPTER_MS = 10_000;

/**
 * Resolves to the device for `wanted`: "auto", "gpu", "cpu" or "closed form". A software adapter is accepted for "gpu", and for "auto"
 * where `software` is set. Without WebGPU, or without its module, the answer is the CPU even for "gpu".
 */
export async function chooseDevice(wanted, options = {}) {
  const { gpu = globalThis.navigator?.gpu, software = false, module = hasWebGpuModule() } = options;
  if (wanted === "cpu") return cpuBecause("asked_for");
  if (wanted === "closed form") return cpuBecause("closed_form");
  if (!gpu) return cpuBecause("no_webgpu");
  const found = await Promise.race([
    gpu.requestAdapter({ powerPreference: "high-performance" }).catch(() => null),
    awakeFor(ADAPTER_MS, null),
  ]);
  if (!found) return cpuBecause("no_adapter");
  const adapter = adapterName(found);
  if (isSoftware(found) && wanted !== "gpu" && !software) return cpuBecause("software_adapter", { adapter });
  if (!module) return cpuBecause("no_module");
  return { kind: "gpu", adapter, reason: null };
}

/** The CPU, for the reason of this kind. */
export function cpuBecause(kind, values = {}) {
  return { kind: "cpu", adapter: null, reason: { kind, values } };
}

/** The CPU, because this graphics adapter failed. */
export function cpuInsteadOf({ adapter }, error) {
  return cpuBecause("gpu_failed", { adapter, reason: sentence(error) });
}

/** Whether an error says that the GPU computed something else than the CPU: those of checked-trainer.js. */
export function isDisagreement(error) {
  return Boolean(error?.kind?.startsWith("devices_disagree_"));
}

export function deviceName({ kind, adapter, threads = 1 }) {
  return text(`training.device_name.${threads > 1 ? "threads" : kind}`, { adapter, threads });
}

/** Why it is this device, and why it has no more threads: sentences, "" where there is nothing to say. */
export function whyInWords({ reason, withoutThreads }) {
  const onThreads = withoutThreads ? text("training.without_threads", { reason: withoutThreads }) : "";
  return [reasonInWords(reason), onThreads].filter(Boolean).join(" ");
}

/** The reason of a device as a sentence, "" where there is none. */
export function reasonInWords(reason) {
  return reason ? text(`training.device_reason.${reason.kind}`, reason.values) : "";
}

/** What the browser says of an adapter: Firefox and Safari name none, Chromium its vendor and architecture. */
export function adapterName(adapter) {
  const { description, device, vendor, architecture } = adapter.info ?? {};
  const words = [...new Set([description || device, vendor, architecture])].filter(Boolean);
  if (words.length > 0) return words.join(", ");
  return text(isFallback(adapter) ? "training.unnamed_software_adapter" : "training.unnamed_adapter");
}
