// The address bar shows the address that brings back the page's settings, and what a link in it has brought as long as that is still seen.

/** Safari throws at more than 100 changes of the address in 30 seconds, which dragging a slider would reach. */
const SPACING_MS = 400;

export class AddressBar {
  #address = "";
  #timer = null;

  /** Shows an address ("?beta=4", "#code=..", or "" for none): at once, or the newest one a moment after the last change. */
  show(address) {
    this.#address = address;
    if (this.#timer === null) this.#write();
  }

  #write() {
    this.#timer = null;
    if (this.#address === location.search + location.hash) return;
    history.replaceState(null, "", this.#address || location.pathname);
    this.#timer = setTimeout(() => this.#write(), SPACING_MS);
  }
}
