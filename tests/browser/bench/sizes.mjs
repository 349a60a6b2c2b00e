// The section "sizes": the site, its modules and its scripts.

import { readdir, stat } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { isOptional } from "../../../build/optional-parts.mjs";
import { ROOM_SCRIPTS } from "../../../www/room-scripts.js";
import { report } from "./results.mjs";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

export async function sizes() {
  const { all: site, needed } = await siteBytes();
  report("the site", site / 1e6, "MB");
  report("  without the parts that can be left out", needed / 1e6, "MB", "<= 60");
  for (const name of ["cpu", "gpu"]) {
    const folder = `${ROOT}dist/pkg/${name}`;
    const path = `${folder}/${(await readdir(folder)).find((file) => file.endsWith(".wasm"))}`;
    for (const suffix of ["", ".gz", ".br"]) {
      const goal = name === "gpu" && suffix === ".br" ? "<= 3200" : "";
      report(`${name} module, ${suffix || "raw"}`, (await stat(path + suffix)).size / 1000, "kB", goal);
    }
  }
  const { first, all } = await scriptBytes();
  const parts = "page, worker, bindings, chart, service worker";
  report(`script of a first visit (${parts}), .br`, first / 1000, "kB", "<= 150");
  report("  with every room that is loaded later", all / 1000, "kB");
}

/** Bytes of dist/: {all, needed}. */
async function siteBytes() {
  const bytes = { all: 0, needed: 0 };
  for (const entry of await readdir(`${ROOT}dist`, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const { size } = await stat(path);
    bytes.all += size;
    if (!isOptional(relative(`${ROOT}dist`, path))) bytes.needed += size;
  }
  return bytes;
}

/** What the page runs beside a wasm module, with brotli: {first, all}, without and with the rooms that are loaded later. */
async function scriptBytes() {
  const rooms = Object.values(ROOM_SCRIPTS).map((path) => basename(path, ".js"));
  const bytes = { first: 0, all: 0 };
  for (const folder of ["dist", "dist/pkg/cpu", "dist/vendor/uplot"])
    for (const name of await readdir(`${ROOT}${folder}`)) {
      if (!/\.js\.br$/.test(name) || /^(bench|replay)/.test(name)) continue;
      const { size } = await stat(`${ROOT}${folder}/${name}`);
      bytes.all += size;
      if (!rooms.some((room) => name.startsWith(`${room}-`))) bytes.first += size;
    }
  return bytes;
}
