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
        self.architecture = architecture
        self.tensors = tensors
        self.activation = ACTIVATIONS[architecture["activation"]]

    def dense(self, name, x):
        weight = self.tensors[f"{name}.weight"]  # [out, in]
        return x @ weight.T + self.tensors[f"{name}.bias"]

    def hidden(self, name, widths, x):
        for index, width in enumerate(widths):
            x = self.activation(self.dense(f"{name}.hidden.{index}", x))
            assert x.shape[1] == width
        return x

    def encode(self, x):
        h = self.hidden("encoder", self.architecture["encoder_hidden"], x)
        return self.dense("encoder.mean", h), self.dense("encoder.log_variance", h)

    def reconstruction_loss(self, z, x):
        """-log p(x|z) of each example."""
        output = self.dense("decoder.output", self.hidden("decoder", self.architecture["decoder_hidden"], z))
        if self.architecture["likelihood"] == "bernoulli":
            # x log(1 + e^-a) + (1 - x) log(1 + e^a)
            return (x * numpy.logaddexp(0, -output) + (1 - x) * numpy.logaddexp(0, output)).sum(axis=1)
        variance = self.architecture["variance"]
        return (0.5 * (x - output) ** 2 / variance + 0.5 * numpy.log(2 * numpy.pi * variance)).sum(axis=1)


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
