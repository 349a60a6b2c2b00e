// Whether an error means that memory ran out: what the modules, the engines and the graphics drivers call it.

const MESSAGES =
  /out of (device |video )?memory|allocation (failed|size overflow)|could not allocate|maxBufferSize|BufferBindingSize/i;

export function isOutOfMemory(message) {
  return MESSAGES.test(message);
}
