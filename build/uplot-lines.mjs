// uPlot without the ways to draw a curve that the page does not use: steps, bars and splines would be 2 kB of its script (brotli).

import { build } from "esbuild";

const UNUSED = ["stepped", "bars", "spline"];

/** The minified module, from the text of uPlot.esm.js. Fails where that adds these ways in other words than the version that is pinned. */
export async function uplotLines(source) {
  const { outputFiles } = await build({
    stdin: { contents: UNUSED.reduce(without, source) },
    bundle: true, // leaves out what nothing names any more
    format: "esm",
    minify: true,
    write: false,
  });
  return outputFiles[0].contents;
}

function without(source, name) {
  const added = new RegExp(`\\(paths\\.${name}\\s*=\\s*\\w+\\);`);
  if (!added.test(source)) throw new Error(`uPlot does not add paths.${name} as it did`);
  return source.replace(added, "");
}
