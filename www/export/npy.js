// Arrays as NumPy's .npy files (NEP 1, version 1.0): `numpy.load` reads them.

const MAGIC = [0x93, ...new TextEncoder().encode("NUMPY"), 1, 0];
const ALIGNED = 64; // bytes: where the numbers begin

/** `values`: a Float32Array, row by row; `shape`: the sizes of the array, outermost first. */
export function npy(values, shape) {
  const sizes = `${shape.join(", ")}${shape.length === 1 ? "," : ""}`;
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${sizes}), }`;
  const before = MAGIC.length + 2;
  const length = ALIGNED * Math.ceil((before + dictionary.length + 1) / ALIGNED) - before;
  const head = Uint8Array.of(...MAGIC, length & 0xff, length >> 8);
  const text = new TextEncoder().encode(`${dictionary.padEnd(length - 1)}\n`);
  const bytes = new Uint8Array(before + length + 4 * values.length);
  bytes.set(head);
  bytes.set(text, before);
  const view = new DataView(bytes.buffer, before + length);
  for (let k = 0; k < values.length; k++) view.setFloat32(4 * k, values[k], true);
  return bytes;
}
