// Parts of the site that a build can leave out: `LEAVE_OUT="benchmark fashion" ./build.sh build`.

/** By name, the files that belong to it, by their paths in www/ or in the site; `compressed` are the neighbours, which many hosts do not look at. */
export const OPTIONAL_PARTS = {
  benchmark: /^peers\//,
  fashion: /^(data\/fashion\/|models\/fashion-)/,
  animals: /^(data\/animals\/|models\/animals-)/,
  sprites: /^models\/sprites-/,
  threads: /^(pkg\/threads\/|thread(-\w+)?\.js)/,
  compressed: /\.(html|css|js|json|svg|wasm|webmanifest|safetensors)\.(br|gz)$/,
};

/** Whether a file of the site belongs to any of them. */
export const isOptional = (path) => Object.values(OPTIONAL_PARTS).some((part) => part.test(path));

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
