// What can be saved for papers and other programs: pictures, charts, histories and codes, each in its formats.

import { historyRows } from "../archive/history-csv.js";
import { changedBefore, changedText } from "../evaluation/changed-settings.js";
import { codesCsv } from "../export/codes-table.js";
import { csv } from "../export/csv.js";
import { npy } from "../export/npy.js";
import { encodeTestImages } from "../export/test-codes-client.js";
import { saveFile } from "../files/save-file.js";
import { curvesInColumns } from "../keep/kept-curves.js";
import { runAddress } from "../keep/kept-values.js";
import { sentence } from "../messages/failure.js";
import { percent } from "../messages/format.js";
import { text } from "../messages/text.js";
import { asPng, svgAsPng } from "../views/saved-picture.js";
import { chartsOf } from "./saved-charts.js";
import { picturesOf } from "./saved-pictures.js";

const CHART = ["svg_light", "svg_dark", "png_light", "png_dark"];
const TYPES = { png: "image/png", svg: "image/svg+xml", csv: "text/csv", npy: "application/octet-stream" };
const NOTICE = "export";
/** In the order of the page. */
const GROUPS = ["drawing", "latents", "paths", "posterior", "map", "compare", "train", "measure"];

export class Exports {
  #parts;

  /** `state`, `systems`, `runList`, `shownModel`, `dataSets`, `notices`, `announcer` of the page. */
  constructor(parts) {
    this.#parts = parts;
  }

  /** [{group, words, items: [{name, words, formats: [name, ..]}]}] of what there is now. */
  get offered() {
    const all = [
      ...this.#pictures.map((picture) => ({ ...picture, formats: ["png"] })),
      ...this.#charts.map((chart) => ({ ...chart, formats: CHART })),
      ...this.#tables,
    ];
    return GROUPS.map((group) => ({
      words: text(`export.groups.${group}`),
      items: all.filter((each) => each.group === group),
    })).filter(({ items }) => items.length > 0);
  }

  get #pictures() {
    const { state, systems } = this.#parts;
    return picturesOf(state, systems);
  }

  get #charts() {
    return chartsOf(this.#parts);
  }

  get #tables() {
    const { state } = this.#parts;
    const table = (group, name, formats) => ({
      group,
      name,
      words: text(`export.pictures.${name}`),
      formats,
    });
    const all = [
      state.shown.value && table("map", "codes", ["npy", "csv"]),
      state.codeUsage.value.levels && state.codebook.value && table("latents", "code_counts", ["csv"]),
      this.#histories().length > 0 && table("train", "history", ["csv"]),
    ];
    return all.filter(Boolean);
  }

  /** Saves one of these in one of its formats; a notice says what keeps it from that. */
  async save(name, format) {
    const { notices, announcer } = this.#parts;
    const [ending, theme = null] = format.split("_");
    try {
      const content = await this.#make(name, ending, theme);
      const file = `latent-lab-${name.replaceAll("_", "-")}${theme === "dark" ? "-dark" : ""}.${ending}`;
      saveFile(content, file, TYPES[ending]);
      notices.clear(NOTICE);
      announcer.say(text("export.saved", { file }));
    } catch (error) {
      notices.show({ name: NOTICE, text: text("export.not_saved", { reason: sentence(error) }) });
    }
  }

  async #make(name, ending, theme) {
    if (name === "history") return this.#historyTable();
    if (name === "codes") return this.#codes(ending);
    if (name === "code_counts") return this.#codeCounts();
    const isThis = (each) => each.name === name;
    if (!theme) return asPng(this.#pictures.find(isThis).canvas());
    const document = this.#charts.find(isThis).svg(theme);
    return ending === "svg" ? document : svgAsPng(document);
  }

  /** How often each code of the codebook is used, and where its vector lies; of two with a column that says which. */
  #codeCounts() {
    const { codeUsage, codebook } = this.#parts.state;
    const { levels } = codeUsage.value;
    const rows = levels.flatMap(({ counts }, level) => {
      const { places } = codebook.value[level];
      const of = levels.length > 1 ? [level === 0 ? "top" : "bottom"] : [];
      return Array.from(counts, (count, code) => [
        ...of,
        code,
        count,
        places[2 * code],
        places[2 * code + 1],
      ]);
    });
    const header = ["code", "count", "principal_1", "principal_2"];
    return csv([levels.length > 1 ? ["level", ...header] : header, ...rows]);
  }

  /** Runs with their curves {name, seed, settings, changed, history}: the present one, and those that are drawn in the chart. */
  #histories() {
    const { state, systems, runList } = this.#parts;
    return runList.rows
      .filter(({ present, curve }) => present || curve.drawn)
      .map(({ id, name, present }) => {
        const kept = state.keptRuns.value.find((run) => run.id === id);
        const made = present ? state.made.value : kept.made;
        const settings = present ? runAddress(state, systems)() : kept.address;
        const history = present ? curvesInColumns(state.history.value) : kept.history;
        const { record = null, step } = present ? state.run.value : kept;
        const changed = changedText(changedBefore(record, step));
        return { name, seed: made?.seed ?? "", settings, changed, history };
      })
      .filter(({ history }) => historyRows(history).length > 0);
  }

  #historyTable() {
    const head = ["run", "seed", "settings", "changed", "curve", "step", "reconstruction", "kl", "total"];
    const rows = this.#histories().flatMap(({ name, seed, settings, changed, history }) =>
      historyRows(history).map((row) => [name, seed, settings, changed, ...row]),
    );
    return csv([head, ...rows]);
  }

  async #codes(ending) {
    const { state, shownModel, dataSets, notices } = this.#parts;
    const report = ({ done, of }) => {
      const words = text("export.encoding", { share: percent(done / of) });
      notices.show({ name: NOTICE, text: words, kind: "info" });
    };
    const weights = await shownModel.bytes();
    const { classes, labelled } = state.dataset.value;
    const { length } = state.shown.value.description.code;
    const { codes, labels } = await encodeTestImages({ dataSets, weights, report });
    const count = codes.length / length;
    if (ending === "csv") return codesCsv(codes, { count, labels: labelled ? labels : null, names: classes });
    return npy(codes, [count, length]);
  }
}
