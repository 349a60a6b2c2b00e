// TensorFlow.js with its own Adam, automatic gradients and fused dense layers.

import { Failure } from "../../messages/failure.js";
import { peerFile } from "../../urls.js";
import { channelsLast, denseLayouts } from "../layouts.js";
import { readSafetensors } from "../safetensors.js";
import { runSteps } from "./steps.js";

const WASM = [
  "tfjs-backend-wasm.wasm",
  "tfjs-backend-wasm-simd.wasm",
  "tfjs-backend-wasm-threaded-simd.wasm",
];
const file = (name) => peerFile(`tfjs/${name}`);
const [BETA_1, BETA_2, EPSILON] = [0.9, 0.999, 1e-8];

/** `device`: "webgpu" or "wasm"; `threads` apply to the latter. */
export async function open({ device, threads = false }) {
  // Classic scripts that extend the global `tf`.
  await import(file("tf.es2017.min.js"));
  await import(file(`tf-backend-${device}.es2017.min.js`));
  const { tf } = globalThis;
  if (device === "wasm") {
    // By the names that the library's script has: in a built site those with the hash of their content.
    const named = WASM.map(file).map(({ pathname, href }) => [pathname.split("/").at(-1), href]);
    tf.wasm.setWasmPaths(Object.fromEntries(named));
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", threads);
  }
  return { start: ({ options, weights }) => start(tf, device, options, readSafetensors(weights)) };
}

async function start(tf, device, { model, train }, weights) {
  if (!(await tf.setBackend(device)))
    throw new Failure("bench_no_backend", { library: "TensorFlow.js", backend: device });
  await tf.ready();
  if (model.body === "conv" && device === "wasm") throw new Failure("bench_no_filter_gradient");
  const body = (model.body === "mlp" ? mlp : conv)(tf, weights);
  const variables = Object.fromEntries(
    Object.entries(body.parameters).map(([name, { shape, values }]) => [
      name,
      tf.variable(tf.tensor(values, shape)),
    ]),
  );
  const adam = tf.train.adam(train.learning_rate, BETA_1, BETA_2, EPSILON);
  const loss = objective(tf, body.forward, variables, model);
  const session = {
    /** One step on the batch `images [B * 784]`, `noise [B * Z]`; returns the loss, still on the device. */
    step: (images, noise) =>
      tf.tidy(() => {
        const x = tf.tensor2d(images, [train.batch, 784]);
        const e = tf.tensor2d(noise, [train.batch, model.latent]);
        return adam.minimize(() => loss(x, e), true);
      }),
    async read(value) {
      const [number] = await value.data();
      value.dispose();
      return number;
    },
  };
  return { run: (asked) => runSteps(session, asked) };
}

/** The negative ELBO: cross-entropy and KL(q || N(0, I)), summed over pixels and components, averaged over images. */
function objective(tf, forward, variables, { latent }) {
  return (images, noise) => {
    const [batch] = images.shape;
    const { mean, log_var, logits } = forward(variables, images, noise);
    const softplus = tf.add(tf.relu(logits), tf.log1p(tf.exp(tf.neg(tf.abs(logits)))));
    const reconstruction = tf.sum(tf.sub(softplus, tf.mul(logits, images)));
    const kl = tf.mul(
      tf.sub(tf.sum(tf.sub(tf.add(tf.square(mean), tf.exp(log_var)), log_var)), batch * latent),
      0.5,
    );
    return tf.mul(tf.add(reconstruction, kl), 1 / batch);
  };
}

function denseLayer(tf, p, layer, a, activation = "linear") {
  return tf.fused.matMul({ a, b: p[`${layer}.weight`], bias: p[`${layer}.bias`], activation });
}

/** The sample `mean + sigma * noise`. */
function reparameterised(tf, mean, log_var, noise) {
  return tf.add(mean, tf.mul(tf.exp(tf.mul(log_var, 0.5)), noise));
}

/** 784-H-Z-H-784 with ReLU. */
function mlp(tf, weights) {
  const dense = (...layer) => denseLayer(tf, ...layer);
  return {
    parameters: denseLayouts(weights),
    forward(p, images, noise) {
      const hidden = dense(p, "encoder.hidden", images, "relu");
      const [mean, log_var] = tf.split(dense(p, "encoder.heads", hidden), 2, 1);
      const z = reparameterised(tf, mean, log_var, noise);
      return { mean, log_var, logits: dense(p, "decoder.logits", dense(p, "decoder.hidden", z, "relu")) };
    },
  };
}

/** Channels 32-128-256 with batch norm, ReLU and max-pool, down from 32 x 32 to 4 x 4, and back up; images `[B, h, w, C]`. */
function conv(tf, weights) {
  const dense = (...layer) => denseLayer(tf, ...layer);

  /** Batch norm with the batch's own mean and variance per channel. */
  const norm = (p, layer, x) => {
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    return tf.batchNorm(x, mean, variance, p[`${layer}.bias`], p[`${layer}.weight`], 1e-5);
  };

  /** A transposed 2 x 2 convolution of stride 2: one matrix product and a transposition. */
  const convTranspose = (x, weight) => {
    const [images, height, width, inputs] = x.shape;
    const outputs = weight.shape[3];
    const windows = tf.matMul(
      tf.reshape(x, [images * height * width, inputs]),
      tf.reshape(weight, [inputs, 4 * outputs]),
    );
    const rows = tf.transpose(tf.reshape(windows, [images * height, width, 2, 2 * outputs]), [0, 2, 1, 3]);
    return tf.reshape(rows, [images, 2 * height, 2 * width, outputs]);
  };

  return {
    parameters: channelsLast(weights),
    forward(p, images, noise) {
      const [rows] = images.shape;
      let x = tf.pad(tf.reshape(images, [rows, 28, 28, 1]), [
        [0, 0],
        [2, 2],
        [2, 2],
        [0, 0],
      ]);
      for (let k = 0; k < 3; k++) {
        x = tf.conv2d(x, p[`encoder.convolutions.convolutions.${k}.weight`], 1, "same");
        x = tf.maxPool(tf.relu(norm(p, `encoder.convolutions.norms.${k}`, x)), 2, 2, "valid");
      }
      const features = tf.reshape(x, [rows, 4096]);
      const [mean, log_var] = tf.split(dense(p, "encoder.heads", features), 2, 1);
      const z = reparameterised(tf, mean, log_var, noise);
      let y = tf.reshape(dense(p, "decoder.convolutions.first", z), [rows, 4, 4, 256]);
      for (let k = 0; k < 3; k++) {
        y = tf.relu(norm(p, `decoder.convolutions.norms.${k}`, y));
        y = convTranspose(y, p[`decoder.convolutions.convolutions.${k}.weight`]);
      }
      y = tf.slice(tf.add(y, p["decoder.convolutions.convolutions.2.bias"]), [0, 2, 2, 0], [rows, 28, 28, 1]);
      return { mean, log_var, logits: tf.reshape(y, [rows, 784]) };
    },
  };
}
