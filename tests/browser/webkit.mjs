// The page in a real WebKit, the engine of Safari: WebKitGTK's small browser on a virtual screen, driven by W3C WebDriver.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { inBrowser, PATIENCE_MS } from "./browser.mjs";
import { DrivenPage } from "./driven-page.mjs";

const NEEDED = ["WebKitWebDriver", "Xvfb"];
const SCREEN = "1400x1100x24";
const LOCALE = "en_US.UTF-8"; // without one WebKit reports the language "C", which is none

const missing = NEEDED.filter((name) => !isInstalled(name));

/** Tests in WebKit: see `inBrowser`. Its console is not watched. A test's `context` has `newPage()`. */
export function inWebKit() {
  const skip = missing.length > 0 && `not installed: ${missing.join(", ")}`;
  return inBrowser({ launch, openPage, skip, crashed });
}

/** Where the page's process ends, the driver gets an empty answer to the script that it waited for. */
const crashed = (error) => /Could not parse script result/.test(error.message);

function isInstalled(name) {
  try {
    execFileSync("which", [name], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Starts a screen and a driver on it. */
async function launch() {
  const screen = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", SCREEN, "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const [display] = await once(screen.stdio[3], "data");
  const port = await freePort();
  const driver = spawn("WebKitWebDriver", [`--port=${port}`], {
    stdio: "ignore",
    env: {
      ...process.env,
      DISPLAY: `:${String(display).trim()}`,
      LANG: LOCALE,
      LANGUAGE: LOCALE,
      LC_ALL: "",
    },
  });
  const call = caller(`http://127.0.0.1:${port}`);
  await untilAnswers(call);
  const close = () => {
    driver.kill();
    screen.kill();
  };
  return { call, close };
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** `call(method, path, body)` resolves to the value of the driver's answer. */
function caller(origin) {
  return async (method, path, body) => {
    const response = await fetch(origin + path, { method, body: body && JSON.stringify(body) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`WebKit: ${value.error}: ${value.message}`);
    return value;
  };
}

async function untilAnswers(call) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await call("GET", "/status");
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise(setImmediate);
    }
  }
}

/** A session is a browser with a profile of its own, which ends with it. */
async function openPage({ call }, { viewport = { width: 1280, height: 900 } }) {
  const { sessionId } = await call("POST", "/session", { capabilities: { alwaysMatch: {} } });
  const session = (method, path, body) => call(method, `/session/${sessionId}${path}`, body);
  await session("POST", "/timeouts", { script: PATIENCE_MS, pageLoad: PATIENCE_MS });
  await session("POST", "/window/rect", viewport);
  const first = await session("GET", "/window");
  const newPage = async () => {
    const { handle } = await session("POST", "/window/new", { type: "tab" });
    return pageOf(session, handle);
  };
  return { context: { newPage, close: () => session("DELETE", "") }, page: pageOf(session, first) };
}

function pageOf(session, handle) {
  const here = async (method, path, body) => {
    await session("POST", "/window", { handle });
    return session(method, path, body);
  };
  return new DrivenPage({
    goto: (url) => here("POST", "/url", { url }),
    reload: () => here("POST", "/refresh", {}),
    run: async (expression) => {
      const { value, error } = await here("POST", "/execute/async", { script: settle(expression), args: [] });
      if (error) throw new Error(error);
      return value;
    },
    perform: (actions) => here("POST", "/actions", { actions }),
    screenshot: async ({ path }) => writeFile(path, Buffer.from(await here("GET", "/screenshot"), "base64")),
    on: () => {},
    close: () => here("DELETE", "/window"),
  });
}

const settle = (expression) => `const done = arguments[0];
  (async () => (${expression}))().then(
    (value) => done({ value }),
    (error) => done({ error: String(error) + "\\n" + error.stack }),
  );`;
