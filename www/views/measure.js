// The measure panel: what to measure, how far it has come, and the table of results.

import { formats } from "../evaluation/report-formats.js";
import { text } from "../messages/text.js";
import { copy } from "./clipboard.js";
import { create, setText, showTrouble } from "./dom.js";
import { onFrame } from "./frame.js";
import { MeasureTable } from "./measure-table.js";

const PIECES_TIMED = 5; // before the time left is estimated

export class MeasureView {
  #root;
  #actions;
  #table;
  #props = {
    status: "idle",
    phase: "",
    progress: null,
    trouble: null,
    name: "",
    ready: false,
    results: [],
    elsewhere: 0,
    data: "",
  };
  #since = 0; // when the first piece was done
  #draw;

  /** `actions`: `measure(extent)`, `stop()`, `remove(result)`, `table(format)` returns the results as text. */
  constructor(root, actions) {
    this.#root = root;
    this.#draw = onFrame(() => this.#paint(), root);
    this.#actions = actions;
    this.#table = new MeasureTable(this.#find("measure-results"), actions.remove);
    this.#find("measure-go").addEventListener("click", () => {
      if (this.#props.status === "measuring") actions.stop();
      else this.#measure();
    });
    root.querySelector(".trouble button").addEventListener("click", () => this.#measure());
    const option = (value) => create("option", { value, textContent: text(`evaluation.formats.${value}`) });
    this.#find("measure-format").replaceChildren(...formats.map(option));
    this.#find("measure-copy").addEventListener("click", () => this.#copy());
  }

  /**
   * `status`, `progress` and `name` of the measurement; `phase`: what its worker waits for; `trouble`: a sentence or null; `ready`: whether
   * there is a model; `results`: as in the state, on the present `data`, by name; `elsewhere`: how many there are on other data sets.
   */
  update(props) {
    const other = props.results !== this.#props.results;
    this.#props = props;
    if (!props.progress) this.#since = 0;
    else if (!this.#since) this.#since = performance.now();
    this.#root.dataset.state = props.status;
    if (other) this.#show(props.results);
    this.#draw();
  }

  #measure() {
    const number = (id) => Number(this.#find(id).value);
    this.#actions.measure({
      images: number("measure-images"),
      importance_samples: number("measure-importance-samples"),
      prior_samples: number("measure-prior-samples"),
      binarised: this.#find("measure-pixels").value === "binarised",
      seed: 0,
    });
  }

  #show(results) {
    this.#root.dataset.columns = String(results.length);
    for (const id of ["measure-format", "measure-copy"]) this.#find(id).disabled = results.length === 0;
    this.#find("measure-text").hidden = true;
    this.#table.update(results);
  }

  #paint() {
    const { status, progress, trouble, ready } = this.#props;
    const measuring = status === "measuring";
    const go = this.#find("measure-go");
    go.disabled = !ready;
    setText(go, text(measuring ? "evaluation.measure.stop" : "evaluation.panel.measure_go"));
    const bar = this.#find("measure-progress");
    if (measuring && !progress) bar.removeAttribute("value");
    else bar.value = measuring ? progress.done / progress.of : status === "measured" ? 1 : 0;
    setText(this.#find("measure-state"), this.#statusText());
    showTrouble(this.#root, trouble);
    const note = this.#find("measure-data");
    setText(
      note,
      text("evaluation.measure.on_data", { data: this.#props.data, count: this.#props.elsewhere }),
    );
    note.hidden = this.#props.elsewhere === 0;
  }

  #statusText() {
    const { status } = this.#props;
    if (status === "idle") return text("evaluation.panel.measure_none");
    return status === "measuring" ? this.#progressText() : text(`evaluation.measure.status.${status}`);
  }

  #progressText() {
    const { name, phase, progress } = this.#props;
    if (!progress)
      return text("evaluation.measure.waiting", {
        name,
        phase: text(`evaluation.phase.${phase || "starting"}`),
      });
    const { done, of } = progress;
    const values = {
      name,
      stage: text(`evaluation.stage.${progress.stage}`),
      percent: Math.floor((100 * done) / of),
    };
    if (done <= PIECES_TIMED) return text("evaluation.measure.progress", values);
    const elapsed = (performance.now() - this.#since) / 1000;
    const seconds = Math.ceil((elapsed * (of - done)) / done);
    return text("evaluation.measure.progress_left", { ...values, seconds });
  }

  #copy() {
    const table = this.#actions.table(this.#find("measure-format").value);
    return copy(table, { button: this.#find("measure-copy"), area: this.#find("measure-text") });
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }
}
