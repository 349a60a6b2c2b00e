import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";

const MODULE = new URL("../../build/finish-build.mjs", import.meta.url).href;

/** A process that serves, so to speak, while `script`, a shell's, is the rest of the build; `text` is what it has printed. */
function serving(script) {
  const code = `import(${JSON.stringify(MODULE)}).then(({ finishBuild }) => finishBuild(["sh", "-c", ${JSON.stringify(script)}]))`;
  const child = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "pipe"] });
  const printed = { child, text: "" };
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (bytes) => {
      printed.text += bytes;
      child.emit("printed");
    });
  return printed;
}

async function untilPrinted(served, pattern) {
  while (!pattern.test(served.text)) await once(served.child, "printed");
  return pattern.exec(served.text);
}

const isRunning = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test("whoever stops the server stops the build behind it, with what that has started", async () => {
  const served = serving("sleep 1000 & echo started $!; wait");
  const [, pid] = await untilPrinted(served, /started (\d+)/);
  assert.ok(isRunning(Number(pid)));
  served.child.kill("SIGINT");
  await once(served.child, "exit");
  while (isRunning(Number(pid))) await new Promise(setImmediate);
});

test("a build that fails behind the page is said, and so is one that succeeds", async () => {
  const failed = serving("exit 3");
  await untilPrinted(failed, /could not be built .*\.\/build\.sh build/);
  const built = serving("true");
  await untilPrinted(built, /load the page again/);
});
