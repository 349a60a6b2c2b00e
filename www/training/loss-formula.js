// The loss as a formula, composed of the presets' texts.

import { text } from "../messages/text.js";
import { hasMeaning } from "../settings/schema.js";
import { auxiliaryLosses, penaltyOf } from "./loss-descriptions.js";

/** What the divergence depends on, the most telling first. */
const DIVERGENCE_PARTS = ["posterior", "prior", "classifier", "labelled", "samples"];

/**
 * The loss for these values as pieces `{text, changed, term, joint}`. `changed`: the first system's piece is different; `joint`: the
 * operator before the piece.
 */
export function formula(values, systems) {
  const [first] = systems;
  const reconstructionOf = ({ name }) => text(`presets.${name}.reconstruction`);
  const divergenceOf = ({ name }) => text(`presets.${name}.divergence`, values);
  const likelihood = systems.find(({ model }) => model.likelihood === values.likelihood);
  const reconstruction = reconstructionOf(likelihood);
  const nearest = nearestByDivergence(values, systems);
  const divergence = divergenceOf(nearest);
  const reweighted = values.beta !== first.train.beta;
  const pieces = [
    {
      term: "reconstruction",
      joint: "",
      text: reconstruction,
      changed: reconstruction !== reconstructionOf(first),
    },
    { term: "beta", joint: " + ", text: reweighted ? `${values.beta}` : "β", changed: reweighted },
    { term: "divergence", joint: " · ", text: divergence, changed: divergence !== divergenceOf(first) },
  ];
  if (hasMeaning("samples", values) && values.samples !== nearest.train.samples)
    pieces.push({
      term: "samples",
      joint: ", ",
      text: text("training.formula.samples", { samples: values.samples }),
      changed: true,
    });
  const schedule = scheduleOf(values);
  if (schedule) pieces.push({ term: "schedule", joint: ", ", text: schedule, changed: true });
  for (const { term } of auxiliaryLosses(values))
    pieces.push({
      term: "auxiliary",
      joint: " + ",
      text: text(term, { weight: values.critic_weight }),
      changed: true,
    });
  return pieces;
}

/** What grows while the model trains, in words, or null. */
function scheduleOf(values) {
  const { beta, warm_up, cycles, capacity } = values;
  if (penaltyOf(values) === "capacity")
    return warm_up > 0 ? text("training.formula.growing_target", { capacity, count: warm_up }) : null;
  if (beta === 0) return null;
  if (cycles > 0) return text("training.formula.cycles", { count: cycles });
  return warm_up > 0 ? text("training.formula.warm_up", { count: warm_up }) : null;
}

/** The system whose divergence is that of the values: of those with the same penalty the first that agrees in the most of the parts, the most telling first. */
function nearestByDivergence(values, systems) {
  const penalty = penaltyOf(values);
  const alike = systems.filter((system) => penaltyOf({ ...system.model, ...system.train }) === penalty);
  for (let count = DIVERGENCE_PARTS.length; count > 0; count--) {
    const parts = DIVERGENCE_PARTS.slice(0, count);
    const found = alike.find((system) => {
      const own = { ...system.model, ...system.train };
      return parts.every((part) => own[part] === values[part]);
    });
    if (found) return found;
  }
  return alike[0];
}
