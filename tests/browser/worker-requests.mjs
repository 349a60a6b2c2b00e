// What a page has asked its workers and is not answered yet.

/** In the page, before its scripts: `workerRequests` says how many there were, and how many wait for their answer. */
export function watchWorkerRequests() {
  const waiting = new Map(); // ids of requests, by worker
  let made = 0;
  const { postMessage, terminate } = Worker.prototype;
  Worker.prototype.postMessage = function (message, ...rest) {
    if (!waiting.has(this)) {
      waiting.set(this, new Set());
      this.addEventListener("message", ({ data }) => waiting.get(this)?.delete(data.id));
    }
    if (typeof message.id === "number") {
      made++;
      waiting.get(this).add(message.id);
    }
    return postMessage.call(this, message, ...rest);
  };
  Worker.prototype.terminate = function () {
    waiting.delete(this);
    return terminate.call(this);
  };
  globalThis.workerRequests = () => ({
    made,
    waiting: [...waiting.values()].reduce((sum, { size }) => sum + size, 0),
  });
}
