// The memory of Chromium's processes.

import { readFile } from "node:fs/promises";

/** Resident memory of Chromium's processes of one kind, in MiB. */
export async function residentMemory(browser, type) {
  const client = await browser.newBrowserCDPSession();
  const { processInfo } = await client.send("SystemInfo.getProcessInfo");
  await client.detach();
  const each = processInfo
    .filter((process) => process.type === type)
    .map(async ({ id }) => {
      const status = await readFile(`/proc/${id}/status`, "utf8");
      return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024;
    });
  return Math.max(...(await Promise.all(each)));
}
