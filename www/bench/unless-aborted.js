// Waiting that ends when it is no longer wanted, also for what cannot be stopped itself.

/** Settles as `promise` does, or rejects with the signal's reason as soon as `signal` is aborted. */
export function unlessAborted(promise, signal) {
  return new Promise((resolve, reject) => {
    promise.then(resolve, reject);
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
