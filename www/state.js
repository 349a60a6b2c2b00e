// The state of the page, declared once. Controllers write it, and views are connected to it.
//
// Signals of @preact/signals-core rather than a store of our own: derived values update by themselves, several writes in a
// `batch` reach the views once, and the library is 1.5 kB without dependencies.

import { computed, effect, signal } from "@preact/signals-core";
import { EMPTY_SHELF } from "./data-sets/shelf.js";
import { MNIST } from "./data-sets/shipped.js";
import { labelFor } from "./explore/label.js";
import { randomSeed } from "./explore/random-seed.js";
import { BEFORE_TRAINING, NO_CHANGE, NO_IMPORT, NO_TEACHING } from "./initial-state.js";
import { classesOf, classNames } from "./settings/class-names.js";

/** `system`: the preset chosen at the start; `values`: the settings; `dataset`: a signal, as below; `view`: the name of the view shown; `compared`: sources of models. */
export function createState({ system, values, dataset = signal(MNIST), view = "latents", compared = [] }) {
  const chosen = signal(system);
  const run = signal(BEFORE_TRAINING);
  const shown = signal(null);
  const snapshot = computed(() => shown.value?.snapshot ?? null);
  const labelChoice = signal({ label: 0, inferred: true });
  const form = signal(values);
  const runIsOfOtherData = computed(
    () => (run.value.dataset?.key ?? dataset.value.key) !== dataset.value.key,
  );
  const runIsOfOtherSystem = computed(
    () => run.value.system !== null && (run.value.system !== chosen.value.name || runIsOfOtherData.value),
  );
  const runValues = signal(values);
  effect(() => {
    if (!runIsOfOtherSystem.value) runValues.value = form.value;
  });
  const measurements = signal([]);
  const drawing = signal({ items: [], cleared: [], time: null });
  const demonstration = signal(null);
  return {
    /** The name of the view that is chosen, as in page/view-list.js. */
    view: signal(view),

    /** What the address has of what is seen, beside settings, view and comparison: texts by parameter, as in share/seen.js. */
    linked: signal({ query: {}, fragment: {} }),

    // Data.
    /**
     * The data set: {key, name, classes: [names], labelled, train, test, sha256, origin, testIsTrain}. `key`: "mnist", "fashion", "sprites", "animals"
     * or "own-<id>"; `train` and `test`: how many images; `sha256`: of the training images and then their labels, as raw IDX files; `origin`:
     * "shipped", "drawn" or "files"; `testIsTrain`: so few images that the test images are the training images.
     */
    dataset,
    /** Which part of the view of data is seen: "set", "draw", "files" or "teach". */
    dataPart: signal("set"),
    /** The drawings that become a data set, as in data-sets/shelf.js. */
    shelf: signal(EMPTY_SHELF),
    /**
     * What was read of files that become a data set. `status`: "none", "reading", "read", "making" or "failed"; `progress`: {stage, done, of}; `summary` as
     * DataImport gives it; `refused`: {file, kind, values} of files that were not opened; `classes`: their names; `name` of the set; `invert`, `transpose`,
     * `frame` (as MNIST is), `testShare`: how it is made; `trouble`: an error or null.
     */
    imported: signal(NO_IMPORT),
    /**
     * What a run on an own set has changed. `status`: "none", "making", "training", "scoring", "taught" or "failed"; `steps` to take; `set` as above;
     * `test`: {images, labels} of some of its test images, of which `seen` is looked at; `before` and `after`: {model, pictures, losses, step}, with `samples`
     * of -log p(x); `trouble`: an error or null.
     */
    lesson: signal(NO_TEACHING),

    // Settings.
    /** The chosen preset: {name, model, train}. */
    system: chosen,
    /** The values of the form, by setting. */
    values: form,
    /** A sentence next to the form about the last change, or "", and the setting whose value was corrected, or null. */
    settingsNote: signal({ text: "", corrected: null }),

    // The model shown: whose weights the pictures show.
    /**
     * {source: "z20" | .. | "training" | "file", description: {model, code, usage}, run, snapshot} or null before the first; `run`: the id of the
     * run whose weights they are, or null; `snapshot`: {step, epoch} of weights that it had earlier, null for its present ones.
     */
    shown,
    /** The snapshot of the run that is shown, or null. */
    snapshot,
    /** How many steps the weights of the run have that are shown, or would be. */
    stepShown: computed(() => snapshot.value?.step ?? run.value.step),
    /** Whether pictures of weights that have just been shown are still to come. */
    showing: signal(false),
    /** Weights loaded by hand, {name, bytes}, or null. */
    file: signal(null),

    // Exploration.
    /** What is on the pad: {items, cleared, time}, as described in explore/drawing.js. */
    drawing,
    /** The items of a recorded drawing that is replayed until someone draws, or null. It is not the user's: neither kept nor undone. */
    demonstration,
    /** What is seen on the pad, and by the model: {items, cleared, demonstrated}. */
    onPad: computed(() =>
      demonstration.value ? { items: demonstration.value, cleared: [], demonstrated: true } : drawing.value,
    ),
    /** Whether drawings are centred and scaled as MNIST was. */
    centre: signal(true),
    /** Corruption of the drawing before the model sees it: "none", "noise", "mask" or "salt_and_pepper". */
    corruption: signal("none"),
    /** The label chosen last, the index of a class: {label, inferred}; `inferred`: a model with a classifier infers the label instead. */
    labelChoice,
    /** The names of the classes of the model shown, by label. */
    modelClasses: computed(() => classNames(dataset.value, classesOf(shown.value?.description.model))),
    /** Of what is drawn at random: the `noise` ε of the reconstruction at a sample, the `corruption` of the drawing, and the `prior` samples beside the curves. */
    seeds: signal({ noise: randomSeed(), corruption: 0, prior: randomSeed() }),
    /** The label that conditions a labelled model, or null where its classifier infers it. */
    label: computed(() => labelFor(shown.value?.description.model, labelChoice.value)),
    /**
     * What the model infers from the drawing: {framed, mean, sigma, covariance, classes, kl_per_component, at_mean, at_sample,
     * pixel_sample, drawn, time}, `pixel_sample` being a sample of a Gaussian p(x|z) or undefined, `drawn` being {items, centre, corruption} that it is of, and `time` the event's time stamp, or null; null for an empty pad.
     */
    inference: signal(null),
    /** The latent code shown, [Z], or a codebook's indices. */
    code: signal(new Float32Array(0)),
    /** Where the code comes from: "drawing", "edited", "sample" (of the prior) or "label" (only the label was changed). */
    codeOrigin: signal("drawing"),
    /** The selected component of the code, or place of a codebook's grid. */
    component: signal(0),
    /** Mean KL per component in nats, [Z], or null. */
    usage: signal(null),
    /** The vectors of the codebooks shown, the top one first: [{places [C * 2], share, directions}], as the worker gives them; or null. */
    codebook: signal(null),
    /**
     * How often their codes are used over test images: {levels, images, step}, `levels` [{counts [C], perplexity}], null before they are known, and
     * `step` that of a run; `progress`: {done, of} images, or null; `trouble`: an error or null.
     */
    codeUsage: signal({
      levels: null,
      images: 0,
      step: null,
      progress: null,
      trouble: null,
    }),
    /** The components, most used first, as of the last moment at which sliders may be reordered. */
    componentOrder: signal([]),
    /**
     * {pictures, strip, time}: the code decoded, then with each of the values `strip` in the selected component, none while they are out of
     * sight; `time`: the time stamp of the event that asked for it, in ms, or null. Null before the first.
     */
    decoded: signal(null),
    /** Whether all components are shown as a grid of pictures in the place of the sliders. */
    asGrid: signal(false),
    /** That grid: {rows, pictures [rows * 9 * 784]}, rows as in explore/traversal-rows.js; or null. */
    traversals: signal(null),
    /** The code decoded with each label, as it was when that could last be seen [n * 784]; or null. */
    labelPictures: signal(null),
    /** Rows of ten test images, each row above its reconstructions, in reading order; NaN where there is none; or null. */
    testPictures: signal(null),
    /** {pictures, columns, labelled}: decoded samples of the prior, as in explore/decode-samples.js; or null. */
    priorSamples: signal(null),
    /** The images that define a VampPrior [n * 784], or null. */
    pseudoInputs: signal(null),

    /** The experiment that runs, {name, before}, `before` being what it is left for; or null. */
    experiment: signal(null),

    // Training.
    /**
     * The run. `status`: "idle", "starting", "running", "paused", "failed" or "finished"; `system`: the name of the preset that it was
     * begun for; `made`: the settings that its model was made with, and `dataset`: the data set that it trains on, both null before it is made; `record`: those of its steps, as in settings/settings-record.js, or null; `device`: as in training/device.js; `phase`: the key of what a
     * start is doing, or ""; `testing`: {done, of} images of the full test, or null; `trouble`: null or
     * {kind: "start" | "diverged" | "lost" | "data" | "memory", error, resumeAt}, `resumeAt` being the step of the last checkpoint, or
     * null; of "memory" also the `batch` that fits, or null.
     */
    run,
    /** `run.made`: unlike `run` it does not change with every report of progress, which would rewrite the form under someone's typing. */
    made: computed(() => run.value.made),
    /** Whether the system or the data set chosen now is another than the run's. */
    runIsOfOtherSystem,
    /** Whether the data set is. */
    runIsOfOtherData,
    /** The settings by which the run trains: those of the form, or as they were when another system was chosen to look at. */
    runValues,
    /** {loaded, total, ready} of the data files, in bytes (`total` 0 while unknown), or null where nothing is loaded. */
    trainingData: signal(null),
    /** {train, quick, full}: mean losses {reconstruction, kl, total, ..} in nats per image, each null before it is known. */
    losses: signal({ train: null, quick: null, full: null }),
    /** {train, quick, full}: the curves, points {step, reconstruction, kl, total}; a new object whenever they change. */
    history: signal({ train: [], quick: [], full: [] }),

    // Looking back.
    /** The snapshots of the run whose weights are there, {step, epoch} each, the earliest first. */
    snapshots: signal([]),
    /** What identifies the replay that shows one after the other, or null. */
    replaying: signal(null),

    // What is kept on this device for the next visit.
    /**
     * `status`: "keeping", "elsewhere" (another tab keeps its drawing and settings, this one its runs), "deleted" (nothing more in this
     * visit), "impossible" or, before it is known, "opening"; `failure`: why it is impossible, or why the last write failed, or null.
     */
    keeping: signal({ status: "opening", failure: null }),
    /**
     * The kept runs, the newest first, as in keep/entry-checks.js with their `id`, `name` ("" where none was given) and `pinned`;
     * `unsaved`: only in this tab, until it is closed.
     */
    keptRuns: signal([]),
    /** Labels {name, pinned} of runs by id, where they were given in this tab and are not written yet. */
    runLabels: signal({}),
    /** The ids of the runs that were begun or continued in this visit, in that order. */
    runsOfVisit: signal([]),
    /** By id, whether a person wants a run's curves in the chart; the others are there as page/run-curves.js decides. */
    curvesWanted: signal({}),
    /**
     * The results of a study that were opened, {file, configurations}, or null: {name, likelihood, data, scored_on, test: {n, mean, deviation}, runs},
     * each of the `runs` as the overlay of the chart needs it; `scored_on`: "test" or "validation" images.
     */
    study: signal(null),
    /** By name of a configuration, whether a person wants its curves in the chart; where that is not said, they are. */
    configurationsWanted: signal({}),
    /** {id, step}: under which id the present run is kept, or null, and up to which step. */
    runKept: signal({ id: null, step: 0 }),
    /** Size of everything kept, in bytes, or null before it was measured. */
    keptBytes: signal(null),
    /** {ready, failure}: whether the page opens and trains without a network, or why it will not; neither before it is known. */
    offline: signal({ ready: false, failure: null }),
    /** Failures of what was kept but cannot be read. */
    unreadable: signal([]),

    // Evaluation.
    /** The model evaluated: {description, step, stale}, or null before the first. `step`: of the run when its weights were taken, else null; `stale`: the run has gone on since. */
    evaluated: signal(null),
    /** What the evaluator's worker waits for: "loading" (everything), "replacing" (other weights) or "". */
    evaluatorPhase: signal(""),
    /** The measurement under way or the last one. `status`: "idle", "measuring", "measured", "stopped", "superseded" or "failed" (then `trouble` is the error); `progress`: {done, of, stage}; `name`: of the model. */
    measurement: signal({ status: "idle", progress: null, trouble: null, name: "" }),
    /** Results, oldest first: {name, step, data: {key, name}, likelihood, report, trained, changed}: the settings of training, and what was changed meanwhile as in evaluation/changed-settings.js. */
    measurements,
    /** Those on the present data set: numbers on different images are not compared. */
    measured: computed(() => measurements.value.filter(({ data }) => data.key === dataset.value.key)),
    /** Test images encoded by the model evaluated, for the comparison with the drawing: `encoded`, how many of them it can use; `progress`: {done, of}; `trouble`: an error. */
    testCodes: signal({ encoded: 0, progress: null, trouble: null }),
    /** The drawing among the test images: `answer` {nearest, nll, classes, samples}, or null; `trouble`: an error. */
    neighbours: signal({ answer: null, trouble: null }),
    /**
     * The map of the model shown: `view` {places [n * 2], labels [n] or null, across [Z], upwards [Z], share, variances [Z], contours, components,
     * step, continues} or null, where `components` are the two shown, or [] for the principal ones, `step` is that of a run and
     * `continues` says whether the view before is of the same run; `progress`: {done, of} of the images encoded, or null; `loading`:
     * whether the test images are; `trouble`: an error or null.
     */
    map: signal({ view: null, progress: null, loading: false, trouble: null }),
    /** What a person chose for the map: `axes`: two components, "principal", or null for the two most used; `count` of test images. */
    mapChoice: signal({ axes: null, count: 2000 }),
    /** The part of the map that was zoomed to, {centre: [x, y], reach} in latent units, or null where all of it is seen. */
    mapCamera: signal(null),
    /** Whether decoded pictures are behind the map. */
    mapBackground: signal(false),
    /** Means [Z] of the drawing's posterior at the snapshots of the run, oldest first. */
    drawingTrace: signal([]),
    /** Which views are open or on the screen: the others cost nothing. */
    open: signal({
      plane: false,
      nearest: false,
      traversals: false,
      codes: false,
      usage: false, // of the codes: it needs the test images
      labels: false,
      strip: true, // the first pictures come before the views
      grids: false,
      compare: false,
      paths: false,
      posterior: false,
    }),

    // Paths.
    /** {a, b}: the ends of the paths, as in paths/path-end.js. */
    ends: signal({ a: null, b: null }),
    /** Which path is played, "straight", "spherical" or "pixels", and where on it a person is: 0 at A, 60 at B. */
    course: signal({ kind: "straight", at: 0 }),
    /**
     * The paths by the model shown, or null before the first: {from, to, label, model, source, replaced, rows}, `from` and `to` being codes, `label`
     * the label of the pictures, `replaced` {a, b} whether the pinned code was another model's. `rows`: {straight, spherical, pixels}, the second
     * not for a codebook, each {pictures [11 * 784], frames [61 * 784] or null, points, spherical, norms [61], nlls [61]}, the last two or null.
     */
    paths: signal(null),
    /** The file that is being made of a path: `status` "idle", "working", "saved", "cancelled" or "failed" (then `trouble`); `kind`; {done, of} pictures; `name`; `bytes`. */
    film: signal({ status: "idle", kind: null, done: 0, of: 0, name: "" }),
    /**
     * The smallest changes of the drawing's code: `status` "idle", "searching", "found", "stopped" or "failed" (then `trouble`); `progress` {stage, done,
     * of}; `target`: a label or null; `z` [Z] searched from and its `model`; `components` searched; `reading` {label, probability} of z; `singles` and
     * `pairs`: [{components, moves, distance, reading, pictures [5 * 784]}].
     */
    change: signal(NO_CHANGE),

    // The true posterior of the drawing, of models with two components.
    /** What a person chose to see: "shown" (the model shown), "pair" (two pre-trained models) or null before any choice. */
    posteriorChoice: signal(null),
    /** Where a person has put the cross, [z1, z2] by the source of the model. */
    crosses: signal({}),
    /** The squares of the planes that are seen, {centre, reach} by source, where they are others than a new page would show. */
    frames: signal({}),
    /**
     * What is known under each model: {source, description, step, trouble, view, working}, null each before it is known. `source`: of
     * pre-trained weights, or "shown"; `step` of a run in training; `view` as the worker computes it, of the finest lattice so far:
     * {image, square, side, density, contours, shown, approximation, closest, moments, numbers}; `working`: whether a finer one is to come.
     */
    posteriors: signal([]),

    // Comparison.
    /** The sources of the models compared, in order: of pre-trained weights, "file", or "run-" and the id of a run. */
    compared: signal(compared),
    /** Of what all models decode the same samples: `seed`, and the `reach` of the box from the origin along each component. */
    samples: signal({ seed: 1, reach: 3 }),
    /**
     * What is seen of each model compared: {source, description, step, trouble, drawing, path, pathLabel, digits, prior, box, map, losses}, null each before
     * it is known. `description` as of the model shown, with `notes`; `step` of a run in training; `drawing`: {picture, reconstruction, kl,
     * squared_error, mean, covariance, label} at the posterior mean, `label` {label, inferred} of a conditional model, or null; `path`: ten pictures between the two ends, with `pathLabel` or null; `digits`: a grid of pictures; `prior`, `box`: {pictures, columns},
     * `box` null for a codebook;
     * `map`: as `view` of the map above; `losses`: {images, cross_entropy, kl, total}.
     */
    columns: signal([]),
    /** [{kind, components, nats}]: what every loss is compared with; empty before the comparison is open. */
    references: signal([]),
  };
}
