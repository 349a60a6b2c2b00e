// TensorFlow.js: its own Adam and automatic gradients, dense layers by its fused operation.

import { readSafetensors, transposed } from "../safetensors.js";
import { runSteps } from "./steps.js";

const FOLDER = new URL("../../peers/tfjs/", import.meta.url);
const [BETA_1, BETA_2, EPSILON] = [0.9, 0.999, 1e-8];

/** `device`: "webgpu" or "wasm"; `threads` are for the latter. */
export async function open({ device, threads = false }) {
  // Classic scripts: each adds itself to the global `tf`.
  await import(new URL("tf.es2017.min.js", FOLDER));
  await import(new URL(`tf-backend-${device}.es2017.min.js`, FOLDER));
  const { tf } = globalThis;
  if (device === "wasm") {
    tf.wasm.setWasmPaths(FOLDER.href);
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", threads);
  }
  return { start: ({ options, weights }) => start(tf, device, options, readSafetensors(weights)) };
}

async function start(tf, device, { model, train }, weights) {
  if (!(await tf.setBackend(device)))
    throw new Error(`TensorFlow.js could not start its ${device} backend here.`);
  await tf.ready();
  if (model.body === "conv" && device === "wasm")
    throw new Error(
      "TensorFlow.js cannot train convolutions on the CPU: its gradient of a filter is missing there.",
    );
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
    /** One step on the batch `images [B * 784]`, `noise [B * Z]`: the loss, still on the device. */
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

/** Cross-entropy and KL to N(0, I), summed over pixels and latents, mean over images. */
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

/** 784-H-Z-H-784 with ReLU; weights `[in, out]`. */
function mlp(tf, weights) {
  const parameters = Object.fromEntries(
    Object.entries(weights).map(([name, tensor]) => [
      name,
      name.endsWith("weight") ? transposed(tensor) : tensor,
    ]),
  );
  const dense = (p, layer, a, activation = "linear") =>
    tf.fused.matMul({ a, b: p[`${layer}.weight`], bias: p[`${layer}.bias`], activation });
  return {
    parameters,
    forward(p, images, noise) {
      const hidden = dense(p, "encoder.hidden", images, "relu");
      const mean = dense(p, "encoder.mean", hidden);
      const log_var = dense(p, "encoder.log_var", hidden);
      const z = tf.add(mean, tf.mul(tf.exp(tf.mul(log_var, 0.5)), noise));
      return { mean, log_var, logits: dense(p, "decoder.logits", dense(p, "decoder.hidden", z, "relu")) };
    },
  };
}
