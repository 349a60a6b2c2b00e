// An encoded picture as pixels, by the browser's own decoder.

/** Longer sides are scaled down: 28 pixels come of it in the end, by area. */
const MOST_SIDE = 1024;

/** {width, height, rgba} of a PNG, JPEG, WebP, .. ; fails where the browser cannot decode it. */
export async function decodePicture(bytes) {
  const bitmap = await createImageBitmap(new Blob([bytes]));
  try {
    const scale = Math.min(1, MOST_SIDE / Math.max(bitmap.width, bitmap.height));
    const [width, height] = [bitmap.width, bitmap.height].map((side) =>
      Math.max(1, Math.round(side * scale)),
    );
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    return { width, height, rgba: new Uint8Array(data.buffer) };
  } finally {
    bitmap.close();
  }
}
