// How much memory training may take on this device, in bytes.

/** WebAssembly addresses 4 GiB; the allocator cannot use all of it, and an estimate may be 15 % too low. */
const ADDRESSED = 3.6e9;
/** Share of the device's memory: the system, the browser and two more workers need the rest. */
const SHARE = 0.5;
const GIBIBYTE = 2 ** 30;

/** `deviceMemory`: in GiB, where the browser reports it. */
export function memoryLimit({ deviceMemory } = globalThis.navigator ?? {}) {
  return deviceMemory > 0 ? Math.min(ADDRESSED, SHARE * deviceMemory * GIBIBYTE) : ADDRESSED;
}
