#!/usr/bin/env python3
"""Trains the setting of scVI here and in scvi-tools on the same cells, in turns, and compares time, memory and losses.

Each run is a process of its own, so that its peak memory and its time from launch to trained are its own. Both train on the
same nine tenths of the cells for the same number of epochs; the losses are of the other tenth, in nats a cell. Needs
scvi-tools and anndata. The cells' batch is told to the decoder where --batch names a column of obs.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time


def peer(path, likelihood, batch, epochs, seed, threads):
    """scvi-tools' side, in a process of its own: one line of JSON."""
    import logging
    import warnings

    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    import anndata
    import lightning.pytorch as lightning
    import numpy as np
    import scvi
    import torch

    torch.set_num_threads(threads)
    scvi.settings.seed = seed
    cells = anndata.read_h5ad(path)
    scvi.model.SCVI.setup_anndata(cells, batch_key=batch)
    model = scvi.model.SCVI(cells, gene_likelihood=likelihood)
    held_out = (cells.obs["split"] == "test").to_numpy()
    seconds = []

    class Clock(lightning.Callback):
        def on_train_epoch_start(self, *_):
            self.start = time.perf_counter()

        def on_train_epoch_end(self, *_):
            seconds.append(time.perf_counter() - self.start)

    model.train(
        max_epochs=epochs, accelerator="cpu", enable_progress_bar=False, callbacks=[Clock()],
        datasplitter_kwargs={"external_indexing": [np.flatnonzero(~held_out), np.flatnonzero(held_out)]})
    trained = time.time()
    test = np.flatnonzero(held_out)
    reconstruction = model.get_reconstruction_error(indices=test)
    reconstruction = reconstruction["reconstruction_loss"] if isinstance(reconstruction, dict) else reconstruction
    print(
        json.dumps(
            {
                "seconds": seconds, "trained": trained, "elbo": abs(float(model.get_elbo(indices=test))),
                "reconstruction": abs(float(reconstruction)),
                "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }))


def prepare(data, batch, path):
    """Writes the cells with a column that says which are held out; prints how many there are of what."""
    import anndata
    import numpy as np
    import scanpy
    import scipy.sparse

    cells = scanpy.read_10x_mtx(data) if os.path.isdir(data) else anndata.read_h5ad(data)
    cells.var_names_make_unique()
    order = np.random.default_rng(0).permutation(cells.n_obs)
    is_held_out = np.isin(np.arange(cells.n_obs), order[: cells.n_obs // 10])
    cells.obs["split"] = np.where(is_held_out, "test", "train")
    columns = ["split"] + ([batch] if batch else [])
    matrix = scipy.sparse.csr_matrix(cells.X).astype(np.float32)
    anndata.AnnData(matrix, obs=cells.obs[columns], var=cells.var[[]]).write_h5ad(path)
    print(json.dumps(list(cells.shape)))


def apart(role, *arguments):
    """What one of the functions above prints last, of a process of its own: one that has loaded little has a peak memory of its
    own when it becomes another program."""
    result = subprocess.run(
        [sys.executable, __file__, role, json.dumps(arguments)], capture_output=True, text=True)
    if result.returncode:
        sys.exit(result.stderr[-2000:])
    return json.loads(result.stdout.strip().splitlines()[-1])


def own(executable, path, likelihood, batch, epochs, seed, threads):
    with tempfile.TemporaryDirectory() as folder:
        command = [
            executable, "train", "--data", path, "--preset", "scvi", "--likelihood", likelihood, "--split-column", "split",
            "--epochs", str(epochs), "--seed", str(seed), "--threads", str(threads), "--no-images", "--json", "--output",
            f"{folder}/run",
        ] + (["--batch-column", batch] if batch else [])
        start = time.time()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            sys.exit(process.stderr.read())
        lines = [json.loads(line) for line in open(f"{folder}/run/metrics.jsonl")]
        return {
            "seconds": [line["seconds"] for line in lines], "launch": time.time() - start,
            "elbo": lines[-1]["test_negative_elbo"], "reconstruction": lines[-1]["test_reconstruction"],
            "megabytes": usage.ru_maxrss / 1024,
        }


def theirs(path, likelihood, batch, epochs, seed, threads):
    start = time.time()
    found = apart("--peer", path, likelihood, batch, epochs, seed, threads)
    found["launch"] = found.pop("trained") - start
    return found


def main():
    if len(sys.argv) == 3 and sys.argv[1] in ("--peer", "--prepare"):
        return (peer if sys.argv[1] == "--peer" else prepare)(*json.loads(sys.argv[2]))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("executable")
    parser.add_argument("data", nargs="+", help=".h5ad files, or folders of 10x, with counts in X")
    parser.add_argument("--batch", help="column of obs")
    parser.add_argument("--likelihoods", default="nb,zinb")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--output", help="write all figures as JSON")
    options = parser.parse_args()
    if os.environ.get("OPENBLAS_CORETYPE"):
        sys.exit("OPENBLAS_CORETYPE is set: unset it, it is for one side alone")
    rows = []
    for data in options.data:
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/cells.h5ad"
            cells, genes = apart("--prepare", data, options.batch, path)
            for likelihood in options.likelihoods.split(","):
                sides = {"own": [], "scvi-tools": []}
                for seed in map(int, options.seeds.split(",")):
                    sides["own"].append(
                        own(options.executable, path, likelihood, options.batch, options.epochs, seed, options.threads))
                    sides["scvi-tools"].append(
                        theirs(path, likelihood, options.batch, options.epochs, seed, options.threads))
                row = {
                    "data": os.path.basename(data.rstrip("/")), "cells": cells, "genes": genes, "likelihood": likelihood,
                    "sides": sides,
                }
                rows.append(row)

                def best(side):
                    return min(min(run["seconds"][1:] or run["seconds"]) for run in sides[side])

                def mean(side, key):
                    return statistics.mean(run[key] for run in sides[side])

                print(f"{row['data']} {row['cells']} x {row['genes']} {likelihood}")
                for side in sides:
                    print(
                        f"  {side:11} {best(side):8.3f} s/epoch  launch to trained {min(r['launch'] for r in sides[side]):7.2f} s"
                        f"  {mean(side, 'megabytes'):6.0f} MB  ELBO {mean(side, 'elbo'):10.3f}"
                        f"  reconstruction {mean(side, 'reconstruction'):10.3f}")
                print(
                    f"  ratio       {best('scvi-tools') / best('own'):8.2f}                            "
                    f"{min(r['launch'] for r in sides['scvi-tools']) / min(r['launch'] for r in sides['own']):7.2f}"
                    f"  {mean('scvi-tools', 'megabytes') / mean('own', 'megabytes'):8.2f}"
                    f"  {mean('own', 'elbo') / mean('scvi-tools', 'elbo') - 1:+15.3%}"
                    f"  {mean('own', 'reconstruction') / mean('scvi-tools', 'reconstruction') - 1:+24.3%}", flush=True)
    if options.output:
        with open(options.output, "w") as file:
            json.dump(rows, file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    main()
