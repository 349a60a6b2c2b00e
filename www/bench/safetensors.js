// Reads a safetensors file of 32-bit floats: an 8-byte length, a JSON header, the numbers.

/** `bytes` to `{ name: { shape, values } }`. */
export function readSafetensors(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const start = 8 + length;
  const tensors = {};
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    if (dtype !== "F32") throw new Error(`${name} holds ${dtype}, not F32.`);
    const [from, to] = data_offsets;
    tensors[name] = { shape, values: new Float32Array(bytes.slice(start + from, start + to).buffer) };
  }
  return tensors;
}
