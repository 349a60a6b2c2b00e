// The notices of the page: one for each name, the newer in the place of the older. They exist before the page's state does, because
// a start that fails is told here.

import { signal } from "@preact/signals-core";

export class NoticeBoard {
  /** [{name, text, kind: "error" | "info", actions: {label: function}}] */
  notices = signal([]);

  show({ name, text, kind = "error", actions = {} }) {
    this.notices.value = [...this.#others(name), { name, text, kind, actions }];
  }

  clear(name) {
    if (this.notices.value.some((notice) => notice.name === name)) this.notices.value = this.#others(name);
  }

  #others(name) {
    return this.notices.value.filter((notice) => notice.name !== name);
  }
}
