// The state of the page, declared once. Controllers write it, views are connected to it, nothing else keeps any of it.
//
// Signals of @preact/signals-core rather than a store of our own: derived values follow by themselves, several writes in a
// `batch` reach the views once, and the library has 1.5 kB and no dependency.

import { signal } from "@preact/signals-core";

/** `system`: the preset chosen at the start; `values`: the settings. */
export function createState({ system, values }) {
  return {
    // Settings.
    /** The chosen preset: {name, model, train}. */
    system: signal(system),
    /** The values of the form, by setting. */
    values: signal(values),
    /** A sentence beside the form about what was asked in it, or "", and the setting whose value was corrected, or null. */
    settingsNote: signal({ text: "", corrected: null }),

    // The model shown: whose weights the pictures show.
    /** {source: "z20" | .. | "training" | "file", description: {model, code, usage}} or null before the first. */
    shown: signal(null),
    /** Weights loaded by hand, {name, bytes}, or null. */
    file: signal(null),

    // Exploration.
    /** What is on the pad: {items, time}. `items`: strokes {points, erase} and at most one test image {image, digit}; `time`: of the pointer event that made it, or null. */
    drawing: signal({ items: [], time: null }),
    /** Whether drawings are centred and scaled as MNIST was. */
    centre: signal(true),
    /** Corruption of the drawing before the model sees it: "none", "noise", "mask" or "salt_and_pepper". */
    corruption: signal("none"),
    /** The digit that conditions a labelled model, or null where its classifier infers it. */
    label: signal(0),
    /** What the model makes of the drawing: posterior and reconstructions; null for an empty pad. */
    inference: signal(null),
    /** The latent code shown, [Z], or a codebook's indices. */
    code: signal(new Float32Array(0)),
    /** Where the code comes from: "drawing", "edited", "sample" (of the prior) or "label" (only the label was changed). */
    codeOrigin: signal("drawing"),
    /** The component (or place) at hand. */
    component: signal(0),
    /** Mean KL per component in nats, [Z], or null. */
    usage: signal(null),
    /** {pictures, strip}: the code decoded, then with other values `strip` in the component at hand; null before the first. */
    decoded: signal(null),
    /** Grids of digits: {layers, label} each, or null. */
    testDigits: signal(null),
    priorSamples: signal(null),
    pseudoInputs: signal(null),

    // Training.
    /** The run: {status, step, epoch, made, device, phase, data, testing, msPerStep, imagesPerSecond, trouble}. */
    run: signal({ status: "idle", step: 0, epoch: 0, made: null, device: null, phase: "", trouble: null }),
    /** Whether the system chosen now is another than the run's. */
    runIsOfOtherSystem: signal(false),
    /** {train, quick, full}: losses in nats per image, each null before it is known. */
    losses: signal({ train: null, quick: null, full: null }),
    /** The curves; replaced by a new object whenever they change. */
    history: signal(null),

    // Evaluation.
    /** {state, phase, progress, trouble, name, ready, busy}: the measurement under way. */
    measurement: signal({ state: "idle", phase: "", progress: null, trouble: null, name: "", ready: false }),
    /** Finished measurements, oldest first. */
    measurements: signal([]),
    /** Test images encoded by the model shown: {codes, digits, step, stale, progress, phase, trouble}. */
    testCodes: signal({ codes: null, digits: null, step: null, stale: false, progress: null, phase: "", trouble: null }),
    /** What the neighbours' panel says of the drawing, or null. */
    neighbours: signal(null),
    /** Which panels are open: evaluation works only for those. */
    open: signal({ plane: false, nearest: false }),

    // For everyone.
    /** Notices, by name: {name, text, kind, actions}. */
    notices: signal([]),
  };
}
