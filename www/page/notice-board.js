// The notices of the page, one for each name: a newer one replaces the older. They are no part of the page's state, because they also say
// why the page could not start.

import { signal } from "@preact/signals-core";
import { connect } from "../views/connect.js";
import { NoticesView } from "../views/notices.js";

export class NoticeBoard {
  #notices = signal([]);

  constructor(root) {
    const view = new NoticesView(root, { close: ({ name }) => this.clear(name) });
    connect(view, () => ({ notices: this.#notices.value }));
  }

  /** `kind`: "error" or "info"; `actions`: {label: function}, each of which also closes the notice. */
  show({ name, text, kind = "error", actions = {} }) {
    this.#notices.value = [...this.#others(name), { name, text, kind, actions }];
  }

  has(name) {
    return this.#notices.peek().some((notice) => notice.name === name);
  }

  clear(name) {
    if (this.has(name)) this.#notices.value = this.#others(name);
  }

  #others(name) {
    return this.#notices.value.filter((notice) => notice.name !== name);
  }
}
