// Parts of the site that a build can leave out: `LEAVE_OUT="benchmark fashion" ./build.sh build`.

/** By name, the files that belong to it, by their paths in www/ or in the site; `gzip` is for hosts without https, where browsers take no brotli. */
export const OPTIONAL_PARTS = {
  benchmark: /^peers\//,
  fashion: /^(data\/fashion\/|models\/fashion-)/,
  animals: /^(data\/animals\/|models\/animals-)/,
  sprites: /^models\/sprites-/,
  gzip: /\.(html|css|js|json|svg|wasm|webmanifest|safetensors)\.gz$/,
};

/** A function that tells whether a file is left out where `names` are: words with spaces between them. */
export function leavingOut(names) {
  const parts = names.split(/\s+/).filter(Boolean);
  const unknown = parts.filter((name) => !(name in OPTIONAL_PARTS));
  if (unknown.length > 0)
    throw new Error(
      `LEAVE_OUT names "${unknown.join(" ")}"; what can be left out: ${Object.keys(OPTIONAL_PARTS).join(", ")}`,
    );
  return (path) => parts.some((name) => OPTIONAL_PARTS[name].test(path));
}
