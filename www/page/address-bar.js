// The address bar shows the address that brings the page's settings back.

/** Safari throws at more than 100 changes of the address in 30 seconds, which dragging a slider would reach. */
const SPACING_MS = 400;

export class AddressBar {
  #query = "";
  #timer = null;

  /** Shows the `query` of an address ("?beta=4", or "" for none): at once, or with the newest query a moment after the last change. */
  show(query) {
    this.#query = query;
    if (this.#timer === null) this.#write();
  }

  #write() {
    this.#timer = null;
    if (this.#query === location.search) return;
    history.replaceState(null, "", this.#query || location.pathname);
    this.#timer = setTimeout(() => this.#write(), SPACING_MS);
  }
}
