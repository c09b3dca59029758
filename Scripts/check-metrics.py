#!/usr/bin/env python3
"""Checks that a metrics.jsonl has the promised names, finite numbers and as many lines as epochs.

usage: check-metrics.py METRICS EPOCHS
"""

import json
import math
import sys

NAMES = [
    "epoch", "train_negative_elbo", "train_reconstruction", "train_kl", "test_negative_elbo",
    "test_reconstruction", "test_kl", "objective", "learning_rate", "seconds", "examples_per_second",
]

path, epochs = sys.argv[1], int(sys.argv[2])
with open(path, encoding="utf-8") as file:
    lines = [json.loads(line) for line in file]
if len(lines) != epochs:
    sys.exit(f"{path}: expected {epochs} lines, found {len(lines)}")
for number, line in enumerate(lines, start=1):
    for name in NAMES:
        value = line.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            sys.exit(f"{path}: line {number}: expected a finite number as {name}, found {value!r}")
    if line["epoch"] != number:
        sys.exit(f"{path}: line {number}: expected epoch {number}, found {line['epoch']}")
print(f"{path}: {epochs} lines, every number finite")
