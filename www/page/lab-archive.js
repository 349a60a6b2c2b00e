// Saves the whole lab as one archive and opens one: what it brings is shown, its runs come beside those that are there, and one click
// brings back what was shown before.

import { batch } from "@preact/signals-core";
import { readArchive, writeArchive } from "../archive/archive-client.js";
import { labFiles, runFiles, runFolders } from "../archive/lab-files.js";
import { modelInput } from "../explore/model-input.js";
import { saveFile } from "../files/save-file.js";
import { fetchWeights } from "../files/weights-files.js";
import { keptValues, restoreDrawing } from "../keep/kept-values.js";
import { newId } from "../keep/run-keeper.js";
import { runName } from "../keep/run-name.js";
import { Failure, sentence } from "../messages/failure.js";
import { today } from "../messages/format.js";
import { text } from "../messages/text.js";
import { dataFromQuery, settingsFromQuery, systemFromQuery } from "../settings/address.js";
import { dataOfRun } from "../settings/data-trained.js";
import { settings } from "../settings/schema.js";
import { allSourcesOf, sourcesOf } from "../settings/sources.js";
import { endsOfLab, restoreEnds } from "./kept-ends.js";
import { restoreCode } from "./restore-shown.js";
import { takeViews, viewsKept, viewsOfKept } from "./views-kept.js";

const NOTICE = "archive";
const ATTEMPTS = 3; // to read a run that trains on

export class LabArchive {
  #parts;
  #values;

  constructor(parts) {
    this.#parts = parts;
    this.#values = { ...keptValues(parts.state, parts.systems), views: viewsKept(parts.state) };
  }

  /** Saves everything, with the kept runs of these `ids`. */
  async save(ids) {
    const { notices } = this.#parts;
    try {
      const { lab, picture } = await this.#lab();
      const { runs, unreadable } = await this.#runs(ids);
      const dataSets = await this.#dataSets(runs);
      const files = runFolders(runs).flatMap(([folder, run]) => runFiles(folder, run));
      const blob = await writeArchive([...labFiles({ ...lab, dataSets, runs }, picture), ...files]);
      saveFile(blob, `latent-lab-${today()}.zip`);
      notices.clear(NOTICE);
      if (unreadable.length === 0) return;
      const names = unreadable.map((run) => runName(run, this.#parts.systems)).join(", ");
      notices.show({ name: NOTICE, text: text("archive.left_out", { names }) });
    } catch (error) {
      notices.show({ name: NOTICE, text: text("archive.not_saved", { reason: sentence(error) }) });
    }
  }

  /** Opens an archive, a File; on an error nothing changes. */
  async open(file) {
    const { notices, announcer } = this.#parts;
    try {
      const lab = await readArchive(file);
      const source = await this.#sourceOf(lab); // fetched now, so that nothing is missing later
      for (const each of lab.dataSets) await this.#parts.dataSets.restore(each);
      const before = this.#before();
      const back = () => this.#show(before.lab, before.source);
      await this.#show(lab, source).catch((error) => back().then(() => Promise.reject(error)));
      const { added, known } = await this.#addRuns(lab.runs);
      const words = text("archive.opened", { file: file.name, runs: runsText(added, known) });
      const undo = () => back().then(() => announcer.say(text("archive.undone")));
      notices.show({ name: NOTICE, text: words, kind: "info", actions: { [text("archive.undo")]: undo } });
    } catch (error) {
      const words = text("archive.refused", { file: file.name, reason: sentence(error) });
      notices.show({ name: NOTICE, text: words });
    }
  }

  /** {lab, picture} without runs. A run's weights are a file of the lab: shown again, whether or not its run is there. */
  async #lab() {
    const { state, viewer } = this.#parts;
    const { system } = state.run.peek();
    const step = state.stepShown.peek();
    const entries = this.#entries();
    const { source } = state.shown.peek();
    const ofRun = source === "training";
    const weights = ofRun
      ? { name: `${system}-step-${step}.safetensors`, bytes: await viewer.call("weights") }
      : source === "file"
        ? state.file.peek()
        : null;
    const input = modelInput(entries.drawing?.items ?? []);
    const picture = input && (await viewer.call("drawing_png", input));
    const { code, shown } = entries;
    if (ofRun && code) entries.code = { ...code, source: "file", run: null };
    if (ofRun) entries.shown = { ...shown, source: "file" };
    if (entries.ends) entries.ends = endsOfLab(entries.ends, { source, id: state.runKept.peek().id });
    return { lab: { ...entries, weights }, picture };
  }

  /** A person's own data sets that are seen, or that one of the `runs` was trained on, where they are still there. */
  #dataSets(runs) {
    const { state, dataSets } = this.#parts;
    const keys = new Set([state.dataset.peek().key, ...runs.map(({ summary }) => dataOfRun(summary).key)]);
    const own = [...keys].filter((key) => (dataSets.info(key)?.origin ?? "shipped") !== "shipped");
    return Promise.all(own.map((key) => dataSets.saved(key)));
  }

  #entries() {
    const { file: _, ...readers } = this.#values;
    return Object.fromEntries(Object.entries(readers).map(([kind, read]) => [kind, read()]));
  }

  /** {lab, source}: what is shown now. */
  #before() {
    const { state } = this.#parts;
    return { lab: { ...this.#entries(), weights: state.file.peek() }, source: state.shown.peek().source };
  }

  /** {runs, unreadable}: as an archive has them, and summaries of those whose checkpoint cannot be read. */
  async #runs(ids) {
    const [runs, unreadable] = [[], []];
    for (const id of ids) {
      const run = await this.#run(id);
      if (run?.checkpoint) runs.push(run);
      else if (run) unreadable.push(run.summary);
    }
    return { runs, unreadable };
  }

  /** {id, summary, checkpoint}, both of the same step: while a run trains, a later checkpoint may take the place of the one that is read. */
  async #run(id) {
    let summary;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const kept = this.#parts.state.keptRuns.peek().find((run) => run.id === id);
      if (!kept) return null; // deleted meanwhile
      const { id: _, unsaved: __, ...rest } = kept;
      summary = rest;
      const checkpoint = await this.#parts.keep.content(kept).catch(() => null);
      if (checkpoint?.step === kept.step) return { id, summary, checkpoint };
    }
    return { id, summary, checkpoint: null };
  }

  /** The source of the model that a lab shows; fails where its weights cannot be fetched. */
  async #sourceOf({ shown, settings: { address }, weights }) {
    if (shown.source === "file" && weights) return "file";
    const { systems } = this.#parts;
    const { system } = systemFromQuery(address, systems);
    const isKnown = systems.some((each) => allSourcesOf(each).includes(shown.source));
    const source = isKnown ? shown.source : sourcesOf(system)[0];
    await fetchWeights(source);
    return source;
  }

  /** The numbers of runs {added, known}: a run that is there to the byte is not added again; one of the same id gets another. */
  async #addRuns(runs) {
    const { state, keep } = this.#parts;
    const kept = state.keptRuns.peek();
    const added = [];
    for (const run of runs) {
      if (await this.#isKept(run, kept)) continue;
      const isTaken = kept.some(({ id }) => id === run.id) || state.runKept.peek().id === run.id;
      added.push({ ...run, id: isTaken ? newId() : run.id });
    }
    await keep.add(added);
    return { added: added.length, known: runs.length - added.length };
  }

  async #isKept({ summary, checkpoint }, kept) {
    const alike = kept.filter(({ step, begun }) => step === summary.step && begun === summary.begun);
    for (const run of alike) {
      const content = await this.#parts.keep.content(run).catch(() => null);
      if (content && isSame(content.bytes, checkpoint.bytes)) return true;
    }
    return false;
  }

  #showViews(views, system) {
    const { state, systems } = this.#parts;
    const { seen, compared } = viewsOfKept(views, { system, systems });
    takeViews(state, seen);
    state.compared.value = compared;
  }

  /** `source`: of the model to show. */
  async #show({ settings: { address }, drawing, code, shown, views, ends, weights }, source) {
    const { state, systems, dataSets, choice, shownModel, explore } = this.#parts;
    const { system } = systemFromQuery(address, systems);
    await dataSets.choose(dataFromQuery(address, dataSets.list.peek()).key);
    await choice.adopt(system, settingsFromQuery(address, system).values);
    if (weights) await shownModel.restore(weights);
    if (views) this.#showViews(views, system);
    if (!(await shownModel.choose(source))) throw new Failure("archive_model_not_shown");
    batch(() => {
      state.demonstration.value = null;
      if (drawing) restoreDrawing(state, drawing);
    });
    const isKnown = settings.corruption.choices.includes(shown.corruption);
    const { corruption: seed } = state.seeds.peek();
    await explore.setCorruption(isKnown ? shown.corruption : "none", null, seed); // infers the drawing anew
    if (ends) restoreEnds(state, ends);
    if (code) restoreCode({ state, explore }, code);
  }
}

function runsText(added, known) {
  if (added + known === 0) return text("archive.no_runs");
  const parts = [text("archive.added", { count: added })];
  if (known > 0) parts.push(text("archive.known", { count: known }));
  return parts.join(" ");
}

function isSame(a, b) {
  return a.length === b.length && a.every((byte, k) => byte === b[k]);
}
