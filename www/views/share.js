// The menu of links: what is copied, and where the clipboard is closed, to be copied by hand.

import { text } from "../messages/text.js";
import { setText } from "./dom.js";

export class ShareView {
  #root;
  #actions;
  #longest = Number.POSITIVE_INFINITY;

  /** `actions`: `link()` and `embed()` return what is to be copied; `say(words)`. */
  constructor(root, actions) {
    this.#root = root;
    this.#actions = actions;
    this.#find("#copy-link").addEventListener("click", () => this.#copy(actions.link(), "link"));
    this.#find("#copy-embed").addEventListener("click", () => this.#copy(actions.embed(), "embed"));
    root.closest("details").addEventListener("toggle", () => this.#say(""));
  }

  /** `ofRun`: whether weights are seen that no link carries; `longest`: characters of a link. */
  update({ ofRun, longest }) {
    this.#longest = longest;
    this.#find("#share-run").hidden = !ofRun;
  }

  async #copy(words, kind) {
    const area = this.#find("#share-text");
    area.hidden = true;
    if (words.length > this.#longest) return this.#say(text("share.too_long", { most: this.#longest }));
    try {
      await navigator.clipboard.writeText(words);
      this.#say(text(`share.copied.${kind}`));
    } catch {
      area.value = words;
      area.hidden = false;
      area.focus();
      area.select();
      this.#say(text("share.by_hand"));
    }
  }

  #say(words) {
    setText(this.#find("#share-note"), words);
    if (words) this.#actions.say(words);
  }

  #find(selector) {
    return this.#root.querySelector(selector);
  }
}
