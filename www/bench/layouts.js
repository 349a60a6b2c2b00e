// Converts PyTorch's tensor layouts into those with which the other libraries are fastest.

/** The tensor `{ shape, values }` with its axes in another `order`. */
export function permuted({ shape, values }, order) {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const turned = new Float32Array(values.length);
  const sizes = order.map((axis) => shape[axis]);
  const place = order.map(() => 0);
  let from = 0;
  for (let to = 0; to < turned.length; to++) {
    turned[to] = values[from];
    for (let axis = order.length - 1; axis >= 0; axis--) {
      from += strides[order[axis]];
      if (++place[axis] < sizes[axis]) break;
      from -= sizes[axis] * strides[order[axis]];
      place[axis] = 0;
    }
  }
  return { shape: sizes, values: turned };
}

const reshaped = ({ values }, shape) => ({ shape, values });

/** Dense weights as `[in, out]`, with both heads of the encoder in one layer. */
export function denseLayouts(weights) {
  const turn = (tensor) => (tensor.shape.length === 2 ? permuted(tensor, [1, 0]) : tensor);
  return withJoinedHeads(
    Object.fromEntries(Object.entries(weights).map(([name, tensor]) => [name, turn(tensor)])),
  );
}

/** Joins the heads for mean and log-variance into `encoder.heads`, `[in, 2 Z]`: one matrix product instead of two, with the same results. */
function withJoinedHeads({
  "encoder.mean.weight": mean,
  "encoder.mean.bias": meanBias,
  "encoder.log_var.weight": logVar,
  "encoder.log_var.bias": logVarBias,
  ...others
}) {
  return {
    ...others,
    "encoder.heads.weight": concatenated(mean, logVar),
    "encoder.heads.bias": concatenated(meanBias, logVarBias),
  };
}

/** Two tensors of equal shape, concatenated along the last axis. */
function concatenated(a, b) {
  const width = a.shape.at(-1);
  const rows = a.values.length / width;
  const values = new Float32Array(2 * a.values.length);
  for (let row = 0; row < rows; row++) {
    values.set(a.values.subarray(row * width, (row + 1) * width), 2 * row * width);
    values.set(b.values.subarray(row * width, (row + 1) * width), (2 * row + 1) * width);
  }
  return { shape: [...a.shape.slice(0, -1), 2 * width], values };
}

/**
 * The convolutional model for images `[B, height, width, C]`: convolutions `[3, 3, in, out]`, transposed convolutions
 * `[in, 2, 2, out]`, dense layers `[in, out]` with the features in the order 4 x 4 x 256, both heads in one layer. Running
 * statistics are left out.
 */
export function channelsLast(weights) {
  const features = [256, 4 * 4];
  const turn = (name, tensor) => {
    if (name.startsWith("encoder.convolutions.convolutions")) return permuted(tensor, [2, 3, 1, 0]);
    if (name.startsWith("decoder.convolutions.convolutions"))
      return name.endsWith("weight") ? permuted(tensor, [0, 2, 3, 1]) : tensor;
    if (name === "decoder.convolutions.first.bias")
      return reshaped(permuted(reshaped(tensor, features), [1, 0]), tensor.shape);
    const [outputs, inputs] = tensor.shape;
    if (name === "decoder.convolutions.first.weight")
      return reshaped(permuted(reshaped(tensor, [...features, inputs]), [2, 1, 0]), [inputs, outputs]);
    if (tensor.shape.length === 2)
      return reshaped(permuted(reshaped(tensor, [outputs, ...features]), [2, 1, 0]), [inputs, outputs]);
    return tensor;
  };
  const trained = Object.entries(weights).filter(([name]) => !name.includes("running"));
  return withJoinedHeads(Object.fromEntries(trained.map(([name, tensor]) => [name, turn(name, tensor)])));
}
