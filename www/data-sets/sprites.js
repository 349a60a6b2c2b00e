// Sprites: shapes drawn by the CPU module with known factors (shape, x, y, scale, angle), the same ones each time.

const TRAIN_SEED = 1;
const TEST_SEED = 2;
/** As in src/data/sprites.rs. */
export const FACTORS = ["shape", "x", "y", "scale", "angle"];

/** Draws {train, test} images with `call(action, args)` of a CPU worker: resolves to the files, as in own-files.js. */
export async function drawSprites(call, { train, test }) {
  const [ofTrain, ofTest] = await Promise.all([
    call("sprites", { count: train, seed: TRAIN_SEED }),
    call("sprites", { count: test, seed: TEST_SEED }),
  ]);
  return {
    trainImages: ofTrain.images,
    trainLabels: ofTrain.labels,
    testImages: ofTest.images,
    testLabels: ofTest.labels,
  };
}

/** The factors of the test images [test * 5]. */
export async function spriteFactors(call, { test }) {
  const { factors } = await call("sprites", { count: test, seed: TEST_SEED });
  return factors;
}
