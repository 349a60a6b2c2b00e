// What a copied table says of its models beside the numbers: how each was trained, and on what it was measured.

import { forSpreadsheet } from "../messages/language.js";
import { text } from "../messages/text.js";
import { hasMeaning, label, valueText } from "../settings/schema.js";
import { changedText } from "./changed-settings.js";

/** The settings of training that a copied table states. */
export const TRAINED = ["seed", "batch", "learning_rate", "beta", "latent"];

/** What was measured, and how: {name, of(result), shown(result)} for each column, `of` the value itself and `shown` as a person reads it. */
export function contextColumns() {
  const plain = (name, of) => ({ name, of, shown: (result) => String(of(result) ?? notApplicable()) });
  const extent = (key) => plain(text(`evaluation.copied.${key}`), ({ report }) => report[key]);
  return [
    plain(text("evaluation.copied.model"), ({ name }) => name),
    plain(text("evaluation.copied.step"), ({ step }) => step),
    ...TRAINED.map((name) => ({
      name: label(name),
      of: ({ trained }) => (trained && hasMeaning(name, trained) ? trained[name] : null),
      shown: ({ trained }) => trainedText(trained, name),
    })),
    plain(text("evaluation.copied.changed"), changedCell),
    plain(text("evaluation.copied.data"), (result) => forSpreadsheet(dataText(result))),
    extent("importance_samples"),
    extent("prior_samples"),
  ];
}

/** The setting `name` with which a model was trained; n/a where its file does not say. */
export function trainedText(trained, name) {
  return trained && hasMeaning(name, trained) ? valueText(name, trained[name]) : notApplicable();
}

/** What was changed while it was trained. */
export function changedCell({ changed }) {
  return changedText(changed ?? null) || text("evaluation.changed.no");
}

export function dataText({ data, report }) {
  const images = text("evaluation.copied.test_images", { data: data.name, count: report.images });
  return report.binarised ? text("evaluation.extent_binarised", { extent: images }) : images;
}

function notApplicable() {
  return text("evaluation.not_applicable");
}
