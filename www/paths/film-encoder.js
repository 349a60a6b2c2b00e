// Pictures of a path as files: an animated GIF, a WebM video, or a strip as a PNG. Dark ink on white paper, in both themes of the page.

import { PIXELS, SIDE } from "../explore/images.js";
import { Failure } from "../messages/failure.js";
import { gifLibrary } from "../urls.js";

/** Between two pictures. A GIF counts hundredths of a second, and browsers slow down what is faster than 2 of them. */
export const DELAY_MS = 40;
const SCALE = 8; // canvas pixels for one of a picture
const STRIP_SCALE = 4;
const GAP = 2; // between two pictures of a strip, in their pixels
const SLICE_MS = 12; // of work, before the page may do something else
const GREYS = Array.from({ length: 256 }, (_, grey) => [grey, grey, grey]);
const WEBM = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm"];

const loadedGif = () => import(gifLibrary);

/**
 * The bytes of a GIF that shows `pictures` [n * 784] in this `order`, again and again. `report(done)` is called between slices; where `wanted()`
 * is false then, it ends with null. `load()` resolves to the library.
 */
export async function encodeGif(pictures, order, { report, wanted, load = loadedGif }) {
  const { GIFEncoder } = await load();
  const gif = GIFEncoder();
  const size = SIDE * SCALE;
  let begun = performance.now();
  for (const [done, k] of order.entries()) {
    gif.writeFrame(enlarge(shades(pictures, k), SCALE), size, size, {
      palette: done === 0 ? GREYS : null,
      delay: DELAY_MS,
    });
    if (performance.now() - begun < SLICE_MS) continue;
    report(done + 1);
    await nextTask();
    if (!wanted()) return null;
    begun = performance.now();
  }
  gif.finish();
  return gif.bytes();
}

/** Whether this browser can record a WebM video. */
export function recordsWebm() {
  return webmType() !== null && "captureStream" in HTMLCanvasElement.prototype;
}

/** As `encodeGif`, a video as a Blob; it takes as long as it lasts. */
export async function recordWebm(pictures, order, { report, wanted }) {
  const type = webmType();
  if (!recordsWebm()) throw new Failure("no_webm");
  const size = SIDE * SCALE;
  const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
  const show = (k) => {
    const context = canvas.getContext("2d");
    context.putImageData(asImage(enlarge(shades(pictures, k), SCALE), size), 0, 0);
  };
  show(order[0]);
  const stream = canvas.captureStream(1000 / DELAY_MS);
  const recorder = new MediaRecorder(stream, { mimeType: type, videoBitsPerSecond: 2_000_000 });
  const parts = [];
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  const stopped = new Promise((resolve, reject) => {
    recorder.addEventListener("stop", resolve);
    recorder.addEventListener("error", ({ error }) => reject(error ?? new Failure("no_webm")));
  });
  recorder.start();
  for (const [done, k] of order.entries()) {
    if (!wanted()) break;
    show(k);
    await pause(DELAY_MS);
    report(done + 1);
  }
  recorder.stop();
  await stopped;
  for (const track of stream.getTracks()) track.stop();
  return wanted() ? new Blob(parts, { type: "video/webm" }) : null;
}

/** The pictures side by side, four times as large, as a Blob. */
export function encodeStrip(pictures) {
  const count = pictures.length / PIXELS;
  const side = SIDE * STRIP_SCALE;
  const step = side + GAP * STRIP_SCALE;
  const canvas = Object.assign(document.createElement("canvas"), {
    width: count * step - GAP * STRIP_SCALE,
    height: side,
  });
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  for (let k = 0; k < count; k++)
    context.putImageData(asImage(enlarge(shades(pictures, k), STRIP_SCALE), side), k * step, 0);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Failure("no_png"))), "image/png"),
  );
}

/** Picture `k` as shades 0 (ink) to 255, [784]. */
export function shades(pictures, k) {
  return Uint8Array.from(pictures.subarray(k * PIXELS, (k + 1) * PIXELS), (ink) =>
    Math.round(255 * (1 - Math.min(1, Math.max(0, ink)))),
  );
}

/** Every pixel `scale` times as wide and high. */
export function enlarge(pixels, scale) {
  const size = SIDE * scale;
  const large = new Uint8Array(size * size);
  for (let y = 0; y < size; y++) {
    const row = Math.floor(y / scale) * SIDE;
    for (let x = 0; x < size; x++) large[y * size + x] = pixels[row + Math.floor(x / scale)];
  }
  return large;
}

function asImage(greys, size) {
  const bytes = new Uint8ClampedArray(greys.length * 4).fill(255);
  for (let i = 0; i < greys.length; i++) bytes.fill(greys[i], 4 * i, 4 * i + 3);
  return new ImageData(bytes, size, size);
}

function webmType() {
  return WEBM.find((type) => globalThis.MediaRecorder?.isTypeSupported(type)) ?? null;
}

/** Lets the page draw and answer; not a timer, which a hidden page gets once a second. */
function nextTask() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
