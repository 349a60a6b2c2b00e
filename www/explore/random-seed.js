// Seeds for new noise and new samples.

/** 32 random bits. */
export function randomSeed() {
  return crypto.getRandomValues(new Uint32Array(1))[0];
}
