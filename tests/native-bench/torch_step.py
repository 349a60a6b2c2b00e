"""The training step of `latent-lab bench` in PyTorch, from the weights, images and noise that it wrote.

    python torch_step.py FOLDER BODY BATCH EVERY DEVICE MODE

prints the same JSON: {"times": [ms a step], "losses": [nats per image]}. BODY is "mlp" or "conv", DEVICE "cpu" or "gpu", MODE "eager" or "compiled". Matrix products are in
full single precision, Adam is PyTorch's fused one, and the images and noise of all steps lie on the device from the start.
"""

import json
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

from inputs import PIXELS, read_inputs


def linear(p, layer, x):
    return F.linear(x, p[f"{layer}.weight"], p[f"{layer}.bias"])


def mlp(p, x, noise):
    hidden = F.relu(linear(p, "encoder.hidden", x))
    mean, log_var = linear(p, "encoder.mean", hidden), linear(p, "encoder.log_var", hidden)
    z = mean + torch.exp(0.5 * log_var) * noise
    return mean, log_var, linear(p, "decoder.logits", F.relu(linear(p, "decoder.hidden", z)))


def norm(p, layer, x):
    return F.batch_norm(x, None, None, p[f"{layer}.weight"], p[f"{layer}.bias"], training=True)


def conv(p, x, noise):
    x = F.pad(x.reshape(-1, 1, 28, 28), (2, 2, 2, 2))
    for k in range(3):
        x = F.conv2d(x, p[f"encoder.convolutions.convolutions.{k}.weight"], padding=1)
        x = F.max_pool2d(F.relu(norm(p, f"encoder.convolutions.norms.{k}", x)), 2)
    features = x.flatten(1)
    mean, log_var = linear(p, "encoder.mean", features), linear(p, "encoder.log_var", features)
    z = mean + torch.exp(0.5 * log_var) * noise
    y = linear(p, "decoder.convolutions.first", z).reshape(-1, 256, 4, 4)
    for k in range(3):
        y = F.relu(norm(p, f"decoder.convolutions.norms.{k}", y))
        layer = f"decoder.convolutions.convolutions.{k}"
        y = F.conv_transpose2d(y, p[f"{layer}.weight"], p.get(f"{layer}.bias"), stride=2)
    return mean, log_var, y[:, 0, 2:30, 2:30].reshape(-1, PIXELS)


def main(folder, body, batch, every, device, mode):
    torch.set_float32_matmul_precision("highest")
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = True
    place = torch.device("cuda" if device == "gpu" else "cpu")
    weights, *inputs = read_inputs(folder, batch)
    images, noise = (torch.from_numpy(array).to(place) for array in inputs)
    p = {name: torch.tensor(value, device=place, requires_grad=True) for name, value in weights.items()}
    optimiser = torch.optim.Adam(p.values(), lr=1e-3, fused=True)

    def loss(x, noise):
        mean, log_var, logits = {"mlp": mlp, "conv": conv}[body](p, x, noise)
        cross_entropy = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        kl = 0.5 * torch.sum(mean**2 + torch.exp(log_var) - log_var - 1)
        return (cross_entropy + kl) / x.shape[0]

    if mode == "compiled":
        loss = torch.compile(loss, mode="reduce-overhead" if device == "gpu" else "default")
    times, losses = [], []
    for begin in range(0, len(images), every):
        started = time.perf_counter()
        chunk = range(begin, min(begin + every, len(images)))
        values = []
        for k in chunk:
            optimiser.zero_grad(set_to_none=True)
            value = loss(images[k], noise[k])
            value.backward()
            optimiser.step()
            values.append(value.detach().clone())
        losses.extend(float(value) for value in values)
        times.append((time.perf_counter() - started) * 1e3 / len(chunk))
    print(json.dumps({"times": times, "losses": losses, "version": torch.__version__}))


if __name__ == "__main__":
    folder, body, batch, every, device, mode = sys.argv[1:]
    main(folder, body, int(batch), int(every), device, mode)
