// Reads a safetensors file of 32-bit floats: 8 bytes with the length of a JSON header, the header, the values.

import { Failure } from "../messages/failure.js";

/** The tensors of a file: `{ name: { shape, values } }`. */
export function readSafetensors(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const start = 8 + length;
  const tensors = {};
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    if (dtype !== "F32") throw new Failure("bench_not_f32", { tensor: name, dtype });
    const [from, to] = data_offsets;
    tensors[name] = { shape, values: new Float32Array(bytes.slice(start + from, start + to).buffer) };
  }
  return tensors;
}
