// Sentences about what went wrong, or what changed without being asked, with what can be done about it.

export class NoticesView {
  #root;

  constructor(root) {
    this.#root = root;
  }

  /** One notice for each `name`; a new one with the same name takes the old one's place. `actions`: {label: function}. */
  show({ name, text, kind = "error", actions = {} }) {
    const notice = Object.assign(document.createElement("div"), { className: "notice" });
    Object.assign(notice.dataset, { kind, name });
    notice.append(
      Object.assign(document.createElement("p"), { className: "notice-text", textContent: text }),
    );
    for (const [label, act] of Object.entries(actions)) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
      button.dataset.action = label;
      button.addEventListener("click", () => {
        notice.remove();
        act();
      });
      notice.append(button);
    }
    const close = Object.assign(document.createElement("button"), {
      type: "button",
      className: "notice-close",
      textContent: "Close",
    });
    close.addEventListener("click", () => notice.remove());
    notice.append(close);
    this.clear(name);
    this.#root.append(notice);
  }

  clear(name) {
    this.#root.querySelector(`[data-name="${name}"]`)?.remove();
  }
}
