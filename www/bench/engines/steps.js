// The loop that every peer runs: one batch after the other, its loss read now or later.

/** `session`: `step(images, noise)` gives a loss on the device, `read(loss)` its number. Losses come back in order. */
export async function runSteps(session, { steps, every, batches, clock }) {
  const losses = [];
  const waiting = [];
  for (let done = 0; done < steps; done += every) {
    clock.start();
    for (let k = 0; k < every; k++) {
      const { images, noise } = batches[done + k];
      waiting.push(session.step(images, noise));
    }
    losses.push(await session.read(waiting.pop()));
    clock.stop(every);
    // Only to compare: not part of what is timed.
    const earlier = await Promise.all(waiting.splice(0).map(session.read));
    losses.splice(-1, 0, ...earlier);
  }
  return losses;
}
