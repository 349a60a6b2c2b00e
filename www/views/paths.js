// The view of paths: two ends, a strip for each path between them, and a large picture that moves along one of them.

import { imageAt, PIXELS, SIDE } from "../explore/images.js";
import { decimal } from "../messages/language.js";
import { text } from "../messages/text.js";
import { FRAMES, STRIP } from "../paths/path-counts.js";
import { setAttribute, setText } from "./dom.js";
import { onFrame } from "./frame.js";
import { PathEndView } from "./path-end-view.js";
import { PathNumbersView } from "./path-numbers.js";
import { grey, paint, paintGrid, span } from "./pixels.js";

const LAST = FRAMES - 1; // of the slider
const GAP = 2;
const PASS_MS = 2400; // from one end to the other

export class PathsView {
  #root;
  #actions;
  #props = { paths: null };
  #ends;
  #numbers;
  #painted = {}; // pictures by path
  #course = null; // as it was last given
  #kind = "straight"; // chosen
  #at = 0; // 0..=LAST
  #playing = null; // {since, from} in ms, or null
  #draw;

  /** `actions`: `pin(end)`, `chooseImage(end, index)`, `swap()`, `go(course)`, `wantFrames()`. */
  constructor(root, actions) {
    this.#root = root;
    this.#actions = actions;
    this.#draw = onFrame((time) => this.#paint(time), root);
    this.#ends = Object.fromEntries(
      ["a", "b"].map((at) => [at, new PathEndView(root.querySelector(`[data-end="${at}"]`), at, actions)]),
    );
    this.#numbers = new PathNumbersView(this.#find("#path-numbers"));
    this.#find("#path-swap").addEventListener("click", () => actions.swap());
    this.#find("#path-play").addEventListener("click", () => this.#toggle());
    this.#find("#path-time").addEventListener("input", ({ target }) => this.#goTo(Number(target.value)));
    for (const row of root.querySelectorAll(".path-row")) this.#openRow(row);
  }

  /** The path that is played: the straight one where the one chosen is not there. */
  get kind() {
    const { paths } = this.#props;
    return !paths || paths.rows[this.#kind] ? this.#kind : "straight";
  }

  /** `ends`, `course` and `paths` as in the state; `images`: the test images to choose from, {index, words}; `names` of the classes; `present`: what can be pinned, "drawing", "code" or null; `notes`: sentences about what is shown. */
  update(props) {
    this.#props = props;
    if (props.course !== this.#course) this.#take(props.course);
    this.#draw();
  }

  #take(course) {
    this.#course = course;
    this.#kind = course.kind;
    this.#at = course.at;
    if (this.#at % (LAST / (STRIP - 1)) !== 0) this.#actions.wantFrames(); // the strip has no picture of this place
  }

  #openRow(row) {
    const { kind } = row.dataset;
    const canvas = row.querySelector("canvas");
    Object.assign(canvas, { width: span(STRIP, GAP), height: SIDE });
    row.querySelector("input").addEventListener("change", () => this.#go({ kind }));
    canvas.addEventListener("click", ({ offsetX }) => {
      const picture = Math.min(STRIP - 1, Math.floor((STRIP * offsetX) / canvas.clientWidth));
      this.#kind = kind;
      this.#goTo((picture * LAST) / (STRIP - 1));
    });
  }

  #toggle() {
    this.#actions.wantFrames();
    const way = this.#at === LAST ? 0 : this.#at; // from the far end it begins again
    this.#playing = this.#playing ? null : { since: null, from: way };
    if (!this.#playing) this.#go({});
    this.#draw();
  }

  #goTo(at) {
    this.#actions.wantFrames();
    this.#playing = null;
    this.#go({ at });
  }

  /** While it plays, the place is the view's own: it changes with every frame. */
  #go(change) {
    this.#actions.go({ kind: this.#kind, at: this.#at, ...change });
  }

  #paint(time) {
    const { ends, paths, images, names, present, notes } = this.#props;
    for (const [at, view] of Object.entries(this.#ends))
      view.update({ end: ends[at], images, names, present });
    setText(this.#find("#path-note"), notes);
    this.#root.dataset.state = paths ? "shown" : "loading";
    if (!paths) return;
    this.#advance(time);
    for (const row of this.#root.querySelectorAll(".path-row"))
      this.#paintRow(row, paths.rows[row.dataset.kind]);
    this.#root.querySelector(`input[value="${this.kind}"]`).checked = true;
    this.#paintPicture(paths.rows[this.kind]);
    this.#numbers.update({ paths, at: this.#at / LAST });
    if (this.#playing) this.#draw();
  }

  /** There and back, until somebody stops it. */
  #advance(time) {
    if (!this.#playing) return;
    this.#playing.since ??= time;
    const passed = (LAST * (time - this.#playing.since)) / PASS_MS + this.#playing.from;
    const round = passed % (2 * LAST);
    this.#at = Math.round(round > LAST ? 2 * LAST - round : round);
  }

  #paintRow(element, row) {
    const { kind } = element.dataset;
    const canvas = element.querySelector("canvas");
    const radio = element.querySelector("input");
    radio.disabled = !row;
    element.dataset.chosen = String(kind === this.kind);
    canvas.hidden = !row;
    const note = element.querySelector("p");
    const said = this.#rowNote(kind, row);
    if (note) {
      setText(note, said);
      note.hidden = said === "";
    }
    if (!row) return;
    setAttribute(canvas, "aria-label", text(`paths.strip.${kind}`, { count: STRIP }));
    if (this.#painted[kind] === row.pictures) return;
    this.#painted[kind] = row.pictures;
    paintGrid(canvas, row.pictures, STRIP, GAP);
  }

  /** Why the spherical path is not one. */
  #rowNote(kind, row) {
    if (kind !== "spherical") return "";
    if (!row) return text("paths.no_sphere");
    return row.spherical ? "" : text("paths.no_circle");
  }

  #paintPicture(row) {
    const { pictures, frames } = row;
    const picture = frames
      ? frames.subarray(this.#at * PIXELS, (this.#at + 1) * PIXELS)
      : imageAt(pictures, Math.round((this.#at * (STRIP - 1)) / LAST));
    const canvas = this.#find("#path-picture");
    paint(canvas, grey(picture));
    const t = decimal(this.#at / LAST, 2);
    setAttribute(canvas, "aria-label", text("paths.picture", { t }));
    const norm = row.norms?.[this.#at];
    const place =
      norm === undefined
        ? text("paths.place", { t })
        : text("paths.place_norm", { t, norm: decimal(norm, 2) });
    setText(this.#find("#path-place"), place);
    const slider = this.#find("#path-time");
    if (Number(slider.value) !== this.#at) slider.value = String(this.#at);
    setAttribute(slider, "aria-valuetext", place);
    setText(this.#find("#path-play"), text(this.#playing ? "paths.pause" : "paths.panel.play"));
    Object.assign(canvas.dataset, {
      kind: this.kind,
      at: String(this.#at),
      frames: String(frames !== null),
    });
  }

  #find(selector) {
    return this.#root.querySelector(selector);
  }
}
