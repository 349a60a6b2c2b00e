// The table of results as text to copy: for a spreadsheet, for a paper, for a program that reads numbers, for a page in Markdown.

import { forSpreadsheet } from "../messages/language.js";
import { text } from "../messages/text.js";
import { label } from "../settings/schema.js";
import { csvField, latexText, markdownText, noFormula, oneLine } from "./cell-escapes.js";
import { extentText, notCompared, rawUnit, rowName, rowsOf, rowUnit, written } from "./report.js";
import { changedCell, contextColumns, dataText, TRAINED, trainedText } from "./report-context.js";

/** What a table takes as {results, citation}, by the format; `results` as in the state, `citation`: a BibTeX entry. */
const FORMATS = { text: asText, latex: asLatex, csv: asCsv, markdown: asMarkdown };

export const formats = Object.keys(FORMATS);

export function asFormat(format, results, citation) {
  return FORMATS[format](results, citation);
}

/** Tab-separated lines for a spreadsheet: a column for each model, and one of real images after it. */
export function asText(results) {
  const reports = results.map(({ report }) => report);
  const columns = (model, real) => results.flatMap(({ report }) => [model(report), real(report)]);
  const none = () => "";
  const runs = (name) => results.flatMap(({ trained }) => [trainedText(trained, name), ""]);
  const lines = [
    [
      "",
      text("evaluation.copied.unit"),
      ...results.flatMap((result) => [noFormula(nameAtStep(result)), text("evaluation.copied.real")]),
    ],
    [text("evaluation.copied.extent"), "", ...columns(extentText, none)],
    [text("evaluation.copied.data"), "", ...results.flatMap((result) => [dataText(result), ""])],
    ...TRAINED.map((name) => [label(name), "", ...runs(name)]),
    [text("evaluation.copied.changed"), "", ...results.flatMap((result) => [changedCell(result), ""])],
    ...rowsOf(reports).flatMap((row) =>
      row.bars ? barLines(row, columns, reports) : numberLines(row, columns, reports),
    ),
  ];
  return lines.map((line) => line.map((cell) => oneLine(forSpreadsheet(cell))).join("\t")).join("\n");
}

/** A tabular with the rules of booktabs; `citation` above it, as a comment. A chart is a line for each of its bars. */
export function asLatex(results, citation = "") {
  const line = (cells) => `${cells.join(" & ")} \\\\`;
  const body = linesOf(results, { plain: latexText, number: latexNumber });
  const heads = [
    ["", latexText(text("evaluation.copied.unit")), ...results.map(({ name }) => latexText(name))],
  ];
  const group = ({ group: words }) =>
    `\\multicolumn{${2 + results.length}}{l}{\\textit{${latexText(words)}}} \\\\`;
  const comment = [text("evaluation.copied.booktabs"), ...citation.split("\n")].filter(Boolean);
  return [
    ...comment.map((words) => `% ${words}`),
    `\\begin{tabular}{ll${"r".repeat(results.length)}}`,
    "\\toprule",
    ...heads.map(line),
    "\\midrule",
    ...body.flatMap((each) => (each.group ? ["\\midrule", group(each)] : [line(each.cells)])),
    "\\bottomrule",
    "\\end{tabular}",
  ].join("\n");
}

/** A table of GitHub's Markdown, with the same lines. */
export function asMarkdown(results) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const body = linesOf(results, { plain: markdownText, number: markdownText });
  const none = Array(1 + results.length).fill("");
  return [
    line(["", text("evaluation.copied.unit"), ...results.map(({ name }) => markdownText(name))]),
    line(["---", "---", ...results.map(() => "---:")]),
    ...body.map(({ group, cells }) => line(group ? [`**${markdownText(group)}**`, ...none] : cells)),
  ].join("\n");
}

/** As in RFC 4180: a line for each model, numbers in full, and a column for each number, its standard error and that of real images. */
export function asCsv(results) {
  const reports = results.map(({ report }) => report);
  const columns = [...contextColumns(), ...rowsOf(reports).flatMap((row) => rawColumns(row, reports))];
  const lines = [
    columns.map(({ name }) => name),
    ...results.map((result) => columns.map(({ of }) => rawCell(of(result)))),
  ];
  return `${lines.map((line) => line.map(csvField).join(",")).join("\r\n")}\r\n`;
}

/** Lines {cells} of what was measured and how, and of the numbers, and {group}, a heading. `plain` and `number` write text and numbers. */
function linesOf(results, { plain, number }) {
  const context = contextColumns().slice(1);
  const lines = context.map(({ name, shown }) => ({
    cells: [plain(name), "", ...results.map((result) => plain(forSpreadsheet(shown(result))))],
  }));
  const reports = results.map(({ report }) => report);
  const line = (name, row, value) => ({
    cells: [
      plain(name),
      plain(rowUnit(row)),
      ...reports.map((report) => number(forSpreadsheet(value(report)))),
    ],
  });
  for (const row of rowsOf(reports)) {
    if (row.group) lines.push({ group: text(`evaluation.groups.${row.group}`) });
    const name = rowName(row);
    if (row.bars) {
      for (const bar of barsOf(row, reports)) {
        lines.push(line(bar.name, row, (report) => written(row, row.bars(report)[bar.at])));
        if (row.marks)
          lines.push(line(ofReal(bar.name), row, (report) => written(row, row.marks(report)[bar.at])));
      }
      continue;
    }
    lines.push(line(name, row, (report) => withError(row, report, reports)));
    if (row.real) lines.push(line(ofReal(name), row, (report) => written(row, row.real(report))));
  }
  return lines;
}

function ofReal(row) {
  return text("evaluation.copied.of_real", { row });
}

/** The bars of a chart, {name, at}: as many as the longest of the reports has. */
function barsOf(row, reports) {
  const longest = Math.max(...reports.map((report) => row.bars(report).length));
  return barNames(row, reports, longest).map((bar, at) => ({
    at,
    name: text("evaluation.copied.bar", { row: rowName(row), label: bar }),
  }));
}

/** What the bars are called, by the report that has most of them; by their numbers where they have no names. */
function barNames(row, reports, count) {
  const widest = reports.find((report) => row.bars(report).length === count);
  return row.labels?.(widest).slice(0, count) ?? Array.from({ length: count }, (_, k) => String(k + 1));
}

/** A number with its standard error, and why it is not compared. */
function withError(row, report, reports) {
  const value = written(row, row.of(report));
  const error = row.error?.(report);
  const reason = notCompared(row, report, reports);
  const estimate = Number.isFinite(error) ? `${value} ± ${row.write(error)}` : value;
  return reason ? `${estimate} (${reason})` : estimate;
}

/** In mathematics, so that a hyphen is a minus sign; words such as n/a, and a reason after the number, stay words. */
function latexNumber(words) {
  const [, number, rest] = words.match(/^([-−±\d., ]*\d)?(.*)$/s);
  if (number === undefined) return latexText(rest);
  return `$${number.replace("±", "\\pm")}$${latexText(rest)}`;
}

/** The columns of a row for a program: as many of bars as the longest of the reports has. */
function rawColumns(row, reports) {
  const unit = rawUnit(row);
  const column = (name, value) => ({
    name: text("evaluation.copied.column", { name, unit }),
    of: ({ report }) => value(report) ?? null,
  });
  const name = rowName(row);
  if (!row.bars) {
    const error = text("evaluation.copied.standard_error", { row: name });
    const reason = (report) => notCompared(row, report, reports);
    const apart = {
      name: text("evaluation.copied.not_compared", { row: name }),
      of: ({ report }) => reason(report),
    };
    return [
      column(name, row.of),
      ...(reports.some(reason) ? [apart] : []),
      ...(row.error ? [column(error, row.error)] : []),
      ...(row.real ? [column(ofReal(name), row.real)] : []),
    ];
  }
  return barsOf(row, reports).flatMap(({ at, name: named }) => {
    const marks = row.marks ? [column(ofReal(named), (report) => row.marks(report)[at])] : [];
    return [column(named, (report) => row.bars(report)[at]), ...marks];
  });
}

/** A number in full, NaN included; nothing where the model has none. */
function rawCell(value) {
  return typeof value === "string" ? noFormula(value) : String(value ?? "");
}

function nameAtStep({ name, step }) {
  return step === null ? name : text("evaluation.copied.name_at_step", { name, step });
}

/** A line for the number, and one for its standard error: a cell with both would not be a number to a spreadsheet, and columns for them would be empty in most lines. */
function numberLines(row, columns, reports) {
  const model = (report) =>
    [written(row, row.of(report)), row.note?.(report), notCompared(row, report, reports)]
      .filter(Boolean)
      .join("; ");
  const real = (report) => (row.real ? written(row, row.real(report)) : "");
  const line = [rowName(row), rowUnit(row), ...columns(model, real)];
  if (!row.error) return [line];
  const name = text("evaluation.copied.standard_error", { row: rowName(row) });
  const error = (report) => written(row, row.error(report));
  return [line, [name, rowUnit(row), ...columns(error, () => "")]];
}

/** A line for each bar that has a name, else one for all. */
function barLines(row, columns, reports) {
  const unit = rowUnit(row);
  if (!row.labels) {
    const all = (report) => row.bars(report).map(row.write).join(" ");
    return [[rowName(row), unit, ...columns(all, () => "")]];
  }
  return barsOf(row, reports).map(({ at, name }) => {
    const model = (report) => written(row, row.bars(report)[at]);
    const real = (report) => written(row, row.marks(report)[at]);
    return [name, unit, ...columns(model, real)];
  });
}
