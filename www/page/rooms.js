// The rooms of the page that are not seen at first: the script of each is loaded when the room is first entered, or in advance.

import { loadScript } from "../files/load-script.js";
import { sentence } from "../messages/failure.js";
import { RoomView } from "../views/room.js";

const DIGITS = /-[0-9a-f]{12}(?=\.)/; // of the content, in the name of a file

export class Rooms {
  #scripts;
  #base;
  #parts = null;
  // By name:
  #tries = new Map();
  #views = new Map();
  #loaded = new Map(); // promises of what a script exports
  #entered = new Map(); // promises of what its `openRoom` returned

  /** `scripts`: addresses by name, relative to `base`. */
  constructor(scripts, base) {
    this.#scripts = scripts;
    this.#base = base;
  }

  /** `parts`: what `openRoom(parts)` of every script is given. Before this no room is entered. */
  wire(parts) {
    this.#parts = parts;
  }

  has(name) {
    return name in this.#scripts;
  }

  /** Loads the script of a room that will be entered. */
  load(name) {
    if (!this.#loaded.has(name)) {
      const loaded = this.#fetch(name);
      loaded.catch(() => this.#loaded.delete(name)); // the next time it is asked for again
      this.#loaded.set(name, loaded);
    }
    return this.#loaded.get(name);
  }

  /** Loads the scripts of all rooms; what fails is asked for again when a room is entered. */
  async loadAll() {
    await Promise.allSettled(Object.keys(this.#scripts).map((name) => this.load(name)));
  }

  /** Opens the room, once; resolves to what it offers to others, or to null where its script cannot be loaded: then its place says why. */
  enter(name) {
    if (!this.#entered.has(name)) this.#entered.set(name, this.#open(name));
    return this.#entered.get(name);
  }

  async #open(name) {
    const view = this.#viewOf(name);
    view.update({ status: "loading" });
    const script = await this.load(name).catch((error) => {
      this.#entered.delete(name);
      view.update({ status: "failed", trouble: sentence(error) });
    });
    if (!script) return null;
    const room = script.openRoom(this.#parts) ?? {};
    view.update({ status: "open" });
    return room;
  }

  #viewOf(name) {
    if (!this.#views.has(name)) {
      const place = document.querySelector(`[data-room="${name}"]`);
      this.#views.set(name, new RoomView(place, { retry: () => this.enter(name) }));
    }
    return this.#views.get(name);
  }

  /** Firefox does not ask again for a module that could not be fetched, so that each further try has an address of its own. */
  #fetch(name) {
    const tries = this.#tries.get(name) ?? 0;
    this.#tries.set(name, tries + 1);
    const address = new URL(this.#scripts[name], this.#base);
    if (tries > 0) address.searchParams.set("try", tries);
    const file = this.#scripts[name].split("/").at(-1);
    return loadScript(address, file.replace(DIGITS, ""));
  }
}
