#!/usr/bin/env python3
"""Writes Tests/TestSupport/Fixtures/ByColumn/table.json: −log p of the columns of a table, by scipy.stats in float64.

A second witness beside the reference in Swift. Numbers are ones that float32 holds exactly; x is 0 where it is missing.
Needs numpy and scipy.

Usage: python3 Scripts/make-by-column-fixtures.py
"""

import json
import pathlib

import numpy
from scipy import stats
from scipy.special import log_softmax

FLOOR = 2 * numpy.log(0.01)
COLUMNS = [("gaussian", 3), ("categorical", 4), ("bernoulli", 2), ("poisson", 3), ("gaussian", 1), ("categorical", 2)]
ROWS = 12

random = numpy.random.default_rng(1)


def single(values):
    return numpy.asarray(values, numpy.float32).astype(float)


outputs, x, mask, losses, parameters = [], [], [], [], []
for family, number in COLUMNS:
    for _ in range(1 if family == "categorical" else number):
        width = number if family == "categorical" else 1
        a = single(random.normal(0, 2, (ROWS, width)))
        if family == "gaussian":
            # From far below the floor to far above it.
            b = [-14, -9, 0, 2][len(parameters)]
            deviation = numpy.exp((FLOOR + numpy.logaddexp(0, b - FLOOR)) / 2)
            value = single(a + deviation * random.normal(size=a.shape))
            loss = -stats.norm.logpdf(value, a, deviation)[:, 0]
            parameters.append(b)
        elif family == "bernoulli":
            value = single(random.integers(0, 2, a.shape))
            loss = -stats.bernoulli.logpmf(value, 1 / (1 + numpy.exp(-a)))[:, 0]
        elif family == "categorical":
            value = numpy.eye(width)[random.integers(0, width, ROWS)]
            loss = -(value * log_softmax(a, axis=1)).sum(1)
        else:
            rates = numpy.array([0.01, 0.5, 1, 3, 10, 40, 300, 1e4, 1e6, 5, 2, 0.1])
            value = single(random.poisson(rates))[:, None]
            a = single(numpy.log(rates) + random.normal(0, 0.1, ROWS) / numpy.sqrt(1 + rates))[:, None]
            loss = -stats.poisson.logpmf(value, numpy.exp(a))[:, 0]
        known = single(random.random((ROWS, 1)) < 0.75)
        outputs.append(a)
        x.append(value * known)
        mask.append(known.repeat(width, 1))
        losses.append(loss * known[:, 0])

fixture = {
    "likelihood": " ".join(["by-column"] + [f"{family} {number}" for family, number in COLUMNS]),
    "parameters": parameters,
    "outputs": numpy.hstack(outputs).tolist(),
    "x": numpy.hstack(x).tolist(),
    "mask": numpy.hstack(mask).tolist(),
    "columnLosses": numpy.stack(losses, 1).tolist(),
}
folder = pathlib.Path(__file__).resolve().parent.parent / "Tests/TestSupport/Fixtures/ByColumn"
folder.mkdir(exist_ok=True)
lines = []
for key, value in fixture.items():
    if isinstance(value, list) and isinstance(value[0], list):
        rows = ",\n    ".join(json.dumps(row) for row in value)
        lines.append(f'  "{key}": [\n    {rows}\n  ]')
    else:
        lines.append(f'  "{key}": {json.dumps(value)}')
(folder / "table.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
