#!/usr/bin/env python3
"""Writes Tests/VAETrainerTests/Fixtures/*.safetensors with the `safetensors` package.

A second program's idea of the format, for the tests of our reader. Needs numpy, ml_dtypes and safetensors.
"""

import pathlib

import ml_dtypes
import numpy
from safetensors.numpy import save_file

folder = pathlib.Path(__file__).resolve().parent.parent / "Tests/VAETrainerTests/Fixtures"


def write(name, tensors, metadata=None):
    path = folder / f"{name}.safetensors"
    save_file(tensors, path, metadata=metadata)
    print(path, path.stat().st_size, "bytes")


write(
    "other-writer",
    {
        # Value 10 i + j in row i, column j.
        "encoder.mean.weight": numpy.add.outer(10 * numpy.arange(2), numpy.arange(3)).astype(numpy.float32),
        "encoder.mean.bias": numpy.array([-0.5, numpy.inf], dtype=numpy.float32),
        "step": numpy.array(2**40 + 1, dtype=numpy.int64),
        "loss": numpy.array([1 / 3], dtype=numpy.float64),
        "empty": numpy.zeros((0, 5), dtype=numpy.float32),
        "bytes": numpy.arange(3, dtype=numpy.uint8),
    },
    {"architecture": '{"activation": "relu"}', "note": 'quotes " and \\, lines\n, ε, 😀, \u0001'},
)

# A model of 3 inputs and 2 latent dimensions without hidden layers, saved again: no metadata, each tensor in a precision
# that holds it exactly, and others that belong to no model.
write(
    "saved-again",
    {
        "encoder.mean.weight": numpy.array([[0, 1, 2], [10, 11, 12]], numpy.float16),
        "encoder.mean.bias": numpy.array([0.5, -0.5], ml_dtypes.bfloat16),
        "encoder.log_variance.weight": numpy.array([[100, 101, 102], [110, 111, 112]], ml_dtypes.bfloat16),
        "encoder.log_variance.bias": numpy.array([0, 0.25], numpy.float64),
        "decoder.output.weight": numpy.array([[0, 1], [10, 11], [20, 21]], numpy.float64),
        "decoder.output.bias": numpy.array([1, 2, 3], numpy.float32),
        "scale": numpy.array([1, 2, 4], ml_dtypes.float8_e8m0fnu),
        "mask": numpy.array([True, False, True]),
        "phase": numpy.array([1j, 1], numpy.complex64),
    },
)
