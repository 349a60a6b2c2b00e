// How often each code of a codebook is used over test images, as bars in the codes' colours, the most used first; a press gives a code to the selected place.

import { percent } from "../messages/format.js";
import { count, decimal } from "../messages/language.js";
import { text } from "../messages/text.js";
import { codeColours } from "./code-colours.js";
import { setAttribute, setText, showTrouble } from "./dom.js";
import { onFrame } from "./frame.js";

const GAP = 0.2; // between two bars, as a share of their distance
const FOOT = 8; // below the bars, for the mark of the code shown, CSS pixels

export class CodeUsageBars {
  #root;
  #canvas;
  #props = { usage: { counts: null }, codebook: null };
  #order = { of: null, codes: [] }; // most used first
  #hover = null; // a code, or null
  #draw;

  /** `actions`: `give(code)` to the selected place, `count()`. */
  constructor(root, actions) {
    this.#root = root;
    this.#canvas = root.querySelector("canvas");
    this.#draw = onFrame(() => this.#paint(), root);
    this.#canvas.addEventListener("pointermove", (event) => this.#hoverAt(this.#codeUnder(event)));
    this.#canvas.addEventListener("pointerleave", () => this.#hoverAt(null));
    this.#canvas.addEventListener("click", (event) => {
      const code = this.#codeUnder(event);
      if (code !== null) actions.give(code);
    });
    for (const button of root.querySelectorAll("button"))
      button.addEventListener("click", () => actions.count());
    new ResizeObserver(this.#draw).observe(this.#canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", this.#draw);
  }

  /** `usage` as in `state.codeUsage`, but of one level, its `trouble` a sentence or null; `counting`: whether it is counted; `codebook` of that level, or null; `code` of the selected place; `length`: places of an image there; `kind`: "only", "top" or "bottom". */
  update(props) {
    this.#props = props;
    this.#draw();
  }

  #hoverAt(code) {
    if (code === this.#hover) return;
    this.#hover = code;
    this.#draw();
  }

  #codeUnder({ clientX }) {
    const { left, width } = this.#canvas.getBoundingClientRect();
    const codes = this.#codes;
    if (codes.length === 0) return null;
    const rank = Math.floor((codes.length * (clientX - left)) / width);
    return codes[Math.min(codes.length - 1, Math.max(0, rank))];
  }

  get #codes() {
    const { counts } = this.#props.usage;
    if (counts !== this.#order.of) this.#order = { of: counts, codes: counts ? mostUsedCodes(counts) : [] };
    return this.#order.codes;
  }

  #paint() {
    const { usage, codebook, counting, code } = this.#props;
    const { counts, trouble } = usage;
    const part = (name) => this.#root.querySelector(`[data-part="${name}"]`);
    this.#root.dataset.state = trouble ? "failed" : counts ? "counted" : "counting";
    this.#canvas.hidden = !counts;
    showTrouble(this.#root, trouble);
    part("count").hidden = counting || counts !== null;
    setText(part("code"), counts ? this.#codeText(this.#hover ?? code) : "");
    setText(part("all"), this.#allText());
    setText(
      part("colours"),
      codebook ? text("explore.codes.colours", { share: percent(codebook.share) }) : "",
    );
    if (!counts) return;
    const [first] = this.#codes;
    const now = this.#codeText(code);
    const label = text("explore.codes.bars", { first, most: count(counts[first]), now });
    setAttribute(this.#canvas, "aria-label", label);
    this.#paintBars();
  }

  #codeText(code) {
    const { counts } = this.#props.usage;
    if (counts[code] === undefined) return "";
    if (counts[code] === 0) return text("explore.codes.unused", { code });
    const rank = this.#codes.indexOf(code) + 1;
    const share = text("numbers.percent", { value: decimal((100 * counts[code]) / sum(counts), 1) });
    return text("explore.codes.used", { code, count: counts[code], share, rank, of: counts.length });
  }

  #allText() {
    const { usage, counting, length, kind } = this.#props;
    const { counts, progress, perplexity, images, step, trouble } = usage;
    if (!counts) {
      if (trouble || !counting) return "";
      return progress ? text("explore.codes.counting", progress) : text("explore.codes.loading");
    }
    const used = counts.filter((times) => times > 0).length;
    const values = { images, places: length, used, of: counts.length, perplexity: decimal(perplexity, 1) };
    const all =
      step === null
        ? text("explore.codes.all", values)
        : text("explore.codes.all_at_step", { ...values, step });
    return kind === "only" ? all : `${text(`explore.codes.counts_of.${kind}`)} ${all}`;
  }

  #paintBars() {
    const canvas = this.#canvas;
    const ratio = globalThis.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (width === 0) return;
    const pixels = [width, height].map((size) => Math.round(size * ratio));
    if (canvas.width !== pixels[0] || canvas.height !== pixels[1])
      Object.assign(canvas, { width: pixels[0], height: pixels[1] });
    const { usage, codebook, code } = this.#props;
    const context = canvas.getContext("2d");
    const style = getComputedStyle(canvas);
    const [line, accent] = ["--field", "--accent"].map((name) => style.getPropertyValue(name));
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const codes = this.#codes;
    const [top, step] = [usage.counts[codes[0]], width / codes.length];
    const foot = height - FOOT;
    for (const [rank, each] of codes.entries()) {
      const tall = (foot * usage.counts[each]) / top;
      context.fillStyle = codebook ? codeColours(codebook.places, each).fill : line;
      context.fillRect(rank * step, foot - tall, step * (1 - GAP), tall);
      context.strokeStyle = line;
      context.lineWidth = 0.5;
      context.strokeRect(rank * step, foot - tall, step * (1 - GAP), tall);
    }
    const at = (codes.indexOf(this.#hover ?? code) + 0.5) * step;
    context.fillStyle = accent;
    context.beginPath();
    context.moveTo(at, foot + 1);
    context.lineTo(at - 4, height);
    context.lineTo(at + 4, height);
    context.fill();
  }
}

/** The codes by their counts, the largest first. */
export function mostUsedCodes(counts) {
  return [...counts.keys()].sort((a, b) => counts[b] - counts[a] || a - b);
}

function sum(counts) {
  return counts.reduce((all, each) => all + each, 0);
}
