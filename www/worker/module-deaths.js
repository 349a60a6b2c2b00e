// What ended a module: a panic, which throws its message, or a failed allocation, which executes `unreachable`.

/** What modules, engines and graphics drivers say where memory runs out. */
const OUT_OF_MEMORY =
  /unreachable|out of (\w+ )?memory|allocation (failed|size overflow)|could not allocate|maxBufferSize|BufferBindingSize/i;
/** The standard library's panic for an array beyond the address space. */
const TOO_LARGE = /capacity overflow/;

export function isPanic(message) {
  return /panicked at/.test(message);
}

export function isOutOfMemory(message) {
  return isPanic(message) ? TOO_LARGE.test(message) : OUT_OF_MEMORY.test(message);
}
