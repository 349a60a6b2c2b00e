// The result of a run as others receive it, in a file or a link: the machine and the times, and nothing else.

import { Failure } from "../messages/failure.js";
import { bytesOfText, textOfBytes } from "../share/base64url.js";
import { ENGINES, WORKLOADS } from "./plan.js";

const FORMAT = "latent-lab-benchmark-1";
const LINK = "#result=";
/** More than any result has: a link is not a place for files. */
const MOST_CHARACTERS = 100_000;
const MOST_SENTENCE = 500;
const ISO_DATE = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** `{format, machine, begun, rows: [{workload, engine, each, rare, loss, agrees}]}`, times as `{q1, median, q3}` in ms a step. */
export function sharedResult({ machine, begun, comparisons }) {
  const rows = comparisons.flatMap(({ workload, rows }) =>
    rows
      .filter(({ speed }) => speed)
      .map(({ engine, speed, loss, agrees }) => ({
        workload: workload.name,
        engine: engine.name,
        each: times(speed.each),
        rare: times(speed.rare),
        loss,
        agrees,
      })),
  );
  return { format: FORMAT, machine: machine.sentence, begun, rows };
}

const times = ({ q1, median, q3 }) => ({ q1, median, q3 });

/**
 * A result from the text of a file: what `sharedResult` makes, or a whole report as the page saves it. Everything in it is checked.
 * Throws a Failure where it is neither.
 */
export function readResult(json) {
  const found = parsed(json);
  const result = Array.isArray(found?.comparisons) ? fromReport(found) : found;
  if (result?.format !== FORMAT || !isResult(result)) throw new Failure("bench_not_a_result");
  return result;
}

function fromReport(report) {
  try {
    return sharedResult(report);
  } catch {
    throw new Failure("bench_not_a_result");
  }
}

function parsed(json) {
  try {
    return JSON.parse(json);
  } catch {
    throw new Failure("bench_not_a_result");
  }
}

function isResult({ machine, begun, rows }) {
  const named = (all, name) => all.some((one) => one.name === name);
  const positive = (value) => Number.isFinite(value) && value > 0;
  const inOrder = ({ q1, median, q3 } = {}) =>
    [q1, median, q3].every(positive) && q1 <= median && median <= q3;
  return (
    typeof machine === "string" &&
    machine.length <= MOST_SENTENCE &&
    ISO_DATE.test(begun) &&
    Array.isArray(rows) &&
    rows.length > 0 &&
    rows.every(
      (row) =>
        named(WORKLOADS, row?.workload) &&
        named(ENGINES, row.engine) &&
        inOrder(row.each) &&
        inOrder(row.rare) &&
        Number.isFinite(row.loss) &&
        typeof row.agrees === "boolean",
    )
  );
}

/** The part of an address after its path that opens the page with this result. */
export async function linkOf(result) {
  const json = new TextEncoder().encode(JSON.stringify(result));
  return `${LINK}${textOfBytes(await through(new CompressionStream("deflate-raw"), json))}`;
}

/** The result in the `hash` of an address, or null where there is none. Throws a Failure where it is damaged. */
export async function resultOfLink(hash) {
  if (!hash.startsWith(LINK)) return null;
  if (hash.length > MOST_CHARACTERS) throw new Failure("bench_not_a_result");
  let json;
  try {
    const packed = bytesOfText(hash.slice(LINK.length));
    json = new TextDecoder().decode(await through(new DecompressionStream("deflate-raw"), packed));
  } catch {
    throw new Failure("bench_not_a_result");
  }
  return readResult(json);
}

async function through(transform, bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(transform);
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
