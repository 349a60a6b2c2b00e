"""What `latent-lab bench --replay FOLDER` wrote: the weights that training starts from, and the images and noise of each step."""

import json
import struct

import numpy as np

PIXELS = 784


def read_inputs(folder, batch):
    """The weights by name, without running statistics; images [steps, B, 784] and noise [steps, B, Z]."""
    images = np.fromfile(f"{folder}/images.f32", np.float32).reshape(-1, batch, PIXELS)
    noise = np.fromfile(f"{folder}/noise.f32", np.float32).reshape(len(images), batch, -1)
    return read_weights(f"{folder}/start.safetensors"), images, noise


def read_weights(path):
    with open(path, "rb") as file:
        data = file.read()
    start = 8 + struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:start])
    weights = {}
    for name, tensor in header.items():
        if name != "__metadata__" and "running" not in name:
            begin, end = tensor["data_offsets"]
            values = np.frombuffer(data[start + begin : start + end], np.float32)
            weights[name] = values.reshape(tensor["shape"]).copy()
    return weights
