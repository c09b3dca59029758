"""Ranking of unlabelled rows: the area under the ROC curve of every side's scores, on ADBench's sets.

Every side is trained on all rows without their labels, and scores the same rows. All standardise the columns.

PyOD's VAE comes in three settings, for what its source makes of its options (version 3.6.7, pyod/models/vae.py; version
2 has the same loss). The loss of a row is the *mean* over its D columns of the squared error, plus beta times the KL
divergence summed over the latent dimensions and clamped to at most `capacity`.

* As it comes: capacity 0 clamps the KL to a constant 0, whose gradient is 0. The KL never acts: nothing keeps the
  posterior from narrowing to a point, and the model is an autoencoder with two latent dimensions and dropout.
* beta 1 with capacity None, so that the KL acts. Against a mean over columns that is a Gaussian of variance D/2 for
  columns of variance 1: coding pays only along a direction that has more than half of all variance. On most sets the
  posterior collapses, the reconstruction is the mean, and the score the norm of the standardised row.
* beta 0.2/D: the ELBO of a Gaussian with variance 0.1 (times 0.2/D), with ten latent dimensions, which the KL then
  uses as it needs. Epochs, widths, dropout and optimiser as they come; batches of 128.
"""

import time

import numpy as np
import torch
from pyod.models.iforest import IForest
from pyod.models.pca import PCA
from pyod.models.vae import VAE
from sklearn.metrics import roc_auc_score

from tabular import program as programs
from tabular import report
from tabular.clock import Clock

PACKAGES = ["pyod", "torch", "scikit-learn", "numpy"]
OURS, VAE_DEFAULTS, VAE_WEIGHTED = "vae-train", "PyOD VAE", "PyOD VAE, β 0.2/D"


class TimedVAE(VAE):
    """Takes the time of the training loop alone; `fit` scores all rows as well."""

    def train(self, loader):
        start = time.perf_counter()
        super().train(loader)
        self.training_seconds = time.perf_counter() - start


def pyod_vae(x, seed, **settings):
    detector = TimedVAE(random_state=seed, verbose=0, **settings).fit(x)
    return detector.decision_scores_, {"training_seconds": detector.training_seconds}


def pyod_pca(x, seed):
    """Its default keeps every component and divides by its variance, which is 0 where columns depend on each other
    (fault, optdigits): there as many components as the columns have dimensions."""
    dimensions = int(np.linalg.matrix_rank(standardized(x)))
    components = dimensions if dimensions < x.shape[1] else None
    return PCA(n_components=components, random_state=seed).fit(x).decision_scores_, {"components": components}


def standardized(x):
    deviation = x.std(axis=0)
    return (x - x.mean(axis=0)) / np.where(deviation > 0, deviation, 1)


PEERS = {
    VAE_DEFAULTS: pyod_vae,
    "PyOD VAE, β 1": lambda x, seed: pyod_vae(x, seed, beta=1, capacity=None, batch_size=128),
    VAE_WEIGHTED: lambda x, seed: pyod_vae(
        x, seed, beta=0.2 / x.shape[1], capacity=None, latent_dim=10, batch_size=128
    ),
    "PyOD PCA": pyod_pca,
    "PyOD IForest": lambda x, seed: (IForest(random_state=seed).fit(x).decision_scores_, {}),
    "norm of the row": lambda x, _: (np.linalg.norm(standardized(x), axis=1), {}),
}


def ours(program, path, seed):
    with programs.folder() as folder:
        times = program.train(path, folder / "run", seed)
        scores, times["scoring_seconds"] = program.score(folder / "run", path, folder / "scores.csv")
        return np.array(scores), times


def compare(paths, seeds, program, threads, progress):
    """{set: {"rows", "columns", "anomalies", "sides": {side: [one entry a seed]}}}"""
    torch.set_num_threads(threads)
    sets = {}
    for path in paths:
        with np.load(path) as file:
            x, y = file["X"].astype(np.float64), file["y"]
        sides = dict(PEERS)
        if program:
            sides = {OURS: lambda _, seed, path=path: ours(program, path, seed), **sides}
        entries = {side: [] for side in sides}
        for turn, seed in enumerate(seeds):
            # In turns, and another first each time.
            order = list(sides)
            for side in order[turn % len(order) :] + order[: turn % len(order)]:
                clock = Clock()
                scores, entry = sides[side](x, seed)
                times = clock.times()
                if scores.shape != y.shape or not np.isfinite(scores).all():
                    raise SystemExit(
                        f"{path}: {side}: expected {len(y)} finite scores, found {np.isfinite(scores).sum()}"
                    )
                entry = {"seed": seed, "auroc": 100 * float(roc_auc_score(y, scores)), **times, **entry}
                entries[side].append(entry)
                progress(f"{path.stem}, seed {seed}: {side}: {entry['auroc']:.2f}, {times['all_seconds']:.1f} s")
        sets[path.stem] = {
            "rows": len(x),
            "columns": x.shape[1],
            "anomalies": float(np.mean(y)),
            "sides": entries,
        }
    return sets


def summary(sets):
    """Means over seeds and sets, training seconds of all sets, and how many times longer than ours."""
    result = {}
    for side in next(iter(sets.values()))["sides"]:
        entries = [entry["sides"][side] for entry in sets.values()]
        line = {"auroc": float(np.mean([report.mean(runs, "auroc") for runs in entries]))}
        if "training_seconds" in entries[0][0]:
            line["training_seconds"] = sum(report.mean(runs, "training_seconds") for runs in entries)
        line["all_seconds"] = sum(report.mean(runs, "all_seconds") for runs in entries)
        result[side] = line
    if OURS in result:
        for line in result.values():
            if "training_seconds" in line:
                line["times_as_long"] = line["training_seconds"] / result[OURS]["training_seconds"]
    return result


def markdown(sets, totals, facts, seeds):
    sides = list(totals)
    timed = [side for side in (OURS, VAE_DEFAULTS, VAE_WEIGHTED) if side in totals]
    header = ["set", "rows × columns", "anomalies", *sides, f"training, s: {'; '.join(timed)}"]
    rows = []
    for name, entry in sets.items():
        areas = [report.mean(entry["sides"][side], "auroc") for side in sides]
        cells = report.best_in_bold(areas)
        seconds = "; ".join(f"{report.mean(entry['sides'][side], 'training_seconds'):.1f}" for side in timed)
        shape = f"{entry['rows']:,} × {entry['columns']}"
        rows.append([name, shape, f"{100 * entry['anomalies']:.1f} %", *cells, seconds])
    cells = report.best_in_bold([totals[side]["auroc"] for side in sides])
    seconds = "; ".join(
        f"{totals[side]['training_seconds']:.1f}"
        + (f" ({totals[side]['times_as_long']:.1f} ×)" if side != OURS and OURS in totals else "")
        for side in timed
    )
    rows.append(["mean; sum of times", "", "", *cells, seconds])
    note = (
        f"Area under the ROC curve, times 100, mean of {report.count(len(seeds), 'seed')}. Training without reading, "
        f"scoring and pictures. {report.caption(facts)}"
    )
    return report.table(header, rows) + "\n\n" + note
