#!/usr/bin/env python3
"""What the latents of cells are worth, here, in scvi-tools and of principal components: the same rows and figures for all.

With labels, adjusted Rand index and normalised mutual information of the labels and of clusters of the posterior means: of
k-means with as many clusters as labels, ten starts, and of Leiden at a resolution of 1 on 15 neighbours. With a batch, each
model without and with it told to the decoder, and how batches mix: the share of a cell's 15 nearest neighbours that are of
another batch, by what it would be if they were drawn from all cells, and the silhouette by batch (0 is mixed) and by label.
Principal components are 50 of log-normalised counts. Needs scvi-tools, scanpy, leidenalg and scikit-learn.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings


def latent_of_own(executable, path, batch, preset, seed, epochs, threads):
    import numpy as np

    with tempfile.TemporaryDirectory() as folder:
        command = [executable, "train", "--data", path, "--seed", str(seed), "--threads", str(threads), "--no-images"]
        command += ["--quiet", "--output", f"{folder}/run"]
        command += ["--preset", "scvi"] if preset else []
        command += ["--epochs", str(epochs)] if epochs else []
        command += ["--batch-column", batch] if batch else []
        start = time.perf_counter()
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        seconds = time.perf_counter() - start
        subprocess.run(
            [executable, "encode", f"{folder}/run", "--set", "all", "--output", f"{folder}/z.npy"], check=True,
            stdout=subprocess.DEVNULL)
        return np.load(f"{folder}/z.npy"), seconds


def latent_of_peer(path, batch, seed, epochs, threads):
    import anndata
    import scvi
    import torch

    torch.set_num_threads(threads)
    scvi.settings.seed = seed
    cells = anndata.read_h5ad(path)
    start = time.perf_counter()
    scvi.model.SCVI.setup_anndata(cells, batch_key=batch)
    model = scvi.model.SCVI(cells)
    model.train(max_epochs=epochs, accelerator="cpu", enable_progress_bar=False)
    return model.get_latent_representation(), time.perf_counter() - start


def components(path):
    import anndata
    import scanpy

    cells = anndata.read_h5ad(path)
    scanpy.pp.normalize_total(cells)
    scanpy.pp.log1p(cells)
    scanpy.pp.pca(cells, n_comps=50)
    return cells.obsm["X_pca"], 0.0


def figures(latent, labels, batches, seed):
    import anndata
    import numpy as np
    import scanpy
    from sklearn.cluster import KMeans
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score, silhouette_score
    from sklearn.neighbors import NearestNeighbors

    found = {}
    if labels is not None:
        clusters = KMeans(len(set(labels)), n_init=10, random_state=seed).fit_predict(latent)
        cells = anndata.AnnData(np.asarray(latent, dtype=np.float32))
        scanpy.pp.neighbors(cells, use_rep="X", n_neighbors=15, random_state=seed)
        scanpy.tl.leiden(cells, resolution=1, flavor="igraph", n_iterations=2, random_state=seed)
        for name, these in (("k-means", clusters), ("Leiden", cells.obs["leiden"])):
            found[f"ARI {name}"] = adjusted_rand_score(labels, these)
            found[f"NMI {name}"] = normalized_mutual_info_score(labels, these)
    if batches is not None:
        places = NearestNeighbors(n_neighbors=16).fit(latent).kneighbors(latent)[1][:, 1:]
        other = np.mean(batches[places] != batches[:, None])
        shares = np.unique(batches, return_counts=True)[1] / len(batches)
        found["mixing"] = other / (1 - np.sum(shares**2))
        found["silhouette batch"] = silhouette_score(latent, batches)
        if labels is not None:
            found["silhouette label"] = silhouette_score(latent, labels)
    return found


def main():
    warnings.filterwarnings("ignore")
    import logging

    logging.disable(logging.CRITICAL)
    import anndata

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("executable")
    parser.add_argument("data", nargs="+", help=".h5ad files with counts in X, and obs columns label, batch or both")
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--epochs", type=int, help="for scvi-tools and the preset (default: their own)")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--sides", default="principal components,scvi-tools,preset scvi,default", help="those to run")
    parser.add_argument("--output", help="write all figures as JSON")
    options = parser.parse_args()
    if os.environ.get("OPENBLAS_CORETYPE"):
        sys.exit("OPENBLAS_CORETYPE is set: unset it, it is for one side alone")
    rows = []
    for path in options.data:
        cells = anndata.read_h5ad(path)
        labels = cells.obs["label"].to_numpy() if "label" in cells.obs else None
        batches = cells.obs["batch"].to_numpy() if "batch" in cells.obs else None
        print(f"{os.path.basename(path)} {cells.n_obs} x {cells.n_vars}", flush=True)
        sides = {"principal components": lambda seed: components(path)}
        for batch in [None, "batch"] if batches is not None else [None]:
            told = "" if batches is None else ", batch told" if batch else ", not told"
            rest = (options.epochs, options.threads)
            sides[f"scvi-tools{told}"] = lambda seed, batch=batch: latent_of_peer(path, batch, seed, *rest)
            sides[f"preset scvi{told}"] = lambda seed, batch=batch: latent_of_own(
                options.executable, path, batch, True, seed, *rest)
            sides[f"default{told}"] = lambda seed, batch=batch: latent_of_own(
                options.executable, path, batch, False, seed, None, options.threads)
        wanted = options.sides.split(",")
        sides = {side: latent for side, latent in sides.items() if side.split(", ")[0] in wanted}
        found = {side: [] for side in sides}
        for seed in map(int, options.seeds.split(",")):
            for side, latent in sides.items():
                values, seconds = latent(seed)
                found[side].append({**figures(values, labels, batches, seed), "seconds": seconds})
        for side, runs in found.items():
            words = []
            for key in runs[0]:
                values = [run[key] for run in runs]
                spread = f" ({min(values):.3f}-{max(values):.3f})" if key != "seconds" else ""
                words.append(f"{key} {statistics.mean(values):.3f}{spread}")
            print(f"  {side:24} " + "  ".join(words), flush=True)
        rows.append({"data": os.path.basename(path), "cells": cells.n_obs, "genes": cells.n_vars, "sides": found})
        if options.output:
            with open(options.output, "w") as file:
                json.dump(rows, file, indent=1)
                file.write("\n")


if __name__ == "__main__":
    main()
