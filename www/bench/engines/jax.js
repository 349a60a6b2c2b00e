// jax-js: the whole training step, gradients and Adam included, is one jitted function.

import { Failure } from "../../messages/failure.js";
import { peerFile } from "../../urls.js";
import { channelsLast, denseLayouts } from "../layouts.js";
import { readSafetensors } from "../safetensors.js";
import { runSteps } from "./steps.js";

const LIBRARY = peerFile("jax-js/index.js");
const [BETA_1, BETA_2, EPSILON] = [0.9, 0.999, 1e-8];

/** `device`: "webgpu" or "wasm". */
export async function open({ device, library = LIBRARY }) {
  const jax = await import(library);
  return {
    start: ({ options, weights }) => start(jax, device, options, readSafetensors(weights)),
  };
}

async function start(jax, device, { model, train }, weights) {
  const ready = await jax.init(device);
  if (!ready.includes(device)) throw new Failure("bench_no_backend", { library: "jax-js", backend: device });
  jax.defaultDevice(device);
  const np = jax.numpy;
  const body = (model.body === "mlp" ? mlp : conv)(jax, weights, model);
  const each = (make) =>
    Object.fromEntries(Object.entries(body.parameters).map(([name, tensor]) => [name, make(tensor)]));
  const parameters = each(({ shape, values }) => np.array(values).reshape(shape));
  const zeros = () => each(({ shape }) => np.zeros(shape));
  let state = { parameters, first: zeros(), second: zeros(), time: np.array(0) };
  const step = jax.jit(adamStep(jax, objective(jax, body.forward, model), train.learning_rate));

  const session = {
    /** One step on the batch `images [B * 784]`, `noise [B * Z]`; returns the loss, still on the device. */
    step(images, noise) {
      const x = np.array(images).reshape([train.batch, 784]);
      const e = np.array(noise).reshape([train.batch, model.latent]);
      const [loss, next] = step(state, x, e);
      state = next;
      return loss;
    },
    read: async (loss) => (await loss.data())[0],
  };
  return { ...session, run: (asked) => runSteps(session, asked) };
}

/** The negative ELBO: cross-entropy and KL(q || N(0, I)), summed over pixels and components, averaged over images. */
function objective({ numpy: np }, forward, { latent }) {
  return (parameters, images, noise) => {
    const batch = images.shape[0];
    const decode = forward(parameters, images.ref);
    const mean = decode.heads.ref.slice([], [0, latent]);
    const log_var = decode.heads.slice([], [latent, 2 * latent]);
    const z = mean.ref.add(np.exp(log_var.ref.mul(0.5)).mul(noise));
    const logits = decode.logits(z);
    const softplus = np.maximum(logits.ref, 0).add(np.log(np.exp(np.absolute(logits.ref).mul(-1)).add(1)));
    const reconstruction = softplus.sub(logits.mul(images)).sum();
    const kl = np
      .square(mean)
      .add(np.exp(log_var.ref))
      .sub(log_var)
      .sum()
      .sub(batch * latent)
      .mul(0.5);
    return reconstruction.add(kl).mul(1 / batch);
  };
}

/** `(state, images, noise) -> [loss, state]`: Adam in PyTorch's formulation. */
function adamStep({ numpy: np, tree, valueAndGrad }, loss, learningRate) {
  const gradient = valueAndGrad(loss);
  const power = (base, time) => np.exp(time.mul(Math.log(base)));
  return ({ parameters, first, second, time }, images, noise) => {
    const [value, gradients] = gradient(tree.ref(parameters), images, noise);
    const now = time.add(1);
    const size = np.array(learningRate).div(np.array(1).sub(power(BETA_1, now.ref)));
    const correction = np.sqrt(np.array(1).sub(power(BETA_2, now.ref)));
    const m = tree.map((m, g) => m.mul(BETA_1).add(g.ref.mul(1 - BETA_1)), first, gradients);
    const v = tree.map((v, g) => v.mul(BETA_2).add(np.square(g).mul(1 - BETA_2)), second, gradients);
    const moved = tree.map(
      (p, m, v) => p.sub(size.ref.mul(m.ref).div(np.sqrt(v.ref).div(correction.ref).add(EPSILON))),
      parameters,
      m,
      v,
    );
    size.dispose();
    correction.dispose();
    return [value, { parameters: moved, first: m, second: v, time: now }];
  };
}

/** 784-H-Z-H-784 with ReLU; weights `[in, out]`. */
function mlp({ numpy: np, nn }, weights) {
  const linear = (p, layer, x) => np.matmul(x, p[`${layer}.weight`]).add(p[`${layer}.bias`]);
  return {
    parameters: denseLayouts(weights),
    forward(p, images) {
      const hidden = nn.relu(linear(p, "encoder.hidden", images));
      return {
        heads: linear(p, "encoder.heads", hidden),
        logits: (z) => linear(p, "decoder.logits", nn.relu(linear(p, "decoder.hidden", z))),
      };
    },
  };
}

/**
 * Channels 32-128-256 with batch norm, ReLU and max-pool, down from 32 x 32 to 4 x 4, and back up; images `[B, h, w, C]`.
 * A convolution is a matrix product with gathered neighbourhoods: on the CPU `lax.conv` takes fifty times as long.
 */
function conv({ numpy: np, nn }, weights) {
  const linear = (p, layer, x) => np.matmul(x, p[`${layer}.weight`]).add(p[`${layer}.bias`]);

  /** Batch norm with the batch's own mean and variance per channel. */
  const norm = (p, layer, x) => {
    const mean = (of) => np.mean(of, [0, 1, 2], { keepdims: true });
    const centred = x.ref.sub(mean(x));
    const deviation = np.sqrt(mean(np.square(centred.ref)).add(1e-5));
    return centred.mul(p[`${layer}.weight`].div(deviation)).add(p[`${layer}.bias`]);
  };

  const convolve = (x, weight) => {
    const [images, height, width, inputs] = x.shape;
    const outputs = weight.shape[3];
    const padded = np.pad(x, [
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ]);
    const shifts = [0, 1, 2].flatMap((dy) =>
      [0, 1, 2].map((dx) => padded.ref.slice([], [dy, dy + height], [dx, dx + width], [])),
    );
    padded.dispose();
    const neighbourhoods = np.concatenate(shifts, 3).reshape([images * height * width, 9 * inputs]);
    return np
      .matmul(neighbourhoods, weight.reshape([9 * inputs, outputs]))
      .reshape([images, height, width, outputs]);
  };

  /** Max-pooling with 2 x 2 windows. */
  const pool = (x) => {
    const [images, height, width, channels] = x.shape;
    return np.max(x.reshape([images, height / 2, 2, width / 2, 2, channels]), [2, 4]);
  };

  /** A transposed 2 x 2 convolution of stride 2: one matrix product and a transposition. */
  const convTranspose = (x, weight) => {
    const [images, height, width, inputs] = x.shape;
    const outputs = weight.shape[3];
    return np
      .matmul(x.reshape([images * height * width, inputs]), weight.reshape([inputs, 4 * outputs]))
      .reshape([images * height, width, 2, 2 * outputs])
      .transpose([0, 2, 1, 3])
      .reshape([images, 2 * height, 2 * width, outputs]);
  };

  return {
    parameters: channelsLast(weights),
    forward(p, images) {
      const [rows] = images.shape;
      let x = np.pad(images.reshape([rows, 28, 28, 1]), [
        [0, 0],
        [2, 2],
        [2, 2],
        [0, 0],
      ]);
      for (let k = 0; k < 3; k++) {
        x = convolve(x, p[`encoder.convolutions.convolutions.${k}.weight`]);
        x = pool(nn.relu(norm(p, `encoder.convolutions.norms.${k}`, x)));
      }
      const features = x.reshape([rows, 4096]);
      return {
        heads: linear(p, "encoder.heads", features),
        logits(z) {
          let y = linear(p, "decoder.convolutions.first", z).reshape([rows, 4, 4, 256]);
          for (let k = 0; k < 3; k++) {
            y = nn.relu(norm(p, `decoder.convolutions.norms.${k}`, y));
            y = convTranspose(y, p[`decoder.convolutions.convolutions.${k}.weight`]);
          }
          return y
            .add(p["decoder.convolutions.convolutions.2.bias"])
            .slice([], [2, 30], [2, 30], [])
            .reshape([rows, 784]);
        },
      };
    },
  };
}
