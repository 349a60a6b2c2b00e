// What the views show, kept between visits and in a saved lab as the query of an address, and shown again.

import { addressOfCompared, comparedFromQuery } from "../compare/comparison-choice.js";
import { steady } from "../keep/kept-values.js";
import { searchOf } from "../settings/address.js";
import { onlyViews, seenFromAddress, textsOfViews } from "../share/seen.js";

/** A function that reads {address} from the state. */
export function viewsKept(state) {
  return steady(() => {
    const compared = addressOfCompared("", state.compared.value);
    const query = new URLSearchParams(compared);
    for (const [key, words] of Object.entries(textsOfViews(state))) query.set(key, words);
    return { address: searchOf(query) };
  });
}

/** What the views show is as it was `seen`, as in share/seen.js; what that does not name is as at the first visit. */
export function takeViews(state, seen) {
  const { mapChoice, mapBackground, asGrid, samples, seeds, course, posteriorChoice, crosses, frames } =
    state;
  mapChoice.value = { axes: seen.axes ?? null, count: seen.images ?? 2000 };
  mapBackground.value = seen.background ?? false;
  asGrid.value = seen.grid ?? false;
  seeds.value = seen.random ?? seeds.value;
  samples.value = { seed: seen.draws ?? 1, reach: seen.box ?? 3 };
  course.value = { kind: seen.course ?? "straight", at: seen.place ?? 0 };
  posteriorChoice.value = seen.posteriors ?? null;
  crosses.value = seen.cross ?? {};
  frames.value = seen.frame ?? {};
}

/** What was kept, as share/seen.js reads it. `context` as there. */
export function viewsOfKept({ address }, context) {
  const { seen } = seenFromAddress({ search: address, hash: "" }, context);
  const { sources } = comparedFromQuery(address, context.systems);
  return { seen: onlyViews(seen), compared: sources };
}
