// The notices of the page: one for each name, the newer in the place of the older.

export class NoticeBoard {
  #notices;

  constructor({ state }) {
    this.#notices = state.notices;
  }

  /** `actions`: {label: function}; a notice goes when one is taken. */
  show({ name, text, kind = "error", actions = {} }) {
    this.#notices.value = [...this.#others(name), { name, text, kind, actions }];
  }

  clear(name) {
    if (this.#notices.value.some((notice) => notice.name === name)) this.#notices.value = this.#others(name);
  }

  #others(name) {
    return this.#notices.value.filter((notice) => notice.name !== name);
  }
}
