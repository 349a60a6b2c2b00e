// The wasm module with which the CPU trains.

import { wordOf } from "../settings/address.js";
import { hasThreadsModule } from "../urls.js";
import { threadCount } from "../worker/threads.js";

/**
 * "threads" where the site has that module, the page may share memory with its workers, there are several cores, and the address does not switch it
 * off; else "cpu".
 */
export function cpuModule({
  search = globalThis.location?.search ?? "",
  built = hasThreadsModule(),
  isolated = globalThis.crossOriginIsolated,
  threads = threadCount(),
} = {}) {
  const asked = wordOf(search, "threads") !== "off";
  return built && isolated && threads > 1 && asked ? "threads" : "cpu";
}
