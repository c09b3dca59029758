#!/usr/bin/env python3
"""Writes Tests/VAETrainerTests/Fixtures/other-writer.safetensors with the `safetensors` package.

A second program's idea of the format, for the tests of our reader. Needs numpy and safetensors.
"""

import pathlib

import numpy
from safetensors.numpy import save_file

path = pathlib.Path(__file__).resolve().parent.parent / "Tests/VAETrainerTests/Fixtures/other-writer.safetensors"
save_file(
    {
        # Value 10 i + j in row i, column j.
        "encoder.mean.weight": numpy.add.outer(10 * numpy.arange(2), numpy.arange(3)).astype(numpy.float32),
        "encoder.mean.bias": numpy.array([-0.5, numpy.inf], dtype=numpy.float32),
        "step": numpy.array(2**40 + 1, dtype=numpy.int64),
        "loss": numpy.array([1 / 3], dtype=numpy.float64),
        "empty": numpy.zeros((0, 5), dtype=numpy.float32),
        "bytes": numpy.arange(3, dtype=numpy.uint8),
    },
    path,
    metadata={"architecture": '{"activation": "relu"}', "note": 'quotes " and \\, lines\n, ε, 😀, \u0001'},
)
print(path, path.stat().st_size, "bytes")
