// The worker that integrates over codes, opened when it is first needed, and again where it was lost.

export class PosteriorClient {
  #openWorker;
  #worker = null;

  /** `openWorker()` gives a worker. */
  constructor(openWorker) {
    this.#openWorker = openWorker;
  }

  /** Resolves to the worker: the same one as long as it lives. */
  async open() {
    if (!this.#worker || this.#worker.closed) this.#worker = this.#openWorker();
    await this.#worker.opened;
    return this.#worker;
  }

  /** The column is not needed any more. */
  close(column) {
    if (this.#worker && !this.#worker.closed)
      this.#worker.call("close_posterior", { column }).catch(() => {}); // a lost worker has no columns
  }
}
