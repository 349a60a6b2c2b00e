// The menu of links: what is copied, and where the clipboard is closed, to be copied by hand.

import { text } from "../messages/text.js";
import { setText } from "./dom.js";

export class ShareView {
  #root;
  #actions;
  #longest = Number.POSITIVE_INFINITY;

  /** `actions`: `link()` and `embed()` return what is to be copied; `save()` makes a file of it; `say(words)`. */
  constructor(root, actions) {
    this.#root = root;
    this.#actions = actions;
    this.#find("#copy-link").addEventListener("click", () => this.#copy(actions.link(), "link"));
    this.#find("#copy-embed").addEventListener("click", () => this.#copy(actions.embed(), "embed"));
    this.#find("#share-file").addEventListener("click", () => actions.save());
    root.closest("details").addEventListener("toggle", () => {
      this.#say("");
      this.#find("#share-file").hidden = true;
    });
  }

  /**
   * `ofRun`: whether weights are seen that no link carries; `ofOwnData`: whether the data set is one that no link
   * carries; `longest`: characters of a link.
   */
  update({ ofRun, ofOwnData, longest }) {
    this.#longest = longest;
    this.#find("#share-run").hidden = !ofRun;
    this.#find("#share-data").hidden = !ofOwnData;
  }

  async #copy(words, kind) {
    const area = this.#find("#share-text");
    const isLong = words.length > this.#longest;
    area.hidden = true;
    this.#find("#share-file").hidden = !isLong;
    if (isLong) return this.#say(text("share.too_long", { most: this.#longest }));
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
