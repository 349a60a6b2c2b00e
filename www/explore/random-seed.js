// Seeds for what a person asks to be random.

/** 32 random bits. */
export function randomSeed() {
  return crypto.getRandomValues(new Uint32Array(1))[0];
}
