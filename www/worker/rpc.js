// Requests and replies between the page and a worker with actions; only this file posts them. A request is {id, action, args}, its
// reply {id, result} or {id, error}; replies come in order. The one message without a request is {id: null, error}: why nothing more
// will be answered. An error is {name, message}, one with a sentence in the catalogue has `kind` and `values` as well.

/** The asking side: every call is a promise that settles, at the latest when the port is closed. */
export class Caller {
  #port;
  #failed;
  #pending = new Map();
  #nextId = 1;
  #closed = null;

  /** `failed(error)` is called when the other side says that it can answer nothing more. */
  constructor(port, failed = (error) => this.close(error)) {
    this.#port = port;
    this.#failed = failed;
    port.addEventListener("message", (event) => this.#settle(event.data));
  }

  call(action, args, transfer = []) {
    if (this.#closed) return Promise.reject(this.#closed);
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#pending.set(id, { resolve, reject });
      try {
        this.#port.postMessage({ id, action, args }, transfer);
      } catch (error) {
        this.#pending.delete(id);
        reject(error);
      }
    });
  }

  /** Rejects all pending and all later calls. */
  close(error) {
    this.#closed ??= error;
    for (const { reject } of this.#pending.values()) reject(this.#closed);
    this.#pending.clear();
  }

  get pending() {
    return this.#pending.size;
  }

  #settle({ id, result, error }) {
    if (id === null) return this.#failed(received(error));
    const waiting = this.#pending.get(id);
    if (!waiting) return;
    this.#pending.delete(id);
    if (error) waiting.reject(received(error));
    else waiting.resolve(result);
  }
}

/** The answering side: a table of named actions, run one after the other because they must never overlap. */
export function serve(port, actions) {
  let last = Promise.resolve();
  port.addEventListener("message", (event) => {
    last = last.then(() => answer(port, actions, event.data));
  });
}

async function answer(port, actions, { id, action, args }) {
  try {
    if (!Object.hasOwn(actions, action)) throw new Error(`There is no action "${action}".`);
    const result = await actions[action](args);
    port.postMessage({ id, result }, buffersOf(result));
  } catch (error) {
    port.postMessage({ id, error: toSend(error) });
  }
}

/** Reports that nothing more will be answered, and why. */
export function giveUp(port, error) {
  port.postMessage({ id: null, error: toSend(error) });
}

function toSend(error) {
  const { name = "Error", message = String(error), kind, values } = error ?? {};
  return kind ? { name, message, kind, values } : { name, message };
}

function received(error) {
  return Object.assign(new Error(error.message), error);
}

/** The buffers inside a plain value, each once: they are handed over instead of copied. */
export function buffersOf(value, found = new Set()) {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (value instanceof ArrayBuffer) {
    found.add(value);
  } else if (value && typeof value === "object") {
    for (const part of Object.values(value)) buffersOf(part, found);
  }
  return [...found];
}
