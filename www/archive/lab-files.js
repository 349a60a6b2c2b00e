// A lab as the files of its archive, and back: with the versions and the checks of what is kept between visits (keep/entry-format.js).
//
// A lab is {drawing, settings, code, shown, views, ends, weights, dataSets, runs}: entries as in keep/kept-values.js, null each where there is none; `weights`:
// {name, bytes} of the model shown where it is not a pre-trained one, or null; `dataSets`: a person's own ones that the lab or its runs use, [{info, files}] as in
// data-sets/data-sets.js; `runs`: [{id, summary, checkpoint}].

import { packed, unpacked } from "../keep/entry-format.js";
import { Failure } from "../messages/failure.js";
import { historyCsv, historyOf } from "./history-csv.js";
import { fromJson, toJson } from "./lab-json.js";

export const LAB = "lab.json";
const FORMAT = "latent-lab";
/** Of the archive; each entry in it has a version of its own. */
const VERSION = 1;
const ENTRIES = ["drawing", "settings", "code", "shown", "views", "ends"];
const WEIGHTS = "weights/model.safetensors";
const PICTURE = "drawing.png";
/** As in the folder that the command line reads: each part of a data set's files and its name. */
const DATA_FILES = [
  ["trainImages", "train-images-idx3-ubyte"],
  ["trainLabels", "train-labels-idx1-ubyte"],
  ["testImages", "t10k-images-idx3-ubyte"],
  ["testLabels", "t10k-labels-idx1-ubyte"],
];
const LONGEST_NAME = 255; // characters of a file's name
const LONGEST_FOLDER = 40; // characters
const MOST_RUNS = 1000;

const encode = (text) => new TextEncoder().encode(text);

/** [name, bytes] of everything but the runs. `picture`: the drawing as a PNG, or null; `runs`: {id, summary}, in any order. */
export function labFiles({ weights, dataSets = [], runs, ...entries }, picture = null) {
  const lab = {
    format: FORMAT,
    version: VERSION,
    weights: weights && { file: WEIGHTS, name: weights.name },
    dataSets: dataSets.map(({ info }) => packed("dataSet", info)),
    runs: runFolders(runs).map(([folder]) => folder),
  };
  for (const kind of ENTRIES) lab[kind] = entries[kind] && packed(kind, entries[kind]);
  return [
    [LAB, encode(toJson(lab))],
    ...(picture ? [[PICTURE, picture]] : []),
    ...(weights ? [[WEIGHTS, weights.bytes]] : []),
    ...dataSets.flatMap(({ info, files }) =>
      DATA_FILES.filter(([part]) => files[part]).map(([part, name]) => [
        `data/${info.key}/${name}`,
        files[part],
      ]),
    ),
  ];
}

/** [folder, run] of each, the one begun first at the beginning. `runs`: {id, summary, ..}. */
export function runFolders(runs) {
  const inOrder = [...runs].sort((a, b) => a.summary.begun - b.summary.begun || (a.id < b.id ? -1 : 1));
  return inOrder.map((run, k) => {
    const words = (run.summary.name || run.summary.system).toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
    const name = words.slice(0, LONGEST_FOLDER).replaceAll(/^-|-$/g, "");
    return [`runs/${String(k + 1).padStart(2, "0")}-${name || "run"}`, run];
  });
}

/** [name, bytes] of one run. */
export function runFiles(folder, { id, summary, checkpoint }) {
  const { history, bytes: _, ...rest } = summary;
  const { bytes, weights, ...state } = checkpoint;
  const run = { id, ...packed("run", rest), checkpoint: packed("checkpoint", state) };
  return [
    [`${folder}/run.json`, encode(toJson(run))],
    [`${folder}/history.csv`, encode(historyCsv(history))],
    [`${folder}/checkpoint.safetensors`, bytes],
    [`${folder}/weights.safetensors`, weights],
  ];
}

/** The lab of `files`, a Map of bytes by name; fails where a part is missing, damaged, or of a later version of the page. */
export function labOf(files) {
  const lab = fromJson(entryOf(files, LAB), LAB);
  if (lab.format !== FORMAT) throw new Failure("archive_entry", { entry: LAB });
  if (Number.isInteger(lab.version) && lab.version > VERSION) throw new Failure("archive_later");
  if (lab.version !== VERSION) throw new Failure("archive_entry", { entry: LAB });
  const entries = ENTRIES.map((kind) => [kind, lab[kind] && checked(kind, lab[kind], LAB)]);
  const { settings, shown } = Object.fromEntries(entries);
  if (!settings || !shown) throw new Failure("archive_entry", { entry: LAB });
  return {
    ...Object.fromEntries(entries),
    weights: lab.weights ? weightsOf(files, lab.weights) : null,
    dataSets: listOf(lab.dataSets ?? []).map((kept) => dataSetOf(files, kept)), // none in those of before
    runs: foldersOf(lab.runs).map((folder) => runOf(files, folder)),
  };
}

function foldersOf(folders) {
  if (!listOf(folders).every((folder) => typeof folder === "string"))
    throw new Failure("archive_entry", { entry: LAB });
  return [...new Set(folders)];
}

function listOf(values) {
  if (!Array.isArray(values) || values.length > MOST_RUNS) throw new Failure("archive_entry", { entry: LAB });
  return values;
}

function dataSetOf(files, kept) {
  const info = checked("dataSet", kept, LAB);
  const part = (name) => files.get(`data/${info.key}/${name}`) ?? null;
  const parts = Object.fromEntries(DATA_FILES.map(([of, name]) => [of, part(name)]));
  for (const [of, name] of DATA_FILES)
    if (!parts[of] && (info.labelled || of.endsWith("Images"))) entryOf(files, `data/${info.key}/${name}`);
  return { info, files: checked("dataSetFiles", packed("dataSetFiles", parts), `data/${info.key}`) };
}

function weightsOf(files, { file, name }) {
  if (typeof name !== "string" || [...name].length > LONGEST_NAME)
    throw new Failure("archive_entry", { entry: LAB });
  return checked("file", packed("file", { name, bytes: entryOf(files, file) }), WEIGHTS);
}

function runOf(files, folder) {
  const part = (name) => entryOf(files, `${folder}/${name}`);
  const entry = `${folder}/run.json`;
  const { id, version, value, checkpoint: state } = fromJson(part("run.json"), entry);
  if (!/^[0-9a-f]{32}$/.test(id)) throw new Failure("archive_entry", { entry });
  const [bytes, weights] = [part("checkpoint.safetensors"), part("weights.safetensors")];
  const history = historyOf(part("history.csv"), `${folder}/history.csv`);
  const whole = { ...value, history, bytes: bytes.length + weights.length };
  const summary = checked("run", { version, value: whole }, entry);
  const kept = { version: state?.version, value: { ...state?.value, bytes, weights } };
  const checkpoint = checked("checkpoint", kept, entry);
  if (checkpoint.step !== summary.step) throw new Failure("archive_entry", { entry });
  return { id, summary: { begun: summary.time, name: "", pinned: false, ...summary }, checkpoint };
}

function entryOf(files, name) {
  const bytes = files.get(name);
  if (!bytes) throw new Failure("archive_missing", { entry: String(name) });
  return bytes;
}

/** The value of a kept entry; what is said of it names the `entry` of the archive. */
function checked(kind, kept, entry) {
  try {
    return unpacked(kind, kept);
  } catch (cause) {
    const isLater = cause.kind?.startsWith("kept_later");
    throw new Failure(isLater ? "archive_later" : "archive_entry", isLater ? {} : { entry }, { cause });
  }
}
