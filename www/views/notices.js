// Notices: sentences about failures and unexpected changes, with buttons for what can be done.

import { text } from "../messages/text.js";
import { create } from "./dom.js";

export class NoticesView {
  #root;
  #shown = new Map(); // elements, by notice

  /** `close(notice)` is called with the notice that was dismissed. */
  constructor(root, { close }) {
    this.#root = root;
    this.close = close;
  }

  /** `notices`: [{name, text, kind: "error" | "info", actions: {label: function}}], one for each name. */
  update({ notices }) {
    for (const [notice, element] of this.#shown) {
      if (notices.includes(notice)) continue;
      element.remove();
      this.#shown.delete(notice);
    }
    for (const notice of notices) {
      if (this.#shown.has(notice)) continue;
      const element = this.#element(notice);
      this.#shown.set(notice, element);
      this.#root.append(element);
    }
  }

  #element(notice) {
    const { name, text: words, kind, actions } = notice;
    const element = create(
      "div",
      { className: "notice" },
      create("p", { className: "notice-text", textContent: words }),
    );
    Object.assign(element.dataset, { kind, name });
    for (const [label, act] of Object.entries(actions)) {
      const button = create("button", { type: "button", textContent: label });
      button.dataset.action = label;
      button.addEventListener("click", () => {
        this.close(notice);
        act();
      });
      element.append(button);
    }
    const close = create("button", {
      type: "button",
      className: "notice-close",
      textContent: text("page.close"),
    });
    close.addEventListener("click", () => this.close(notice));
    element.append(close);
    return element;
  }
}
