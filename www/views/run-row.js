// A run in the table of runs: its row, and a second one that opens below it.

import { nats } from "../messages/format.js";
import { count } from "../messages/language.js";
import { text } from "../messages/text.js";
import { copy } from "./clipboard.js";
import { curveMark, letterOf, presentMark } from "./curve-mark.js";
import { create, setAttribute, setText } from "./dom.js";

const COLUMNS = 7;

export class RunRow {
  #id;
  #actions;
  #run = null;
  #mark = ""; // what the mark of the curve shows
  #main;
  #more;

  constructor(id, actions) {
    this.#id = id;
    this.#actions = actions;
    this.#main = this.#makeMain();
    this.#more = this.#makeMore();
  }

  /** The two rows. */
  get elements() {
    return [this.#main.row, this.#more.row];
  }

  remove() {
    for (const element of this.elements) element.remove();
  }

  update(run) {
    this.#run = run;
    this.#updateCurve(run.curve);
    this.#updateWords(run);
    this.#updateMore(run);
  }

  #makeMain() {
    const part = (name, properties = {}) => create(name, properties);
    const toggle = part("input", { type: "checkbox" });
    toggle.addEventListener("change", () => this.#actions.draw(this.#id, toggle.checked));
    const mark = part("span", { className: "run-mark" });
    const [name, changes, folded] = [part("span"), part("small"), part("small", { className: "folded" })];
    const [steps, epochs] = [part("span"), part("small")];
    const [loss, test] = [part("span"), part("small")];
    const time = part("td", { className: "run-time" });
    const resume = button(() => this.#actions.resume(this.#id));
    const status = part("span", { className: "quiet" });
    const more = button(() => this.#toggle());
    setText(more, "⋯");
    const row = create(
      "tr",
      {},
      create("td", { className: "run-curve" }, create("label", {}, toggle, mark)),
      create("th", { scope: "row", className: "run-name" }, name, changes, folded),
      create("td", { className: "run-steps" }, steps, epochs),
      create("td", { className: "run-loss" }, loss, test),
      time,
      create("td", { className: "run-resume" }, resume, status),
      create("td", { className: "run-more" }, more),
    );
    row.dataset.run = this.#id;
    return {
      row,
      toggle,
      mark,
      name,
      changes,
      folded,
      steps,
      epochs,
      loss,
      test,
      time,
      resume,
      status,
      more,
    };
  }

  #makeMore() {
    const field = create("input", { type: "text", autocomplete: "off" });
    field.addEventListener("change", () => this.#actions.rename(this.#id, field.value));
    field.addEventListener("keydown", ({ key }) => key === "Escape" && this.#undoName());
    const label = create("label", { className: "field" }, text("keep.name"), field);
    const resume = button(() => this.#actions.resume(this.#id), "folded-resume");
    const pin = button(() => this.#actions.pin(this.#id, !this.#run.pinned));
    const remove = button(() => this.#actions.remove(this.#id));
    const command = button(() => this.#copyCommand());
    const area = create("textarea", { className: "copy-text", readOnly: true, hidden: true });
    setAttribute(area, "aria-label", text("keep.command_text"));
    for (const [each, words] of [
      [resume, text("keep.continue")],
      [pin, text("keep.pin")],
      [remove, text("keep.delete")],
      [command, text("keep.command")],
    ])
      setText(each, words);
    const details = create("p", { className: "quiet" });
    const tools = create(
      "div",
      { className: "run-tools" },
      label,
      resume,
      pin,
      command,
      remove,
      area,
      details,
    );
    const row = create(
      "tr",
      { className: "run-details", hidden: true },
      create("td", { colSpan: COLUMNS }, tools),
    );
    return { row, field, resume, pin, remove, command, area, details };
  }

  #toggle() {
    const { row, field } = this.#more;
    row.hidden = !row.hidden;
    setAttribute(this.#main.more, "aria-expanded", String(!row.hidden));
    if (row.hidden) return;
    row.scrollIntoView({ block: "nearest" });
    field.focus({ preventScroll: true });
  }

  #copyCommand() {
    const { command, area } = this.#more;
    const words = this.#actions.command(this.#id) ?? text("keep.no_command");
    return copy(words, { button: command, area });
  }

  #undoName() {
    this.#more.field.value = this.#run.given;
  }

  #updateCurve({ drawn, slot, refused }) {
    const { toggle, mark } = this.#main;
    const { present, name } = this.#run;
    toggle.hidden = present !== null;
    toggle.disabled = refused !== null;
    if (toggle.checked !== drawn) toggle.checked = drawn;
    const letter = slot === null ? "" : letterOf(slot);
    const words = letter ? text("keep.curve_with_letter", { name, letter }) : text("keep.curve", { name });
    setAttribute(toggle, "aria-label", words);
    const shown = `${present !== null} ${slot}`;
    if (shown === this.#mark) return;
    this.#mark = shown;
    const marks = [...(present === null ? [] : [presentMark()]), ...(slot === null ? [] : [curveMark(slot)])];
    mark.replaceChildren(...marks);
  }

  #updateWords({ name, pinned, present, changes, unsaved, step, epoch, test, time, curve }) {
    const main = this.#main;
    setAttribute(main.row, "data-present", String(present !== null));
    setText(main.name, pinned ? text("keep.pinned", { name }) : name);
    const notes = [
      changes,
      unsaved ? text("keep.unsaved") : "",
      curve.refused ? text(`keep.refused.${curve.refused}`) : "",
    ];
    setText(main.changes, notes.filter(Boolean).join(" · "));
    setText(main.steps, count(step));
    setText(main.epochs, text("keep.epoch", { epoch: epoch.toFixed(1) }));
    setText(main.loss, nats(test?.total));
    setText(main.test, test ? testInWords(test) : "");
    setText(main.time, time);
    const folded = [text("training.chart.step", { step }), time].filter(Boolean);
    setText(main.folded, folded.join(" · "));
    main.resume.hidden = present !== null;
    setText(main.resume, text("keep.continue"));
    setAttribute(main.resume, "aria-label", text("keep.continue_run", { system: name, step }));
    setText(main.status, present === null ? "" : text(`training.status.${present}`));
    setAttribute(main.more, "aria-label", text("keep.more", { name }));
    setAttribute(main.more, "title", text("keep.more", { name }));
    if (!main.more.hasAttribute("aria-expanded")) setAttribute(main.more, "aria-expanded", "false");
  }

  #updateMore({ name, given, pinned, present, before, kept, size, step }) {
    const { field, resume, pin, remove, command, details } = this.#more;
    if (document.activeElement !== field && field.value !== given) field.value = given;
    setAttribute(field, "placeholder", name);
    resume.hidden = present !== null;
    setAttribute(resume, "aria-label", text("keep.continue_run", { system: name, step }));
    setAttribute(pin, "aria-pressed", String(pinned));
    setAttribute(pin, "aria-label", text("keep.pin_run", { name }));
    setAttribute(command, "aria-description", text("keep.command_run", { name }));
    setAttribute(remove, "aria-label", text("keep.delete_run", { system: name, step }));
    remove.disabled = present === "starting";
    const compared = before ? text("keep.than", { name: before }) : text("keep.than_preset");
    const notes = [compared, kept ? text("keep.kept_at", { time: kept }) : "", size];
    setText(details, notes.filter(Boolean).join(" · "));
  }
}

function testInWords({ which, epoch }) {
  return which === "full" ? text("keep.test.full", { epoch: Math.round(epoch) }) : text("keep.test.quick");
}

function button(act, extra = "") {
  const element = create("button", { type: "button", className: `small ${extra}`.trim() });
  element.addEventListener("click", act);
  return element;
}
