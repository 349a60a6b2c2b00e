// What is still to be built while the page is served: a program that ends with the server.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/**
 * Runs `command` with what it starts, after everything else that wants a processor, and says how it ended. A signal that ends this
 * process ends them all.
 */
export function finishBuild(command) {
  // Before the start: between that and the next line a signal would end this process alone.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);
  const child = spawn("nice", ["-n", "19", ...command], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
    detached: true, // a group of its own, so that compilers end with it
  });
  function stop() {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, "SIGTERM");
    process.exit(0);
  }
  child.once("error", (error) => console.error(notBuilt(error.message)));
  child.once("close", (status) => {
    if (status === 0) console.log("\nThe WebGPU module is in place: load the page again to use it.");
    else console.error(notBuilt("what failed is above"));
  });
}

function notBuilt(reason) {
  return `\nThe WebGPU module could not be built (${reason}). The page goes on and trains on the CPU; ./build.sh build tries again.`;
}
