#!/usr/bin/env python3
"""Shows how the time of an epoch grows with cells, genes and the share of counts that are not zero.

Draws cells as make-cells.py does, in a few small sizes each, trains the default model of counts on each in turns, and fits
time = c · size^e by logarithms: e is 1 where time is in proportion. Time is that of the processor on one thread, which other
processes change less than the clock's: what some epochs more cost than one does, and so without reading, but with a pass over
the tenth that is held out. The first layer alone is timed by `vae-bench sparse`, forward and the weights' gradient. Needs the
packages of make-cells.py; run it with `env -u OPENBLAS_CORETYPE`.
"""

import argparse
import importlib.util
import json
import math
import pathlib
import resource
import shutil
import subprocess
import tempfile

import numpy as np
import scipy.sparse as sp

CELLS, GENES, DENSITY = 20_000, 2_000, 0.08
SIZES = {
    "cells": [(cells, GENES, DENSITY) for cells in (10_000, 20_000, 40_000)],
    "genes": [(CELLS, genes, DENSITY) for genes in (1_000, 2_000, 4_000)],
    "share not zero": [(CELLS, GENES, share) for share in (0.02, 0.04, 0.08, 0.16)],
}


def load_draw():
    path = pathlib.Path(__file__).with_name("make-cells.py")
    spec = importlib.util.spec_from_file_location("make_cells", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.draw


def write(draw, size, folder):
    """The path of an archive of cells of a size, and the share of its numbers that are not zero."""
    cells, genes, density = size
    path = folder / f"{cells}-{genes}-{density}.npz"
    matrix = draw(cells, genes, density, seed=1).X.astype(np.int32)
    sp.save_npz(path, matrix, compressed=False)
    return path, matrix.nnz / (cells * genes)


def processor_seconds(executable, path, folder, likelihood, epochs):
    """What a run of so many epochs takes of the processor."""
    run = folder / "run"
    command = [executable, "train", "--data", path, "--likelihood", likelihood, "--epochs", str(epochs), "--threads", "1",
               "--no-images", "--quiet", "--output", run]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([str(word) for word in command], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    shutil.rmtree(run)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def epoch(executable, path, folder, options):
    """What an epoch takes of the processor: the difference between several and one."""
    one, more = (processor_seconds(executable, path, folder, options.likelihood, 1 + more) for more in (0, options.epochs))
    return (more - one) / options.epochs


def exponent(sizes, seconds):
    """The slope of the logarithms."""
    return np.polyfit(np.log(sizes), np.log(seconds), 1)[0]


def first_layer(bench, genes):
    """The microseconds of a minibatch of 128 through a layer of 128 and back, by the share that is not zero."""
    command = [bench, "sparse", "--batch", "128", "--inputs", str(genes), "--outputs", "128", "--json"]
    report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    best = report["rows"][-1]["instruction_set"]
    return {row["share_not_zero"]: row["entries_microseconds"] for row in report["rows"] if row["instruction_set"] == best}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vae_train", type=pathlib.Path, help="the executable")
    parser.add_argument("--vae-bench", type=pathlib.Path, help="that of the benchmarks, for the first layer alone")
    parser.add_argument("--likelihood", default="nb")
    parser.add_argument("--epochs", type=int, default=3, help="how many more than one")
    parser.add_argument("--rounds", type=int, default=3, help="turns that every size is trained in, of which the fastest counts")
    options = parser.parse_args()
    executable = options.vae_train.resolve()
    draw = load_draw()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        files = {size: write(draw, size, folder) for sizes in SIZES.values() for size in sizes}
        seconds = {size: math.inf for size in files}
        for _ in range(options.rounds):
            for size, (path, _) in files.items():
                seconds[size] = min(seconds[size], epoch(executable, path, folder, options))
    print(f"seconds of one processor an epoch, --likelihood {options.likelihood}")
    for axis, (what, sizes) in enumerate(SIZES.items()):
        measures = [files[size][1] if what == "share not zero" else size[axis] for size in sizes]
        for measure, size in zip(measures, sizes):
            print(f"  {what} {measure:.3g}: {seconds[size]:.3f}")
        print(f"  exponent of {what}: {exponent(measures, [seconds[size] for size in sizes]):.2f}")
    if options.vae_bench:
        layers = {genes: first_layer(options.vae_bench.resolve(), genes) for genes in (1_000, 2_000, 4_000)}
        print("the first layer alone, 128 cells × genes × 128, forward and its weights' gradient, microseconds on one thread")
        shares = [share for share in layers[GENES] if 0.02 <= share <= 0.2]
        for share in shares:
            print(f"  {GENES} genes, share not zero {share:.2f}: {layers[GENES][share]:.0f}")
        print(f"  exponent of share not zero: {exponent(shares, [layers[GENES][share] for share in shares]):.2f}")
        genes = list(layers)
        print(f"  exponent of genes at a share of 0.1: {exponent(genes, [layers[g][0.1] for g in genes]):.2f}")


if __name__ == "__main__":
    main()
