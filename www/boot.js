// Says why the page does not start where its main script did not run. A classic script, because it must run where modules do not: from a
// file, in a frame without an origin, or with a wrong content type. Its sentences are in index.html, one for each cause.
// It also takes what the page preloads for its worker, or browsers would complain that nobody did: the worker finds it in their cache.

const boot = document.getElementById("boot");
const scripts = [...document.querySelectorAll('link[rel="modulepreload"]')]; // the page's script, and what it imports

for (const { href } of document.querySelectorAll('link[rel="preload"]')) fetch(href).catch(() => {});
if (document.readyState === "complete") explain();
else addEventListener("load", explain); // module scripts have run by then, or never will

async function explain() {
  if (document.documentElement.dataset.ready) return;
  const { cause, found = "" } = await findCause();
  const sentence = boot.querySelector(`[data-cause="${cause}"]`);
  const blank = sentence.querySelector("span");
  if (blank) blank.textContent = found;
  for (const each of boot.children) each.hidden = each !== sentence;
  document.documentElement.dataset.ready = "failed";
}

async function findCause() {
  if (location.protocol === "file:") return { cause: "file" };
  if (self.origin === "null") return { cause: "frame" };
  if (!("noModule" in HTMLScriptElement.prototype)) return { cause: "browser" };
  for (const { href } of scripts) {
    const found = await whatIsWrong(href);
    if (found) return found;
  }
  return { cause: "browser" };
}

/** Resolves to the cause why a script does not arrive, or null. */
async function whatIsWrong(address) {
  try {
    const { ok, status, headers } = await fetch(address, { cache: "reload" });
    const type = (headers.get("content-type") ?? "").split(";")[0].trim();
    if (!ok) return { cause: "missing", found: status };
    if (type === "text/html") return { cause: "web-page" };
    const isScript = /^(text|application)\/(x-)?(java|ecma)script$/.test(type);
    return isScript ? null : { cause: "type", found: type || "–" };
  } catch {
    return { cause: "network" };
  }
}
