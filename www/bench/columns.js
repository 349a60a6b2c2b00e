// The columns of the two tables, for the page and for text alike.

const milliseconds = (value) => (value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2));
const spread = ({ q1, median, q3 }) => `${milliseconds(median)} (${milliseconds(q1)}–${milliseconds(q3)})`;
const count = (value) => (Number.isInteger(value) ? String(value) : value.toFixed(value < 1 ? 2 : 1));
const size = (value, unit) => (value ? `${value.toFixed(value < 10 ? 1 : 0)} ${unit}` : "–");

/** How many steps stand behind the numbers. */
export function howLong({ settings: { rounds, warmup, stretches } }) {
  const { each, rare } = stretches;
  return `Rounds: ${rounds}, each of ${each.steps} steps that are all read and ${rare.steps} with one reading, after ${1 + warmup} to warm up.`;
}

/** `{ title, head, rows, columns: [heading, text(row)] }` a table; the steps between two rare readings are named in its headings. */
export function tables({ settings, compared, rows: results }) {
  const rows = results.map((row) => ({ ...row, name: row.engine.name, title: row.engine.title }));
  const rare = settings.stretches.rare.every;
  const gpu = ({ engine }) => engine.device === "webgpu";
  return [
    {
      title: "Milliseconds a step: median (quartiles), and ours as a share of it",
      head: "engine",
      rows,
      columns: [
        ["loss read each step", ({ speed }) => spread(speed.each)],
        ["ours ÷ this", ({ ratio }) => (ratio ? ratio.each.toFixed(2) : "–")],
        [`loss read every ${rare}`, ({ speed }) => spread(speed.rare)],
        ["ours ÷ this ", ({ ratio }) => (ratio ? ratio.rare.toFixed(2) : "–")],
        [
          `loss after step ${compared?.step}`,
          ({ loss, agrees }) => `${loss.toFixed(2)}${agrees ? "" : ", not equal work"}`,
        ],
      ],
    },
    {
      title: `What it takes: at the start, and a step (loss read every ${rare})`,
      head: "engine",
      rows,
      columns: [
        ["first step, ms", ({ first }) => milliseconds(first.milliseconds)],
        ["loaded before it", ({ first }) => size(first.bytes / 1e6, "MB")],
        ["pipelines", (row) => (gpu(row) ? count(row.first.pipelines) : "–")],
        ["dispatches", (row) => (gpu(row) ? count(row.calls.rare.dispatches) : "–")],
        ["submits", (row) => (gpu(row) ? count(row.calls.rare.submits) : "–")],
        ["bind groups", (row) => (gpu(row) ? count(row.calls.rare.bindGroups) : "–")],
        ["buffer writes", (row) => (gpu(row) ? count(row.calls.rare.writes) : "–")],
        ["GPU buffers", ({ memory }) => size(memory.gpu, "MiB")],
        ["at most", ({ memory }) => size(memory.gpuPeak, "MiB")],
        ["wasm memory", ({ memory }) => size(memory.wasm, "MiB")],
        ["after steps", ({ steps }) => String(steps)],
        ...later(rows),
      ],
    },
  ];
}

/** Where some engines went on only to see whether their memory grows. */
function later(rows) {
  if (!rows.some(({ marathon }) => marathon)) return [];
  return ["half-way", "at the end"].flatMap((when, index) => {
    const at = (show) => (row) => (row.marathon ? show(row.marathon[index]) : "–");
    return [
      [`GPU buffers ${when}`, at(({ memory }) => size(memory.gpu, "MiB"))],
      [`wasm memory ${when}`, at(({ memory }) => size(memory.wasm, "MiB"))],
      [`steps ${when}`, at(({ steps }) => String(steps))],
    ];
  });
}
