"""The default model, 784-400-20, trained on a data set of four IDX files by JAX on the CPU: a number to hold ours against.

    python jax_fashion.py FOLDER EPOCHS SEED

prints the test loss after the last epoch in nats per image, one sample of z an image: reconstruction, KL and their sum. Batches of 128, Adam at 1e-3,
weights as PyTorch draws them: the settings of `latent-lab train --preset vae`, from other random numbers.
"""

import gzip
import sys

import jax
import jax.numpy as jnp
import numpy as np

BATCH, LATENT, HIDDEN, PIXELS = 128, 20, 400, 784
RATE, BETA_1, BETA_2, EPSILON = 1e-3, 0.9, 0.999, 1e-8
LAYERS = {"hidden": (PIXELS, HIDDEN), "mean": (HIDDEN, LATENT), "log_var": (HIDDEN, LATENT), "back": (LATENT, HIDDEN), "logits": (HIDDEN, PIXELS)}


def images(folder, split):
    with gzip.open(f"{folder}/{split}-images-idx3-ubyte.gz") as file:
        return np.frombuffer(file.read()[16:], np.uint8).reshape(-1, PIXELS).astype(np.float32) / 255


def uniform(random, inputs, outputs):
    reach = inputs**-0.5
    return random.uniform(-reach, reach, (inputs, outputs)), random.uniform(-reach, reach, outputs)


def layer(p, name, x):
    weight, bias = p[name]
    return x @ weight + bias


def terms(p, x, noise):
    hidden = jax.nn.relu(layer(p, "hidden", x))
    mean, log_var = layer(p, "mean", hidden), layer(p, "log_var", hidden)
    z = mean + jnp.exp(0.5 * log_var) * noise
    logits = layer(p, "logits", jax.nn.relu(layer(p, "back", z)))
    reconstruction = jnp.sum(jax.nn.softplus(logits) - x * logits) / x.shape[0]
    kl = 0.5 * jnp.sum(mean**2 + jnp.exp(log_var) - log_var - 1) / x.shape[0]
    return reconstruction, kl


@jax.jit
def step(p, first, second, t, x, noise):
    gradient = jax.grad(lambda p: sum(terms(p, x, noise)))(p)
    first = jax.tree.map(lambda m, g: BETA_1 * m + (1 - BETA_1) * g, first, gradient)
    second = jax.tree.map(lambda v, g: BETA_2 * v + (1 - BETA_2) * g**2, second, gradient)
    rate = RATE * jnp.sqrt(1 - BETA_2**t) / (1 - BETA_1**t)
    p = jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + EPSILON), p, first, second)
    return p, first, second


def main(folder, epochs, seed):
    random = np.random.default_rng(seed)
    train, test = images(folder, "train"), images(folder, "t10k")
    p = {name: tuple(jnp.asarray(a, jnp.float32) for a in uniform(random, *shape)) for name, shape in LAYERS.items()}
    first, second = (jax.tree.map(jnp.zeros_like, p) for _ in range(2))
    t = 0
    for _ in range(epochs):
        order = random.permutation(len(train))
        for start in range(0, len(train) - BATCH + 1, BATCH):
            t += 1
            noise = random.standard_normal((BATCH, LATENT), np.float32)
            p, first, second = step(p, first, second, t, train[order[start : start + BATCH]], noise)
    reconstruction, kl = map(float, terms(p, test, random.standard_normal((len(test), LATENT), np.float32)))
    print(f"{folder}, {epochs} epochs, seed {seed}: {reconstruction:.2f} + {kl:.2f} = {reconstruction + kl:.2f} nats per image")


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
