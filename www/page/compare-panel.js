// Wires the comparison: its worker, its controller and its view.

import { Comparison } from "../compare/comparison.js";
import { MOST_COLUMNS, runOf, STORIES, sourceOfRun, storyOf } from "../compare/comparison-choice.js";
import { ComparisonClient } from "../compare/comparison-client.js";
import { hasPlane } from "../evaluation/plane-geometry.js";
import { fetchWeights } from "../files/weights-files.js";
import { Failure } from "../messages/failure.js";
import { text } from "../messages/text.js";
import { dataOfRun } from "../settings/data-trained.js";
import { hasCodebook } from "../settings/schema.js";
import { dataOf, sourcesOf } from "../settings/sources.js";
import { dataName, modelName, title } from "../settings/systems.js";
import { CompareView } from "../views/compare.js";
import { connect } from "../views/connect.js";
import { noPlaneText } from "../views/plane-texts.js";
import { WorkerClient } from "../worker/worker-client.js";
import { troubleText } from "./evaluation-panel.js";

/** `keep`: the KeepController, which has the weights of kept runs. */
export function openRoom({ state, session, viewer, systems, digits, dataSets, keep }) {
  const keptWeights = (run) => keep.weights(run);
  const models = new Models({ state, session, viewer, systems, keptWeights });
  const client = new ComparisonClient({
    dataSets,
    openWorker: () => new WorkerClient("cpu"),
    references: state.references,
  });
  const weights = (source) => models.weights(source);
  const comparison = new Comparison({ state, session, client, digits, weights });
  const view = new CompareView(
    document.getElementById("compare-panel"),
    STORIES.map(({ name }) => name),
    {
      choose: (column, source) => comparison.choose(column, source),
      remove: (column) => comparison.remove(column),
      tell: (name) => comparison.chooseAll(STORIES.find((story) => story.name === name).sources),
      newSamples: () => comparison.newSamples(),
      setReach: (reach) => comparison.setReach(reach),
      retry: () => comparison.retry(),
    },
  );
  connect(view, () => {
    const { reach } = state.samples.value;
    const columns = state.columns.value;
    const options = models.options;
    const props = (column, k) => ({
      dataset: state.dataset.value,
      column: { ...column, trouble: troubleText(column.trouble) },
      number: k + 1,
      options: models.withMissing(options, column.source),
      alone: columns.length === 1,
      reach,
      ...models.words(column),
    });
    return {
      columns: columns.map(props),
      references: state.references.value,
      options,
      story: storyOf(state.compared.value)?.name ?? null,
      full: columns.length >= MOST_COLUMNS,
      reach,
    };
  });
}

/** The models that can be compared: their names, what is said of them, and their weights. */
class Models {
  #state;
  #session;
  #viewer;
  #systems;
  #keptWeights;

  constructor({ state, session, viewer, systems, keptWeights }) {
    this.#state = state;
    this.#session = session;
    this.#viewer = viewer;
    this.#systems = systems;
    this.#keptWeights = keptWeights;
  }

  /** [{title, options: [[source, words], ..]}]: runs and a file first, then the pre-trained ones. */
  get options() {
    const { keptRuns, runKept, file } = this.#state;
    const ids = new Set([runKept.value.id, ...keptRuns.value.map(({ id }) => id)].filter(Boolean));
    const own = [...ids].map((id) => this.#option(sourceOfRun(id)));
    if (file.value) own.push(this.#option("file"));
    const groups = this.#systems
      .map((system) => ({
        title: title(system),
        options: sourcesOf(system, this.#state.dataset.value.key).map((source) => this.#option(source)),
      }))
      .filter(({ options }) => options.length > 0);
    return own.length > 0 ? [{ title: text("compare.own"), options: own }, ...groups] : groups;
  }

  /** `options` with the one of a run that is not there any more. */
  withMissing(options, source) {
    const offered = options.some((group) => group.options.some(([each]) => each === source));
    return offered ? options : [{ title: text("compare.own"), options: [this.#option(source)] }, ...options];
  }

  /** What is said of the model in a column: {name, facts, note, noMap}. */
  words({ source, description, step }) {
    const noMap = description && !hasPlane(description.model) ? noPlaneText() : null;
    return {
      name: this.#name(source),
      facts: description ? this.#facts(description, step) : text("compare.loading"),
      note: this.#isDeleted(source) ? text("compare.deleted") : "",
      noMap,
    };
  }

  /** Resolves to {bytes, step}; fails for a model of another data set, whose test images are not those that are here. */
  async weights(source) {
    const id = runOf(source);
    const trained = this.#dataOf(source);
    const { key, name } = this.#state.dataset.peek();
    if (trained && trained.key !== key)
      throw new Failure("compared_other_data", { trained: trained.name, data: name });
    if (id === null) return { bytes: await this.#lastingWeights(source), step: null };
    if (id === this.#state.runKept.peek().id && this.#session.made) return this.#presentWeights();
    const run = this.#state.keptRuns.peek().find((each) => each.id === id);
    if (!run) throw new Failure("compared_run_missing");
    return { bytes: await this.#keptWeights(run), step: run.step };
  }

  /** Of the present run, at the snapshot that is shown. */
  async #presentWeights() {
    const snapshot = this.#state.snapshot.peek();
    if (snapshot) return { bytes: await this.#viewer.call("weights", {}), step: snapshot.step };
    return { bytes: await this.#session.weights(), step: this.#session.step };
  }

  async #lastingWeights(source) {
    if (source !== "file") return fetchWeights(source);
    const { file } = this.#state;
    if (!file.peek()) throw new Failure("compared_file_missing");
    return file.peek().bytes.slice();
  }

  /** {key, name} of the data set that a model was trained on, or null where a file does not say. */
  #dataOf(source) {
    const { run, runKept, keptRuns } = this.#state;
    const id = runOf(source);
    if (id === null)
      return source === "file" ? null : { key: dataOf(source), name: dataName(dataOf(source)) };
    if (id === runKept.peek().id) return run.peek().dataset;
    return dataOfRun(keptRuns.peek().find((each) => each.id === id) ?? {});
  }

  #option(source) {
    return [source, this.#name(source)];
  }

  #name(source) {
    const id = runOf(source);
    if (id === null) return modelName({ source, file: this.#state.file.value?.name }, this.#systems);
    const isPresent = id === this.#state.runKept.value.id;
    const run = this.#state.keptRuns.value.find((each) => each.id === id);
    const made = isPresent ? this.#state.made.value : run?.made;
    if (!made) return text("compare.missing_run");
    const labels = this.#state.runLabels.value[id] ?? run;
    const name = labels?.name || modelName({ source: "training", made }, this.#systems);
    if (isPresent) return text("compare.present_run", { name }); // without its step, or the list would change while it is open
    return text("compare.kept_run", { name, step: run.step });
  }

  #isDeleted(source) {
    const id = runOf(source);
    if (id === null || id === this.#state.runKept.value.id) return false;
    return !this.#state.keptRuns.value.some((each) => each.id === id);
  }

  #facts({ model, code, notes }, step) {
    const facts = [
      code.codes > 0
        ? text(`compare.facts.${model.posterior}`, { places: code.length, codes: code.codes })
        : text("compare.facts.latent", { latent: model.latent }),
    ];
    const hasKl = model.posterior !== "point" && !hasCodebook(model);
    if (hasKl && notes.beta) facts.push(text("compare.facts.beta", { beta: notes.beta }));
    if (notes.epochs) facts.push(text("compare.facts.epochs", { count: Number(notes.epochs) }));
    if (step !== null) facts.push(text("compare.facts.step", { step }));
    return facts.join(" · ");
  }
}
