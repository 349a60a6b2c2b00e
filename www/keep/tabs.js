// Messages to the other tabs of this page about what they share.

const CHANNEL = "latent-lab-keep";

export class Tabs {
  #channel = null;

  /** `on`: what to do at each message, by name: `deleted` (everything kept) and `changed` (the list of runs). */
  constructor(on) {
    try {
      this.#channel = new BroadcastChannel(CHANNEL);
      this.#channel.addEventListener("message", ({ data }) => on[data]?.());
    } catch {
      // missing, or refused with the rest of the storage: the other tabs find out when they are loaded again
    }
  }

  tell(message) {
    this.#channel?.postMessage(message);
  }
}
