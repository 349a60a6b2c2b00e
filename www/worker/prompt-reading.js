// Readings from the GPU that arrive when they are done. Firefox looks for finished ones only every 100 ms, and at each submission: empty
// ones while a reading is awaited take a small one from 105 to 5 ms there (lavapipe). An empty one costs Chromium about 0.1 ms, and it
// needs none.

const PERIOD_MS = 4; // the shortest that browsers grant to repeated timers
/** A reading of four bytes from an idle device takes Chromium less than this, and Firefox more. */
const SLOW_MS = 30;

/** From here on. To be called before the device is opened. */
export function readPromptly() {
  if (!self.GPUAdapter) return;
  const { requestDevice } = GPUAdapter.prototype;
  const { mapAsync } = GPUBuffer.prototype;
  const slow = new Set(); // queues of devices that answer late
  let awaited = 0;
  let timer = null;
  const submitNothing = () => {
    for (const queue of slow) queue.submit([]);
  };

  GPUAdapter.prototype.requestDevice = async function (...args) {
    const device = await requestDevice.apply(this, args);
    const buffer = device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ });
    const begun = performance.now();
    const read = () => {
      if (performance.now() - begun > SLOW_MS) slow.add(device.queue);
      buffer.destroy();
    };
    mapAsync.call(buffer, GPUMapMode.READ).then(read, () => {}); // the device may be lost before
    device.lost.then(() => slow.delete(device.queue));
    return device;
  };

  GPUBuffer.prototype.mapAsync = async function (...args) {
    const mapped = mapAsync.apply(this, args);
    awaited += 1;
    if (slow.size > 0) timer ??= setInterval(submitNothing, PERIOD_MS);
    try {
      return await mapped;
    } finally {
      awaited -= 1;
      if (awaited === 0) {
        clearInterval(timer);
        timer = null;
      }
    }
  };
}
