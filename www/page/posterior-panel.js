// Wires the posterior view: its worker, its controller and its view.

import { fetchWeights } from "../files/weights-files.js";
import { text } from "../messages/text.js";
import { PAIR, reasonAgainst, SHOWN } from "../posterior/posterior-choice.js";
import { PosteriorClient } from "../posterior/posterior-client.js";
import { PosteriorController } from "../posterior/posterior-controller.js";
import { modelName } from "../settings/systems.js";
import { connect } from "../views/connect.js";
import { PosteriorView } from "../views/posterior.js";
import { WorkerClient } from "../worker/worker-client.js";
import { troubleText } from "./evaluation-panel.js";

/** `viewer`: the worker that has the weights shown. */
export function openRoom({ state, viewer, shownModel, systems, announcer }) {
  const client = new PosteriorClient(() => new WorkerClient("cpu"));
  const controller = new PosteriorController({ state, client, weights });
  const view = new PosteriorView(document.getElementById("posterior-panel"), {
    choose: (which) => controller.choose(which),
    use: (source) => shownModel.choose(source),
    decode: (source, z) => controller.decode(source, z),
    move: (source, place) => controller.move(source, place),
    look: (source, square) => controller.look(source, square),
    retry: () => controller.retry(),
    say: (words) => announcer.say(words),
  });
  connect(view, () => {
    const shown = state.shown.value;
    const columns = state.posteriors.value;
    const reason = shown && reasonAgainst(shown.description.model);
    const name = (source) => nameOf(source === SHOWN ? shown?.source : source);
    return {
      columns: columns.map((column) => ({
        column: { ...column, trouble: troubleText(column.trouble) },
        name: name(column.source),
        facts: factsOf(column),
        family: column.description?.model.posterior ?? (column.source === PAIR[1] ? "full" : "diagonal"),
        cross: state.crosses.value[column.source] ?? null,
        frame: state.frames.peek()[column.source] ?? null,
        usable: column.source !== SHOWN && column.source !== shown?.source,
        drawn: state.inference.value !== null,
      })),
      choice: reason === null && !PAIR.includes(shown.source) ? choiceOf(columns) : null,
      note: noteOf(shown, reason, nameOf),
    };
  });

  async function weights(source) {
    if (source !== SHOWN) return { bytes: await fetchWeights(source), step: null };
    const training = state.shown.peek().source === "training";
    const step = training ? state.stepShown.peek() : null;
    return { bytes: await viewer.call("weights", {}), step };
  }

  function nameOf(source) {
    if (!source) return "";
    const { file, made } = state;
    return modelName({ source, file: file.value?.name, made: made.value }, systems);
  }
}

/** What is seen where there is a choice: "shown" or "pair". */
function choiceOf(columns) {
  return columns.some(({ source }) => source === SHOWN) ? SHOWN : "pair";
}

/** Which models are seen, and why not the model shown where it is not. */
function noteOf(shown, reason, nameOf) {
  if (!reason) return "";
  const pair = { first: nameOf(PAIR[0]), second: nameOf(PAIR[1]) };
  const { latent } = shown.description.model;
  const name = nameOf(shown.source);
  return `${text(`posterior.against.${reason}`, { name, latent })} ${text("posterior.instead", pair)}`;
}

function factsOf({ description, step }) {
  if (!description) return text("posterior.loading");
  const { posterior, prior, labelled } = description.model;
  const facts = [text(`posterior.facts.${posterior}`), text(`posterior.prior.${prior}`)];
  if (labelled) facts.push(text("posterior.given_label"));
  if (step !== null) facts.push(text("posterior.step", { step }));
  return facts.join(" · ");
}
