// What has to be said of a schedule that the run is too short for, or that another one replaces.

import { text } from "../messages/text.js";
import { hasMeaning } from "./schema.js";

/** A sentence on the warm-up of these values, or "": a run that ends before it never has the weight, or the target, that was asked for. */
export function warmUpNote(values) {
  const { warm_up, epochs, cycles, beta, capacity } = values;
  if (!(warm_up > 0) || !hasMeaning("warm_up", values)) return "";
  const hasTarget = capacity > 0 && hasMeaning("capacity", values);
  if (cycles > 0 && !hasTarget) return text("settings.warm_up_unused");
  const wanted = hasTarget ? capacity : beta;
  if (warm_up <= epochs || wanted === 0) return "";
  const spoken = {
    warm_up,
    epochs,
    wanted,
    end: String(Number((wanted * (epochs / warm_up)).toPrecision(2))),
  };
  return text(hasTarget ? "settings.target_longer" : "settings.warm_up_longer", spoken);
}
