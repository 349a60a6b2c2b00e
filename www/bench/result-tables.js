// The result tables of a comparison, as data for the page and for text.

import { count } from "../messages/language.js";
import { text } from "../messages/text.js";
import { engineTitle } from "./labels.js";

const milliseconds = (value) => (value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2));
/** "12.3 (11.9–12.8)": median and quartiles, in milliseconds. */
export const spread = ({ q1, median, q3 }) =>
  `${milliseconds(median)} (${milliseconds(q1)}–${milliseconds(q3)})`;
const perStep = (value) => (Number.isInteger(value) ? count(value) : value.toFixed(value < 1 ? 2 : 1));
const size = (value, unit) =>
  value ? text(`numbers.${unit}`, { value: value.toFixed(value < 10 ? 1 : 0) }) : "–";
const megabytes = (bytes) => size(bytes / 1e6, "megabytes");
const mebibytes = (value) => size(value, "mebibytes");

/** How many steps the numbers are from. */
export function stepsMeasured({ settings: { rounds, warmup, stretches } }) {
  const { each, rare } = stretches;
  return text("bench.steps_measured", { rounds, each: each.steps, rare: rare.steps, warmup: 1 + warmup });
}

/** `[{ title, head, rows, columns: [heading, cell(row)] }]`. */
export function tables({ settings, compared, rows: results }) {
  const rows = results.map((row) => ({ ...row, name: row.engine.name, title: engineTitle(row.engine) }));
  const every = settings.stretches.rare.every;
  const head = text("bench.columns.engine");
  return [
    { title: text("bench.tables.speed"), head, rows, columns: speedColumns(every, compared?.step) },
    {
      title: text("bench.tables.resources", { every }),
      head,
      rows,
      columns: [...resourceColumns(), ...longRunColumns(rows)],
    },
  ];
}

/** `every`: steps between two rare readings. */
function speedColumns(every, step) {
  const relative = text("bench.columns.ratio");
  return [
    [text("bench.columns.read_each"), ({ speed }) => spread(speed.each)],
    [relative, ({ ratio }) => ratioCell(ratio?.each)],
    [text("bench.columns.read_rare", { every }), ({ speed }) => spread(speed.rare)],
    [relative, ({ ratio }) => ratioCell(ratio?.rare)],
    [text("bench.columns.loss", { step: step ?? "–" }), lossCell],
  ];
}

/** Of times of a clock that is too coarse there is no ratio. */
const ratioCell = (ratio) => (Number.isFinite(ratio) ? ratio.toFixed(2) : "–");

/** In a report that was saved, a loss that is not finite is null. */
function lossCell({ loss, agrees }) {
  const value = Number.isFinite(loss) ? loss.toFixed(2) : text("bench.not_finite");
  return agrees ? value : text("bench.not_equal", { loss: value });
}

function resourceColumns() {
  const onGpu = (cell) => (row) => (row.engine.device === "webgpu" ? perStep(cell(row)) : "–");
  return [
    [text("bench.columns.first_step"), ({ first }) => milliseconds(first.milliseconds)],
    [text("bench.columns.loaded"), ({ first }) => megabytes(first.bytes)],
    [text("bench.columns.pipelines"), onGpu(({ first }) => first.pipelines)],
    [text("bench.columns.dispatches"), onGpu(({ calls }) => calls.rare.dispatches)],
    [text("bench.columns.submits"), onGpu(({ calls }) => calls.rare.submits)],
    [text("bench.columns.bind_groups"), onGpu(({ calls }) => calls.rare.bindGroups)],
    [text("bench.columns.buffer_writes"), onGpu(({ calls }) => calls.rare.writes)],
    [text("bench.columns.gpu_buffers"), ({ memory }) => mebibytes(memory.gpu)],
    [text("bench.columns.gpu_peak"), ({ memory }) => mebibytes(memory.gpuPeak)],
    [text("bench.columns.wasm_memory"), ({ memory }) => mebibytes(memory.wasm)],
    [text("bench.columns.after_steps"), ({ steps }) => count(steps)],
  ];
}

/** Memory half-way and at the end of a long run, where an engine had one. */
function longRunColumns(rows) {
  if (!rows.some(({ longRun }) => longRun)) return [];
  return ["half_way", "end"].flatMap((when, index) => {
    const at = (cell) => (row) => (row.longRun ? cell(row.longRun[index]) : "–");
    return [
      [text(`bench.columns.gpu_buffers_${when}`), at(({ memory }) => mebibytes(memory.gpu))],
      [text(`bench.columns.wasm_memory_${when}`), at(({ memory }) => mebibytes(memory.wasm))],
      [text(`bench.columns.steps_${when}`), at(({ steps }) => count(steps))],
    ];
  });
}
