// Loads a compiled wasm module: its script and its code, whatever type the server gives them.

import { Failure } from "../messages/failure.js";
import { moduleFile } from "../urls.js";
import { isWebPage } from "./content-digest.js";
import { respond, wholeBody } from "./fetch-file.js";
import { contentType, loadScript } from "./load-script.js";

const SCRIPT = "latent_lab.js";
const CODE = "latent_lab_bg.wasm";

/** The exports of `module`, "cpu", "gpu" or "threads", ready to use. The code is fetched while the script loads, and compiled while it arrives. */
export async function loadModule(module) {
  const code = respond(moduleFile(module, CODE), CODE);
  code.catch(() => {}); // awaited below, once the script is there
  const loaded = await loadScript(moduleFile(module, SCRIPT), SCRIPT);
  try {
    await loaded.default({ module_or_path: compilable(code) });
  } catch (error) {
    if (!["CompileError", "TypeError"].includes(error.name)) throw error; // damaged by a cache on the way, or broken off
    const again = await respond(moduleFile(module, CODE), CODE, { cache: "reload" });
    await loaded.default({ module_or_path: codeOf(again) });
  }
  return loaded;
}

/** The response, to be compiled while it arrives; its bytes, where the server's type keeps the browser from that. */
async function compilable(code) {
  const response = await code;
  return contentType(response) === "application/wasm" ? response : codeOf(response);
}

async function codeOf(response) {
  const bytes = await wholeBody(response, CODE);
  if (isWebPage(bytes)) throw new Failure("download_web_page", { file: CODE });
  return bytes;
}
