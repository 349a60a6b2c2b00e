// The watch mode of `./build.sh dev`: serves the page, rebuilds what an edit in www/ or src/ changed, and reloads the page.

import { spawn } from "node:child_process";
import { watch } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serveAsAsked } from "./serve.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SITE = join(ROOT, "target/site");
const PAGES = { "/": "index.html", "/index.html": "index.html", "/bench.html": "bench.html" };
const EVENTS = "/dev-events";
const SCRIPT = "/dev-reload.js";
/** A save often comes as several events. */
const SETTLE_MS = 50;

const build = {
  src: ["./build.sh", "dev-module"],
  www: [process.execPath, "build/site.mjs", "--dev"],
};
const pages = new Set(); // responses of the pages that listen for a reload
const edited = new Set();
let timer = null;
let building = false;

/** Resolves to whether the program succeeded. */
function run([program, ...args]) {
  const child = spawn(program, args, { cwd: ROOT, stdio: "inherit" });
  return new Promise((resolve) => {
    child.once("error", () => resolve(false));
    child.once("close", (status) => resolve(status === 0));
  });
}

/** Edits during a build start the next one. A failed build leaves the page as it is. */
async function rebuild() {
  if (building) return;
  building = true;
  while (edited.size > 0) {
    const rust = edited.has("src");
    edited.clear();
    const built = (!rust || (await run(build.src))) && (await run(build.www));
    if (built) for (const page of pages) page.write("data: reload\n\n");
  }
  building = false;
}

function watchFolder(folder) {
  watch(join(ROOT, folder), { recursive: true }, (_, path) => {
    if (/(^|\/)\.|~$/.test(path ?? "")) return; // an editor's own files
    edited.add(folder);
    clearTimeout(timer);
    timer = setTimeout(rebuild, SETTLE_MS);
  });
}

function answer(request, response) {
  response.setHeader("Cache-Control", "no-cache"); // files keep old times, from which browsers guess that they stay as they are
  const { pathname } = new URL(request.url, "http://localhost");
  if (pathname === EVENTS) listen(response);
  else if (pathname === SCRIPT) sendScript(response);
  else if (PAGES[pathname]) sendPage(PAGES[pathname], response);
  else return false;
  return true;
}

function listen(response) {
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  response.write("\n");
  pages.add(response);
  response.once("close", () => pages.delete(response));
}

function sendScript(response) {
  response.setHeader("Content-Type", "text/javascript");
  response.end(`new EventSource("${EVENTS}").onmessage = () => location.reload();`);
}

async function sendPage(name, response) {
  const html = await readFile(join(SITE, name), "utf8");
  response.setHeader("Content-Type", "text/html; charset=utf-8");
  response.end(html.replace("</head>", `<script type="module" src="${SCRIPT}"></script>\n</head>`));
}

if (!(await run(build.www))) process.exit(1);
for (const folder of Object.keys(build)) watchFolder(folder);
await serveAsAsked({ folder: SITE, answer });
