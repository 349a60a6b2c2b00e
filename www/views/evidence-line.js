// The identity as a line: the ELBO and the gap KL(q || p(z | x)), end to end, end at log p(x).

import { decimal } from "../messages/language.js";
import { text } from "../messages/text.js";
import { create } from "./dom.js";

const END = 0.93; // where log p(x) is, as a share of the line
const LEAST = 1; // nats from log p(x) to the left end
const ROOM = 1.5; // the left end is this many gaps from log p(x)

/** The nats that a line of these views has room for: the same for all, so that gaps compare. */
export function spanOf(views) {
  return Math.max(LEAST, ...views.filter(Boolean).map(({ numbers }) => ROOM * numbers.gap.value));
}

/** Fills `element` with the line of `numbers`, whose length is `span` nats up to log p(x). */
export function paintEvidence(element, numbers, span) {
  if (!numbers) return element.replaceChildren();
  const evidence = numbers.log_evidence.value;
  const at = (nats) => END * Math.min(1.05, Math.max(0, 1 - (evidence - nats) / span));
  const elbo = numbers.elbo.value;
  const closest = evidence - numbers.approximation_gap;
  const segment = (className, from, to) =>
    place(create("i", { className }), at(from), Math.max(0, at(to) - at(from)));
  const track = create(
    "span",
    { className: "evidence-track" },
    segment("elbo", evidence - span, elbo),
    segment("amortisation", elbo, closest),
    segment("approximation", closest, evidence),
    place(create("b"), at(evidence), 0),
  );
  if (numbers.importance) track.append(estimate(numbers.importance, at));
  const label = (className, nats, words) =>
    place(create("span", { className, textContent: words }), at(nats), 0);
  element.replaceChildren(
    label("evidence-elbo", elbo, text("posterior.elbo_at", { nats: decimal(elbo, 2) })),
    track,
    label("evidence-sum", evidence, text("posterior.evidence_at", { nats: decimal(evidence, 2) })),
  );
}

/** Mean and standard deviation of an estimate by importance sampling. */
function estimate({ mean, deviation }, at) {
  const from = at(mean - deviation);
  return place(
    create("em", {}, place(create("i"), (at(mean) - from) / Math.max(1e-9, at(mean + deviation) - from), 0)),
    from,
    at(mean + deviation) - from,
  );
}

function place(element, from, width) {
  element.style.setProperty("--from", from.toFixed(5));
  element.style.setProperty("--width", width.toFixed(5));
  return element;
}
