// The training loop of the other libraries: one batch after the other, the loss read after each `every` steps.

/** `session`: `step(images, noise)` returns the loss on the device, `read(loss)` its value. Resolves to all losses in order. */
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
    // Only for the comparison of losses, outside the timing.
    const earlier = await Promise.all(waiting.splice(0).map(session.read));
    losses.splice(-1, 0, ...earlier);
  }
  return losses;
}
