// The ends of the paths that an address brings: an address has strokes and codes, of which the pictures are made here.

import { modelInput } from "../explore/model-input.js";
import { fetchWeights } from "../files/weights-files.js";
import { Failure, sentence } from "../messages/failure.js";
import { text } from "../messages/text.js";

/** Shows the ends {a, b} of share/seen.js; resolves to a sentence for each that cannot be shown. */
export async function showEnds({ state, viewer }, linked) {
  const complaints = [];
  for (const at of ["a", "b"].filter((each) => linked[each]))
    try {
      const end = await completed(linked[at], viewer);
      state.ends.value = { ...state.ends.value, [at]: end };
    } catch (error) {
      complaints.push(text("share.no_end", { end: at.toUpperCase(), reason: sentence(error) }));
    }
  return complaints;
}

async function completed(end, viewer) {
  if (end.image) return end;
  if (end.kind === "drawing") return { ...end, image: await imageOf(end.drawn, viewer) };
  const { source, ...rest } = end;
  const weights = await fetchWeights(source);
  const asked = { weights, z: end.code.slice(), label: end.shownAs };
  const { picture, code } = await viewer.call("decode_by", asked, [weights.buffer]);
  const [found, expected] = [end.code.length, code.length];
  if (found !== expected) throw new Failure("length", { quantity: "codes", expected, found });
  return { ...rest, image: picture, model: { source, of: null, ...code } };
}

async function imageOf({ items, ...how }, viewer) {
  const image = await viewer.call("frame", { ...modelInput(items), ...how });
  if (!image) throw new Failure("nothing_drawn");
  return image;
}
