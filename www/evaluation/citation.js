// How to cite the page: an entry for BibTeX.

import { text } from "../messages/text.js";

/** `address` of the page, `script`: the name of its file, whose hash is the version; `year` of the visit. */
export function bibtex({ address, script, year }) {
  const { origin, pathname } = new URL(address);
  const fields = {
    author: `{${text("evaluation.citation.authors")}}`,
    title: `{${text("page.name")}}: ${text("evaluation.citation.subtitle")}`,
    url: origin + pathname,
    year: String(year),
    note: text("evaluation.citation.note", { version: versionOf(script) }),
  };
  const lines = Object.entries(fields).map(([field, value]) => `  ${field} = {${value}},`);
  return ["@misc{latent-lab,", ...lines, "}"].join("\n");
}

/** The hash in the name of a bundle; of the source itself, which has plain names, a word that says so. */
function versionOf(script) {
  return script.match(/-([0-9a-z]{6,})\.js$/i)?.[1] ?? text("evaluation.citation.source");
}
