#!/usr/bin/env python3
"""Computes the test figures of a saved run from model.safetensors and the data alone.

A second opinion on `vae-train evaluate`: it shares no code with this project, works in float64, and draws noise of
its own, so the two agree up to the noise of the draws and the rounding of float32. Needs numpy.

Prints one JSON object with the names of metrics.jsonl, in nats per example, and the standard error that the draws
leave in the negative ELBO.
"""

import argparse
import gzip
import json
import math
import pathlib
import struct
import sys

import numpy

TEST_IMAGES = ["t10k-images-idx3-ubyte", "t10k-images.idx3-ubyte"]

ACTIVATIONS = {
    "identity": lambda x: x,
    "relu": lambda x: numpy.maximum(x, 0),
    "tanh": numpy.tanh,
    "sigmoid": lambda x: 0.5 * (1 + numpy.tanh(0.5 * x)),
    "softplus": lambda x: numpy.logaddexp(0, x),
    "elu": lambda x: numpy.where(x > 0, x, numpy.expm1(numpy.minimum(x, 0))),
    "gelu": lambda x: x / 2 * (1 + numpy.vectorize(math.erf, otypes=[float])(x / math.sqrt(2))),
    "silu": lambda x: x * 0.5 * (1 + numpy.tanh(0.5 * x)),
    "leaky-relu": lambda x: numpy.where(x > 0, x, 0.01 * x),
}


def read_safetensors(path):
    """The metadata, and the F32 tensors as float64 arrays."""
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] != "F32":
            continue
        start, end = entry["data_offsets"]
        numbers = numpy.frombuffer(content[8 + length + start : 8 + length + end], dtype="<f4")
        tensors[name] = numbers.reshape(entry["shape"]).astype(numpy.float64)
    return metadata, tensors


def read_test_images(path):
    """The images of an IDX file, or of the test set in a folder, as bytes [N, D]."""
    if path.is_dir():
        candidates = [path / (name + suffix) for name in TEST_IMAGES for suffix in ("", ".gz")]
        found = [candidate for candidate in candidates if candidate.exists()]
        if not found:
            sys.exit(f"{path}: expected one of {', '.join(c.name for c in candidates)}, found none")
        path = found[0]
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    magic, count, rows, columns = struct.unpack(">4I", content[:16])
    if magic != 0x803:
        sys.exit(f"{path}: byte 0: expected the magic number 0x803, found {magic:#x}")
    return numpy.frombuffer(content, dtype=numpy.uint8, offset=16).reshape(count, rows * columns)


class Model:
    def __init__(self, architecture, tensors):
        self.tensors = tensors
        self.encoder = self.layers(architecture, "encoder")
        self.decoder = self.layers(architecture, "decoder")
        likelihood = architecture["likelihood"].split()
        self.likelihood = likelihood[0]
        self.variance = float(likelihood[1]) if len(likelihood) > 1 else architecture.get("variance")
        if self.likelihood not in ("bernoulli", "gaussian"):
            sys.exit(f"likelihood: expected bernoulli or gaussian, found {self.likelihood}")

    @staticmethod
    def layers(architecture, part):
        """The words of each layer: of version 0.1.0 too, which had widths and one activation."""
        if part in architecture:
            text = architecture[part]
            return [] if text == "none" else [layer.split() for layer in text.split(",")]
        pairs = [[["dense", width], [architecture["activation"]]] for width in architecture[f"{part}_hidden"]]
        return [layer for pair in pairs for layer in pair]

    def dense(self, name, x):
        weight = self.tensors[f"{name}.weight"]  # [out, in]
        return x @ weight.T + self.tensors[f"{name}.bias"]

    def hidden(self, part, layers, x):
        # Of a plain list the dense layers are counted, of any other all layers are.
        is_plain = f"{part}.hidden.0.weight" in self.tensors
        dense = -1
        for index, (kind, *settings) in enumerate(layers):
            dense += kind == "dense"
            name = f"{part}.hidden.{dense}" if is_plain else f"{part}.layers.{index}"
            x = self.layer(kind, settings, name, x)
        return x

    def layer(self, kind, settings, name, x):
        constants = dict(zip(settings[::2], map(float, settings[1::2]))) if len(settings) > 1 else {}
        if kind == "dense":
            return self.dense(name, x)
        if kind in ACTIVATIONS:
            return ACTIVATIONS[kind](x)
        if kind == "dropout":
            return x
        if kind == "layer-norm":
            mean, variance = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
        elif kind == "batch-norm":
            mean, variance = self.tensors[f"{name}.running_mean"], self.tensors[f"{name}.running_var"]
        else:
            sys.exit(f"layers: expected dense, a normalisation, dropout or an activation, found {kind}")
        x = (x - mean) / numpy.sqrt(variance + constants.get("epsilon", 1e-5))
        return x * self.tensors[f"{name}.weight"] + self.tensors[f"{name}.bias"]

    def encode(self, x):
        h = self.hidden("encoder", self.encoder, x)
        return self.dense("encoder.mean", h), self.dense("encoder.log_variance", h)

    def reconstruction_loss(self, z, x):
        """-log p(x|z) of each example."""
        output = self.dense("decoder.output", self.hidden("decoder", self.decoder, z))
        if self.likelihood == "bernoulli":
            # x log(1 + e^-a) + (1 - x) log(1 + e^a)
            return (x * numpy.logaddexp(0, -output) + (1 - x) * numpy.logaddexp(0, output)).sum(axis=1)
        return (0.5 * (x - output) ** 2 / self.variance + 0.5 * numpy.log(2 * numpy.pi * self.variance)).sum(axis=1)


def evaluate(model, images, draws, seed, batch=1000):
    """KL of each example [N], and reconstruction loss of each draw of each example [draws, N]."""
    random = numpy.random.default_rng(seed)
    kl = numpy.empty(len(images))
    reconstruction = numpy.empty((draws, len(images)))
    for start in range(0, len(images), batch):
        rows = slice(start, start + batch)
        x = images[rows] / 255.0
        mean, log_variance = model.encode(x)
        kl[rows] = 0.5 * (numpy.exp(log_variance) + mean**2 - 1 - log_variance).sum(axis=1)
        for draw in range(draws):
            z = mean + numpy.exp(log_variance / 2) * random.standard_normal(mean.shape)
            reconstruction[draw, rows] = model.reconstruction_loss(z, x)
    return kl, reconstruction


def main():
    parser = argparse.ArgumentParser(description="test figures of a saved run, computed independently")
    parser.add_argument("model", type=pathlib.Path, help="a run directory, or a model.safetensors")
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder with IDX files, or one of images")
    parser.add_argument("--draws", type=int, default=5, help="draws of noise an example (default: 5)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the draws (default: 0)")
    parser.add_argument("--threshold", action="store_true", help="binarise: bytes of 128 and more become 1")
    arguments = parser.parse_args()

    path = arguments.model / "model.safetensors" if arguments.model.is_dir() else arguments.model
    metadata, tensors = read_safetensors(path)
    architecture = json.loads(metadata["architecture"])
    images = read_test_images(arguments.data)
    if images.shape[1] != architecture["input_count"]:
        sys.exit(f"{arguments.data}: expected {architecture['input_count']} pixels, found {images.shape[1]}")
    if arguments.threshold:
        images = numpy.where(images >= 128, numpy.uint8(255), numpy.uint8(0))

    kl, reconstruction = evaluate(Model(architecture, tensors), images, arguments.draws, arguments.seed)
    of_draws = reconstruction.mean(axis=1)
    error = of_draws.std(ddof=1) / len(of_draws) ** 0.5 if len(of_draws) > 1 else None
    print(
        json.dumps(
            {
                "test_negative_elbo": of_draws.mean() + kl.mean(),
                "test_reconstruction": of_draws.mean(),
                "test_kl": kl.mean(),
                "examples": len(images),
                "draws": arguments.draws,
                "standard_error": error,
            }
        )
    )


if __name__ == "__main__":
    main()
