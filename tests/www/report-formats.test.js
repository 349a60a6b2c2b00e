// The copied tables, read back by small parsers of each format.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bibtex } from "../../www/evaluation/citation.js";
import {
  asCsv,
  asFormat,
  asLatex,
  asMarkdown,
  asText,
  formats,
} from "../../www/evaluation/report-formats.js";
import "./schema.js";
import { changedBefore } from "../../www/evaluation/changed-settings.js";
import { SettingsRecord } from "../../www/settings/settings-record.js";
import { defaults, trainConfig } from "../../www/settings/values.js";

const estimate = (mean, standard_error = 0.512345678901) => ({ mean, standard_error });
const score = { reconstruction: estimate(80.123456789012), kl: estimate(25), total: estimate(-1105.5, 0.75) };
const quality = {
  confidence: 0.8612345678,
  accuracy: null,
  histogram: [50, 0, 50, 50, 50, 50, 50, 50, 50, 100],
  frechet: { ...estimate(44.5), pictures: 2000, reference: 5000 },
  precision: estimate(0.6),
  recall: null,
  pixel_entropy: 89.2,
};
const report = {
  images: 10_000,
  importance_samples: 50,
  prior_samples: 2000,
  sampled: score,
  at_mean: score,
  nll: null,
  active_units: 2,
  activity: [0.4, 0.9],
  kl_parts: {
    mutual_information: estimate(6.2),
    total_correlation: estimate(3),
    dimension_kl: null,
    aggregate_kl: estimate(Number.NaN, Number.NaN),
  },
  mmd: estimate(-0.002),
  quality,
  real: { ...quality, confidence: 0.99, accuracy: 0.98 },
};
const NAMES = [
  "plain",
  "100 % & more_or #less $5 {a} ^~\\",
  'a|b "c", d',
  "two\nlines",
  "=1+1",
  "-x -- y ---",
  "<b>bold</b> *star* `tick` [x](y) it''s !",
  "β ± −1 ²",
];
const trained = { ...defaults(), seed: 7, batch: 64, beta: 0.25, latent: 8 };
const CHANGED = [
  { changes: [], since: 0 },
  {
    changes: [
      { step: 100, name: "beta", from: 0.25, to: 4 },
      { step: 900, name: "learning_rate", from: 0.001, to: 0.0005 },
    ],
    since: 20,
  },
];
const SAID =
  "settings before step 20 were not kept; KL weight β from 0.25 to 4 at step 100; Learning rate from 0.001 to 0.0005 at step 900";
const results = NAMES.map((name, k) => ({
  name,
  step: k === 0 ? null : 1234,
  data: { key: "mnist", name: "MNIST" },
  report,
  trained: k === 1 ? null : trained,
  changed: k === 1 ? null : CHANGED[k === 2 ? 1 : 0],
}));
const entry = bibtex({
  address: "https://lab.example/a%20b/?x=1#y",
  script: "main-0123456789ab.js",
  year: 2026,
});
const flat = (name) => name.replaceAll("\n", " ");

/** The cells of each line of a tabular, as a reader of the document sees them. */
function readLatex(latex) {
  const inside = latex.split(/\\begin\{tabular\}\{l+r+\}\n/)[1].split("\\end{tabular}")[0];
  const lines = inside.split("\n").filter((line) => line && !/^\\(top|mid|bottom)rule$/.test(line));
  return lines.map((line) => {
    assert.ok(line.endsWith(" \\\\"), line);
    return line
      .slice(0, -3)
      .split(/(?<!\\) & |^ & /)
      .map(seen);
  });
}

const COMMANDS = {
  textbackslash: "\\",
  textasciicircum: "^",
  textasciitilde: "~",
  textless: "<",
  textgreater: ">",
  textbar: "|",
  char34: '"',
  textasciigrave: "`",
  pm: "±",
  beta: "β",
};

function seen(cell) {
  const math = (inner) =>
    inner
      .replace("^2", "²")
      .replace("-", "−")
      .replace(/\\(pm|beta)/g, (_, name) => COMMANDS[name]);
  const plain = /\\([a-z]+\d*)(?:\{\})?|\\([{}%&$#_])|\$((?:[^$\\]|\\[a-z]+)*)\$|\{\}|([%&#_^~])/g;
  return cell.replace(plain, (all, command, sign, inner, raw) => {
    assert.equal(raw, undefined, `${raw} is not escaped in ${cell}`);
    if (inner !== undefined) return math(inner);
    if (sign) return sign;
    if (all === "{}") return "";
    assert.ok(command in COMMANDS || ["multicolumn", "textit"].includes(command), all);
    return COMMANDS[command] ?? "";
  });
}

/** The fields of each record, as in RFC 4180. */
function readCsv(csv) {
  const records = [[]];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  while (field.lastIndex < csv.length) {
    const [, quoted, plain, end] = field.exec(csv);
    records.at(-1).push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === "\r\n") records.push([]);
  }
  return records.slice(0, -1);
}

/** The cells of each line of a table in Markdown. */
function readMarkdown(markdown) {
  return markdown.split("\n").map((line) => {
    const cells = line.split(/(?<!(?<!\\)(?:\\\\)*\\)\|/).slice(1, -1);
    return cells.map((cell) => cell.trim().replace(/\\([!-/:-@[-`{-~])/g, "$1"));
  });
}

const lineOf = (lines, first) => lines.find(([cell]) => cell === first);

test("a table in LaTeX has the names as they were, and every sign escaped", () => {
  const lines = readLatex(asLatex(results, entry));
  assert.deepEqual(lines[0].slice(2), NAMES.map(flat));
  const wide = lines.filter((cells) => cells.length > 1);
  assert.ok(wide.every((cells) => cells.length === 2 + NAMES.length));
  assert.equal(lineOf(lines, "Total")[2], "−1105.50 ± 0.75");
  assert.equal(lineOf(lines, "Seed")[2], "7");
  assert.equal(lineOf(lines, "Seed")[3], "n/a");
  assert.equal(lineOf(lines, "KL weight β")[2], "0.25");
  assert.equal(lineOf(lines, "Latent size Z")[2], "8");
  assert.equal(lineOf(lines, "step")[3], "1234");
  assert.equal(lineOf(lines, "data")[2], "MNIST, the first 10000 test images");
  assert.equal(lineOf(lines, "importance samples per image")[2], "50");
  assert.equal(lineOf(lines, "prior samples")[2], "2000");
  assert.deepEqual(lineOf(lines, "Confidence").slice(1, 3), ["%", "86.1"]);
  assert.equal(lineOf(lines, "Confidence, real images")[2], "99.0");
  assert.equal(lineOf(lines, "−log p(x)")[2], "n/a");
  assert.equal(lineOf(lines, "Aggregate KL")[2], "not finite");
});

test("a change at the step that was measured is not part of its training, and epochs matter only to a decay", () => {
  const train = trainConfig(defaults());
  const record = new SettingsRecord(null, 0);
  record.trained(train, 0);
  record.trained({ ...train, beta: 2, epochs: 7 }, 8);
  record.trained({ ...train, beta: 3, epochs: 7 }, 12);
  assert.deepEqual(changedBefore(record.value, 12), {
    changes: [{ step: 8, name: "beta", from: train.beta, to: 2 }],
    since: 0,
  });
  assert.deepEqual(changedBefore(null, 40), { changes: [], since: 40 });
});

test("every format says what was changed while a model was trained, or that nothing was", () => {
  const lines = [readLatex(asLatex(results)), readMarkdown(asMarkdown(results))];
  for (const all of lines)
    assert.deepEqual(lineOf(all, "changed while it trained").slice(2, 5), ["no", "n/a", SAID]);
  const [head, ...records] = readCsv(asCsv(results));
  const column = records.map((record) => record[head.indexOf("changed while it trained")]);
  assert.deepEqual(column.slice(0, 3), ["no", "n/a", SAID]);
  const tabs = asText(results)
    .split("\n")
    .map((line) => line.split("\t"));
  assert.deepEqual(
    [2, 4, 6].map((k) => lineOf(tabs, "changed while it trained")[k]),
    ["no", "n/a", SAID],
  );
});

test("LaTeX and Markdown have the activity of each component, and the predicted classes with those of real images", () => {
  for (const lines of [readLatex(asLatex(results)), readMarkdown(asMarkdown(results))]) {
    assert.deepEqual(lineOf(lines, "Activity 1").slice(1, 3), ["variance", "0.90"]);
    assert.equal(lineOf(lines, "Activity 2")[2], "0.40");
    assert.deepEqual(lineOf(lines, "Predicted classes 9").slice(1, 3), ["%", "20.0"]);
    assert.equal(lineOf(lines, "Predicted classes 9, real images")[2], "20.0");
  }
  const wider = { ...results[0], report: { ...report, activity: [0.9, 0.4, 0.1] } };
  assert.deepEqual(lineOf(readMarkdown(asMarkdown([results[0], wider])), "Activity 3").slice(2), [
    "n/a",
    "0.10",
  ]);
});

test("the entry for BibTeX stands above the table as a comment, without the query of the address", () => {
  const comment = asLatex(results, entry).split("\\begin")[0];
  assert.ok(
    comment
      .trimEnd()
      .split("\n")
      .every((line) => line.startsWith("% ")),
  );
  assert.match(comment, /% {3}url = \{https:\/\/lab\.example\/a%20b\/\},/);
  assert.match(comment, /% {3}note = \{Version 0123456789ab\},/);
  assert.match(comment, /% {3}year = \{2026\},/);
  assert.match(comment, /% {3}author = \{\{The Latent Lab authors\}\},/, "as in the licence");
  assert.match(bibtex({ address: "http://a/", script: "urls.js", year: 2026 }), /Version of the source/);
});

test("a table in CSV has numbers in full, a column for each standard error, and no formulas", () => {
  const [head, ...records] = readCsv(asCsv(results));
  assert.ok(records.every((record) => record.length === head.length));
  assert.equal(new Set(head).size, head.length);
  const column = (name) => records.map((record) => record[head.indexOf(name)]);
  assert.deepEqual(
    column("model"),
    NAMES.map((name) => (/^[=-]/.test(name) ? `'${name}` : name)),
  );
  assert.equal(column("Reconstruction (nats)")[0], "80.123456789012");
  assert.equal(column("Reconstruction, standard error (nats)")[0], "0.512345678901");
  assert.equal(column("Total (nats)")[0], "-1105.5");
  assert.equal(column("Confidence (fraction)")[0], "0.8612345678");
  assert.equal(column("Confidence, real images (fraction)")[0], "0.99");
  assert.equal(column("−log p(x) (nats)")[0], "");
  assert.equal(column("Aggregate KL (nats)")[0], "NaN");
  assert.equal(column("Activity 1 (variance)")[0], "0.9");
  assert.equal(column("Predicted classes 9 (fraction)")[0], "0.2");
  assert.deepEqual(column("Seed").slice(0, 2), ["7", ""]);
  assert.deepEqual(column("step").slice(0, 2), ["", "1234"]);
  assert.equal(column("data")[0], "MNIST, the first 10000 test images");
});

test("a table in Markdown has the names as they were", () => {
  const lines = readMarkdown(asMarkdown(results));
  assert.ok(lines.every((cells) => cells.length === 2 + NAMES.length));
  assert.deepEqual(lines[0].slice(2), NAMES.map(flat));
  assert.ok(lines[1].every((cell) => /^---:?$/.test(cell)));
  assert.equal(lineOf(lines, "Total")[2], "-1105.50 ± 0.75");
  assert.equal(lineOf(lines, "Learning rate")[2], "0.001");
});

test("a name that begins a formula is text in the lines for a spreadsheet, too", () => {
  const [head, ...lines] = asText(results)
    .split("\n")
    .map((line) => line.split("\t"));
  assert.ok(lines.every((cells) => cells.length === head.length));
  assert.ok(head.includes("'=1+1, step 1234"));
});

test("every format is there by its name", () => {
  assert.deepEqual(formats, ["text", "latex", "csv", "markdown"]);
  for (const format of formats) assert.ok(asFormat(format, results, entry).includes("plain"), format);
});
