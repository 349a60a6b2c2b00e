// The result of a run as others receive it, in a file or a link: the machine and the times, and nothing else.

import { Failure } from "../messages/failure.js";
import { ENGINES, WORKLOADS } from "./plan.js";

const FORMATS = "latent-lab-benchmark-";
const VERSION = 1;
/** Of a whole report as well. */
export const FORMAT = `${FORMATS}${VERSION}`;
/** More than any report has. */
export const MOST_BYTES = 1_000_000;
const MOST_SENTENCE = 500;

/**
 * `{format, machine, begun, rows: [{workload, engine, each, rare, loss, agrees}]}`, times as `{q1, median, q3}` in ms a step. A loss that is not
 * finite is null.
 */
export function sharedResult({ machine, begun, comparisons }) {
  const rows = comparisons.flatMap(({ workload, rows }) =>
    rows
      .filter(({ speed }) => speed)
      .map(({ engine, speed, loss, agrees }) => ({
        workload: workload.name,
        engine: engine.name,
        each: times(speed.each),
        rare: times(speed.rare),
        loss: typeof loss === "number" && !Number.isFinite(loss) ? null : loss,
        agrees,
      })),
  );
  return { format: FORMAT, machine: machine.sentence, begun, rows };
}

const times = ({ q1, median, q3 }) => ({ q1, median, q3 });

/** The result in a File, as `readResult` reads it. */
export async function resultOfFile(file) {
  const megabytes = Math.ceil(file.size / 1e6);
  if (file.size > MOST_BYTES) throw new Failure("bench_too_large", { megabytes, most: MOST_BYTES / 1e6 });
  return readResult(await file.text());
}

/**
 * A result from the text of a file: what `sharedResult` makes, or a whole report as the page saves it. Everything in it is checked.
 * Throws a Failure where it is neither, where it was saved by a later version of the page, and where it has no times.
 */
export function readResult(json) {
  const found = parsed(json);
  const isReport = Array.isArray(found?.comparisons);
  const format = found?.format ?? (isReport ? FORMAT : null); // reports of before have none
  if (isLater(format)) throw new Failure("bench_later_version");
  const result = isReport ? fromReport(found) : found;
  if (format !== FORMAT || !isResult(result)) throw new Failure("bench_not_a_result");
  if (result.rows.length === 0) throw new Failure("bench_nothing_to_compare");
  return result;
}

function parsed(json) {
  try {
    return JSON.parse(json);
  } catch {
    throw new Failure("bench_not_a_result");
  }
}

function isLater(format) {
  if (typeof format !== "string" || !format.startsWith(FORMATS)) return false;
  const version = format.slice(FORMATS.length);
  return /^\d+$/.test(version) && Number(version) > VERSION;
}

function fromReport(report) {
  try {
    return sharedResult(report);
  } catch {
    throw new Failure("bench_not_a_result");
  }
}

function isResult({ machine, begun, rows }) {
  return (
    typeof machine === "string" &&
    machine.length <= MOST_SENTENCE &&
    isMoment(begun) &&
    Array.isArray(rows) &&
    rows.every(isRow) &&
    new Set(rows.map(({ workload, engine }) => `${workload} ${engine}`)).size === rows.length
  );
}

/** As `toISOString` writes it, in a year of four digits. */
function isMoment(words) {
  if (typeof words !== "string" || !/^\d{4}-/.test(words)) return false;
  const moment = new Date(words);
  return Number.isFinite(moment.getTime()) && moment.toISOString() === words;
}

function isRow(row) {
  return (
    named(WORKLOADS, row?.workload) &&
    named(ENGINES, row.engine) &&
    inOrder(row.each) &&
    inOrder(row.rare) &&
    (Number.isFinite(row.loss) || row.loss === null) &&
    typeof row.agrees === "boolean" &&
    !(row.agrees && row.loss === null)
  );
}

const named = (all, name) => all.some((one) => one.name === name);

/** Zero is a time too: of a step that is shorter than the clock's tick. */
function inOrder(times) {
  const { q1, median, q3 } = times ?? {};
  return [q1, median, q3].every(Number.isFinite) && 0 <= q1 && q1 <= median && median <= q3;
}
