// Which models are compared: the stories, the address, and what can be chosen.

import { text } from "../messages/text.js";
import { searchOf } from "../settings/address.js";
import { allSourcesOf } from "../settings/sources.js";
import { shorten } from "../settings/values.js";

export const MOST_COLUMNS = 4;

const COMPARED = "compare"; // in the address
const RUN = "run-";

/** Comparisons that show an idea, each with its words in the catalogue. The first is the one that the page opens with. */
export const STORIES = [
  { name: "autoencoder", sources: ["ae-z2", "z2"] },
  { name: "beta", sources: ["beta-0.1", "z20", "beta", "beta-20"] },
  { name: "without_kl", sources: ["ae", "noise", "z20"] },
  { name: "small", sources: ["small", "small_kl"] },
  { name: "second_stage", sources: ["ae", "two_stage", "wae", "z20"] },
  { name: "pca", sources: ["pca", "linear"] },
];

/** The story of which these are the models, or null. */
export function storyOf(sources) {
  return STORIES.find((story) => story.sources.join() === sources.join()) ?? null;
}

/** The source of a run with this id. */
export function sourceOfRun(id) {
  return RUN + id;
}

/** The id of the run whose source this is, or null. */
export function runOf(source) {
  return source.startsWith(RUN) ? source.slice(RUN.length) : null;
}

/** The models that an address asks to compare, and a sentence where it asks for some that there are not, or for too many. */
export function comparedFromQuery(search, systems) {
  const asked = new URLSearchParams(search).getAll(COMPARED).flatMap((list) => list.split(","));
  if (asked.length === 0) return { sources: STORIES[0].sources, complaints: [] };
  const known = (source) =>
    runOf(source) !== null || systems.some((each) => allSourcesOf(each).includes(source));
  const sources = asked.filter(known).slice(0, MOST_COLUMNS);
  const complaints =
    sources.length < asked.length ? [complaint(asked.filter((it) => !sources.includes(it)))] : [];
  return { sources: sources.length > 0 ? sources : STORIES[0].sources, complaints };
}

function complaint(refused) {
  return text("compare.address", { refused: shorten(refused.join(", ")), most: MOST_COLUMNS });
}

/** The address with the parameter that restores these models. A file cannot be restored. */
export function addressOfCompared(search, sources) {
  const query = new URLSearchParams(search);
  query.delete(COMPARED);
  const lasting = sources.filter((source) => source !== "file");
  if (lasting.length > 0 && storyOf(sources) !== STORIES[0]) query.set(COMPARED, lasting.join(","));
  return searchOf(query);
}
