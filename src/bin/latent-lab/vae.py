"""A variational autoencoder for 28 x 28 digits; loads the weights that Latent Lab exported next to this file.

    pip install torch safetensors
    python vae.py            # prints the loss of an empty image, and a sampled digit as text
"""
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

LATENT = 20
HIDDEN = 400


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(784, HIDDEN)
        self.mean = nn.Linear(HIDDEN, LATENT)
        self.log_var = nn.Linear(HIDDEN, LATENT)

    def forward(self, x):
        h = F.relu(self.hidden(x))
        return self.mean(h), self.log_var(h)


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(LATENT, HIDDEN)
        self.logits = nn.Linear(HIDDEN, 784)

    def forward(self, z):
        return self.logits(F.relu(self.hidden(z)))


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.decoder = Decoder()

    def forward(self, x):
        mean, log_var = self.encoder(x)
        z = mean + torch.exp(0.5 * log_var) * torch.randn_like(mean)
        return self.decoder(z), mean, log_var


def loss(logits, x, mean, log_var, beta=1.0):
    """Nats per image: cross-entropy summed over pixels, plus beta times KL(q || N(0, I))."""
    reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(1)
    kl = 0.5 * (log_var.exp() + mean.square() - log_var - 1).sum(1)
    return (reconstruction + beta * kl).mean()


def show(image):
    shades = " .:-=+*#%@"
    for row in image.view(28, 28):
        print("".join(shades[min(int(p * 10), 9)] for p in row))


if __name__ == "__main__":
    model = VAE()
    model.load_state_dict(load_file(Path(__file__).with_name("vae.safetensors")))
    model.eval()
    with torch.no_grad():
        blank = torch.zeros(1, 784)
        mean, log_var = model.encoder(blank)
        print(f"an empty image, at the mean: {loss(model.decoder(mean), blank, mean, log_var):.3f} nats")
        show(torch.sigmoid(model.decoder(torch.randn(1, LATENT)))[0])
