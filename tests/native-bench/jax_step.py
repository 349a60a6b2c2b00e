"""The training step of `latent-lab bench` in JAX, from the weights, images and noise that it wrote.

    python jax_step.py FOLDER BODY BATCH EVERY

prints the same JSON: {"times": [ms a step], "losses": [nats per image]}, on the device that JAX takes (set JAX_PLATFORMS). BODY is "mlp" or "conv". Matrix products are in full
single precision, and the images and noise of all steps lie on the device from the start. The running statistics of batch norm, which only later looks need, are left out.
"""

import json
import sys
import time
from functools import partial

import jax
import jax.numpy as jnp
from jax import lax

from inputs import PIXELS, read_inputs

LEARNING_RATE, BETA_1, BETA_2, EPSILON = 1e-3, 0.9, 0.999, 1e-8


def linear(p, layer, x):
    return x @ p[f"{layer}.weight"].T + p[f"{layer}.bias"]


def mlp(p, x, noise):
    hidden = jax.nn.relu(linear(p, "encoder.hidden", x))
    mean, log_var = linear(p, "encoder.mean", hidden), linear(p, "encoder.log_var", hidden)
    z = mean + jnp.exp(0.5 * log_var) * noise
    return mean, log_var, linear(p, "decoder.logits", jax.nn.relu(linear(p, "decoder.hidden", z)))


def norm(p, layer, x):
    mean, var = x.mean((0, 1, 2)), x.var((0, 1, 2))
    return (x - mean) * lax.rsqrt(var + 1e-5) * p[f"{layer}.weight"] + p[f"{layer}.bias"]


def conv(p, x, noise):
    """Pictures are [B, height, width, C], as XLA likes them on a CPU."""
    rows = x.shape[0]
    x = jnp.pad(x.reshape(rows, 28, 28, 1), ((0, 0), (2, 2), (2, 2), (0, 0)))
    for k in range(3):
        kernel = p[f"encoder.convolutions.convolutions.{k}.weight"].transpose(2, 3, 1, 0)
        x = lax.conv_general_dilated(x, kernel, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
        x = jax.nn.relu(norm(p, f"encoder.convolutions.norms.{k}", x))
        x = lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
    features = x.transpose(0, 3, 1, 2).reshape(rows, -1)
    mean, log_var = linear(p, "encoder.mean", features), linear(p, "encoder.log_var", features)
    z = mean + jnp.exp(0.5 * log_var) * noise
    y = linear(p, "decoder.convolutions.first", z).reshape(rows, 256, 4, 4).transpose(0, 2, 3, 1)
    for k in range(3):
        y = jax.nn.relu(norm(p, f"decoder.convolutions.norms.{k}", y))
        weight = p[f"decoder.convolutions.convolutions.{k}.weight"].transpose(0, 2, 3, 1)
        _, height, width, inputs = y.shape
        windows = (y.reshape(-1, inputs) @ weight.reshape(inputs, -1)).reshape(rows, height, width, 2, 2, -1)
        y = windows.transpose(0, 1, 3, 2, 4, 5).reshape(rows, 2 * height, 2 * width, -1)
    y = y + p["decoder.convolutions.convolutions.2.bias"]
    return mean, log_var, y[:, 2:30, 2:30, 0].reshape(rows, PIXELS)


def loss(forward, p, x, noise):
    mean, log_var, logits = forward(p, x, noise)
    cross_entropy = jnp.sum(jax.nn.softplus(logits) - x * logits)
    kl = 0.5 * jnp.sum(mean**2 + jnp.exp(log_var) - log_var - 1)
    return (cross_entropy + kl) / x.shape[0]


@partial(jax.jit, static_argnums=0, donate_argnums=1)
def step(forward, state, x, noise):
    p, first, second, t = state
    value, gradients = jax.value_and_grad(partial(loss, forward))(p, x, noise)
    t = t + 1
    first = jax.tree.map(lambda m, g: BETA_1 * m + (1 - BETA_1) * g, first, gradients)
    second = jax.tree.map(lambda v, g: BETA_2 * v + (1 - BETA_2) * g * g, second, gradients)
    size, correction = LEARNING_RATE / (1 - BETA_1**t), jnp.sqrt(1 - BETA_2**t)
    moved = jax.tree.map(lambda p, m, v: p - size * m / (jnp.sqrt(v) / correction + EPSILON), p, first, second)
    return value, (moved, first, second, t)


def main(folder, body, batch, every):
    forward = {"mlp": mlp, "conv": conv}[body]
    jax.config.update("jax_default_matmul_precision", "highest")
    weights, *inputs = read_inputs(folder, batch)
    images, noise = map(jnp.array, inputs)
    state = tuple(jax.tree.map(change, weights) for change in (jnp.array, jnp.zeros_like, jnp.zeros_like)) + (0.0,)
    times, losses = [], []
    for begin in range(0, len(images), every):
        started = time.perf_counter()
        chunk = range(begin, min(begin + every, len(images)))
        values = []
        for k in chunk:
            value, state = step(forward, state, images[k], noise[k])
            values.append(value)
        losses.extend(float(value) for value in values)
        times.append((time.perf_counter() - started) * 1e3 / len(chunk))
    print(json.dumps({"times": times, "losses": losses, "version": jax.__version__}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
