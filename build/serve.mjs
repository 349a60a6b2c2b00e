// Serves dist/ as any static host would: pre-compressed files where the browser takes them, right MIME types.
// `node build/serve.mjs` listens on localhost:8080; PORT and HOST change that. With `--finish` the rest of the site is built meanwhile.

import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import sirv from "sirv";
import { finishBuild } from "./finish-build.mjs";

const SITE = fileURLToPath(new URL("../dist", import.meta.url));

/** A name that carries a hash of the file's content. */
const HASHED = /-[0-9a-f]{12}(\.\w+)*$/;

/** With these a browser lets the page share memory with its workers, as training with threads needs. */
const ISOLATING = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/**
 * Resolves to the listening server; port 0 takes any free one. `answer(request, response)` may answer first, and then returns true; with
 * `single` every unknown address gets the first page, as on some hosts; with `isolated` every answer has the headers above.
 */
export function serve({
  folder = SITE,
  host = "127.0.0.1",
  port = 0,
  answer = () => false,
  single,
  isolated = false,
} = {}) {
  // With `dev` sirv reads the disk on every request, so that a rebuild shows at the next reload.
  const site = sirv(folder, {
    dev: true,
    etag: true,
    brotli: true,
    gzip: true,
    single,
    ignores: false,
    setHeaders,
  });
  const server = createServer((request, response) => {
    if (isolated) for (const [name, value] of Object.entries(ISOLATING)) response.setHeader(name, value);
    if (!answer(request, response)) site(request, response);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve(server));
  });
}

function setHeaders(response, path) {
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Cache-Control", HASHED.test(path) ? "public, max-age=31536000, immutable" : "no-cache");
  if (/-ubyte(-[0-9a-f]+)?$/.test(path)) response.setHeader("Content-Type", "application/octet-stream");
  if (path.endsWith(".gz")) sendAsItIs(response);
}

// A file that is *requested* as .gz is data to the page, not an encoding; most hosts agree, sirv does not.
function sendAsItIs(response) {
  const { writeHead } = response;
  response.writeHead = (status, { "Content-Encoding": _, ...headers }) =>
    writeHead.call(response, status, { ...headers, "Content-Type": "application/gzip" });
}

/** Serves where the environment variables HOST and PORT say, and prints the address; ends the program where it cannot. */
export async function serveAsAsked(options = {}) {
  const host = process.env.HOST || "127.0.0.1";
  const port = Number(process.env.PORT || 8080);
  try {
    await serve({ isolated: true, ...options, host, port });
    console.log(`\nLatent Lab: http://${host === "127.0.0.1" ? "localhost" : host}:${port}   (Ctrl+C stops)`);
  } catch (error) {
    console.error(
      error.code === "EADDRINUSE"
        ? `Port ${port} is taken: choose another, for example PORT=${port + 1} ./build.sh`
        : `Cannot serve: ${error.message}`,
    );
    process.exit(1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await serveAsAsked();
  if (process.argv.includes("--finish")) finishBuild(["./build.sh", "finish"]);
}
