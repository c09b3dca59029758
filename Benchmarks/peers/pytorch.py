#!/usr/bin/env python3
"""Seconds of each training epoch of a dense Bernoulli VAE in PyTorch, on the CPU; the counterpart of vae-bench.

Written as a good user of PyTorch would: the data are floats in memory before the clock starts, an epoch is a fresh
permutation, and no value is read back within it.

    pytorch.py --data FOLDER [--hidden 512] [--latent 2] [--activation relu] [--batch-size 128]
               [--mode eager|fused|compile] [--epochs 4]

prints one JSON object: seconds of every epoch after the first, and PyTorch's version and threads.
"""

import argparse
import gzip
import json
import pathlib
import resource
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def images(folder):
    path = next(pathlib.Path(folder).glob("train-images*"))
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    pixels = np.frombuffer(content, np.uint8, offset=16).reshape(-1, 784)
    return torch.from_numpy(pixels.astype(np.float32)).mul_(1 / 255)


class VAE(nn.Module):
    def __init__(self, hidden, latent, activation):
        super().__init__()
        encoder = [784, *hidden]
        decoder = [latent, *reversed(hidden)]
        self.encoder = nn.ModuleList(nn.Linear(a, b) for a, b in zip(encoder, encoder[1:]))
        self.mean = nn.Linear(encoder[-1], latent)
        self.log_variance = nn.Linear(encoder[-1], latent)
        self.decoder = nn.ModuleList(nn.Linear(a, b) for a, b in zip(decoder, decoder[1:]))
        self.output = nn.Linear(decoder[-1], 784)
        self.activation = getattr(torch, activation)

    def forward(self, x):
        """The negative ELBO in nats, averaged over the examples."""
        hidden = x
        for layer in self.encoder:
            hidden = self.activation(layer(hidden))
        mean, log_variance = self.mean(hidden), self.log_variance(hidden)
        hidden = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        for layer in self.decoder:
            hidden = self.activation(layer(hidden))
        reconstruction = F.binary_cross_entropy_with_logits(self.output(hidden), x, reduction="sum")
        kl = 0.5 * (log_variance.exp() + mean.square() - 1 - log_variance).sum()
        return (reconstruction + kl) / len(x)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--hidden", default="512")
    parser.add_argument("--latent", type=int, default=2)
    parser.add_argument("--activation", default="relu")
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--mode", choices=["eager", "fused", "compile"], default="eager")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--threads", type=int)
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    x = images(options.data)
    model = VAE([int(width) for width in options.hidden.split(",")], options.latent, options.activation)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=options.mode != "eager")
    loss_of = torch.compile(model, dynamic=False) if options.mode == "compile" else model
    seconds = []
    for _ in range(options.epochs):
        start = time.perf_counter()
        for rows in torch.randperm(len(x)).split(options.batch_size):
            optimizer.zero_grad()
            loss = loss_of(x[rows])
            loss.backward()
            optimizer.step()
        seconds.append(time.perf_counter() - start)
    print(
        json.dumps(
            {
                "peer": f"PyTorch {torch.__version__} {options.mode}",
                "threads": torch.get_num_threads(),
                "seconds": seconds[1:],
                "peak_memory_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
                "last_minibatch_negative_elbo": loss.item(),
            }
        )
    )


if __name__ == "__main__":
    main()
