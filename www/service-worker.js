// Keeps the page for visits without a network. Every file but the pages has a hash of its content in its name: a kept file is the right
// one for whichever page names it, so one cache holds the files of several versions and never mixes them. The pages come from the
// network where there is one. MNIST is kept by the page itself (data-sets/idx-files.js).
//
// Where the site has the module with threads, pages and workers get the headers without which browsers share no memory, for hosts that
// do not send them: from the second visit on.

import { digestOf, hasDigest } from "./files/content-digest.js";
import { SITE_CACHE } from "./files/site-cache.js";
import { NAMES, OFFLINE, PAGES } from "./site-files.js";

/** Where the page is kept, a network that has not begun to answer for this long is treated as none. */
const PATIENCE_MS = 5000;
const HOME = new URL(self.registration.scope);
const at = (path) => new URL(path, HOME).href;

const MANIFEST = "manifest.webmanifest";
/** What both pages need to open, draw and train, by path in the source; the WebGPU module and the other models are kept once used. */
const NEEDED = [
  /^(main|core|boot|worker|bench|bench\/(bench|replay)-worker)\.js$/,
  /^(page\/.*|training\/training-on-gpu)\.js$/, // what is loaded later
  /^(styles\/page|bench\/bench)\.css$/,
  /^vendor\/.*\.(js|css)$/,
  /^icon(s\/|\.svg)/,
  /^data\/digits-/,
  /^models\/vae-z20\./,
  /^pkg\/cpu\//,
];
/** MNIST has another owner, and the other libraries serve a comparison only. */
const NEVER_KEPT = /^(data\/t|peers\/)/;
/** Whether pages and workers are isolated from other origins, and with which headers. */
const ISOLATES = "pkg/threads/latent_lab.js" in NAMES;
const ISOLATING = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};
/** Of an answer that is kept: the others describe its way through the network. */
const LEFT_OUT = ["content-encoding", "content-length", "transfer-encoding"];

self.addEventListener("install", (event) => {
  self.skipWaiting();
  if (OFFLINE) event.waitUntil(install());
});
self.addEventListener("activate", (event) => event.waitUntil(OFFLINE ? self.clients.claim() : leave()));
if (OFFLINE) {
  self.addEventListener("fetch", answer);
  self.addEventListener("message", (event) => event.waitUntil(pageLoaded(event.data)));
}

/** The files come first, so that a kept page finds all that it names. */
async function install() {
  const cache = await caches.open(SITE_CACHE);
  const files = Object.entries(NAMES).filter(([path]) => NEEDED.some((pattern) => pattern.test(path)));
  const addresses = [...files.map(([, name]) => name), MANIFEST].map(at);
  await Promise.all(addresses.map((address) => keepFetched(cache, address)));
  const pages = await Promise.all(Object.entries(PAGES).map(([path, script]) => ownPage(path, script)));
  await Promise.all(pages.map(([path, page]) => cache.put(at(path), page)));
}

/** This version's page as `[path, response]`; fails where the server has that of another version. */
async function ownPage(path, script) {
  const response = await fetch(at(path), { cache: "no-cache" });
  const html = await response.text();
  if (!response.ok || !html.includes(`"${script}"`)) throw new Error(`${path} is not of this version`);
  return [path, new Response(html, { headers: keptHeaders(response) })];
}

/** Puts a file into the cache, where it is not there; fails where the server has another content. */
async function keepFetched(cache, address) {
  if (await cache.match(address)) return;
  for (const how of ["default", "reload"])
    if (await keep(cache, address, await fetch(address, { cache: how }))) return;
  throw new Error(`${address} is not the file of this version`);
}

/** Puts an answer into the cache, if it is the file; resolves to whether it is. */
async function keep(cache, address, response) {
  if (!response.ok || response.redirected || response.type !== "basic") return false;
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (!(await hasDigest(bytes, digestOf(address)))) return false;
  await cache.put(address, new Response(bytes, { headers: keptHeaders(response) }));
  return true;
}

function keptHeaders(response) {
  return [...response.headers].filter(([name]) => !LEFT_OUT.includes(name));
}

function answer(event) {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== HOME.origin || !pathname.startsWith(HOME.pathname)) return;
  if (request.headers.has("range") || request.cache === "no-store") return;
  const path = pathname.slice(HOME.pathname.length);
  const page = path === "index.html" ? "" : path;
  const isPage = request.mode === "navigate" && page in PAGES;
  const isWorker = ISOLATES && request.destination === "worker";
  if (isPage) event.respondWith(answerPage(request, at(page)).then(isolated));
  else if (path === MANIFEST || isKeepable(at(path))) {
    const answered = answerFile(event, at(path));
    event.respondWith(isWorker ? answered.then(isolated) : answered);
  } else if (isWorker) event.respondWith(fetch(request).then(isolated));
}

/** The same answer with the headers that isolate, where the site needs them and the host sends none; a redirection cannot be changed. */
function isolated(response) {
  if (!ISOLATES || response.type === "opaqueredirect") return response;
  const { body, status, statusText } = response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(ISOLATING)) if (!headers.has(name)) headers.set(name, value);
  return new Response(body, { status, statusText, headers });
}

function isKeepable(address) {
  return digestOf(address) !== null && !NEVER_KEPT.test(address.slice(HOME.href.length));
}

/** The cache, unless everything kept was deleted. */
async function existingCache() {
  return (await caches.has(SITE_CACHE)) ? caches.open(SITE_CACHE) : null;
}

/** From the network; the kept page where that has no answer. */
async function answerPage(request, address) {
  const kept = await (await existingCache())?.match(address);
  if (!kept) return fetch(request);
  const late = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE_MS));
  const fresh = fetch(request).then((response) => (response.status >= 500 ? kept : response));
  return Promise.race([fresh, late]).catch(() => kept);
}

/** The kept file; otherwise from the network, and kept once it has arrived. "reload" asks for another than the kept one. */
async function answerFile(event, address) {
  const cache = await existingCache();
  const kept = event.request.cache === "reload" ? null : await cache?.match(address);
  if (kept && address !== at(MANIFEST)) return kept;
  try {
    const response = await fetch(event.request);
    if (cache) event.waitUntil(keep(cache, address, response.clone()).catch(() => {})); // storage may be full
    return response;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

/** A page has loaded with this `script`, and what else is in `loaded`, partly before this worker ran. */
async function pageLoaded({ script, loaded }) {
  const cache = await existingCache();
  if (!cache) return;
  const missed = loaded.filter((address) => address.startsWith(HOME.href) && isKeepable(address));
  await Promise.allSettled(missed.map((address) => keepFetched(cache, address)));
  if (script === NAMES["main.js"]) await tidy(cache);
}

/** Deletes the files of other versions, where no other tab may still need them. */
async function tidy(cache) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (windows.filter(({ url }) => url.startsWith(HOME.href)).length > 1) return;
  const present = new Set([...Object.keys(PAGES), MANIFEST, ...Object.values(NAMES)].map(at));
  const old = (await cache.keys()).filter(({ url }) => !present.has(url));
  await Promise.all(old.map((request) => cache.delete(request)));
}

/** A build that keeps nothing removes what an earlier one has kept. */
async function leave() {
  await caches.delete(SITE_CACHE);
  await self.registration.unregister();
}
