"""Filling of cells removed at random: how far the fillings are from what was there.

The same fifth of the cells is removed for every side. The figure is the root mean square of (filled - true) / s over
all removed cells, s the standard deviation of the cell's column in the complete data; filling with means of columns
is near 1. The peers get the columns standardised by what is left of them, as the distances of KNNImputer need;
vae-train reads the table as it is, with empty cells, trains on it, and fills it: with its defaults, and trained for
filling in, on the importance-weighted bound of as many samples and latent dimensions as in Mattei and Frellsen 2019
(MIWAE), the same for every set.
"""

import shlex
import warnings

import numpy as np
import pandas as pd
from sklearn.exceptions import ConvergenceWarning
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.impute import IterativeImputer, KNNImputer

from tabular import program as programs
from tabular import report
from tabular.clock import Clock

PACKAGES = ["scikit-learn", "numpy"]
SETS = ["magic.gamma", "pendigits", "satimage-2"]
REMOVED = 0.2
OURS, WEIGHTED, MEAN = "vae-train", "vae-train, iwae 20", "column mean"
WEIGHTED_OPTIONS = [
    "--objective", "iwae 20", "--latent", "10", "--epochs", "100", "--learning-rate", "0.004", "--schedule", "cosine",
]  # fmt: skip


def remove(x, seed):
    """A mask with exactly a fifth of the cells, none of which empties a whole column."""
    mask = np.zeros(x.size, dtype=bool)
    mask[np.random.default_rng(seed).permutation(x.size)[: round(REMOVED * x.size)]] = True
    return mask.reshape(x.shape)


def standardized(incomplete, fill):
    """What `fill` makes of the columns with mean 0 and variance 1, in the columns' own units."""
    centre, scale = np.nanmean(incomplete, axis=0), np.nanstd(incomplete, axis=0)
    scale = np.where(scale > 0, scale, 1)
    return fill((incomplete - centre) / scale) * scale + centre


def column_mean(incomplete, _):
    return np.where(np.isnan(incomplete), np.nanmean(incomplete, axis=0), incomplete), {}


def iterative(incomplete, seed):
    imputer = IterativeImputer(random_state=seed)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        filled = standardized(incomplete, imputer.fit_transform)
    converged = not any(issubclass(warning.category, ConvergenceWarning) for warning in caught)
    return filled, {"rounds": imputer.n_iter_, "max_iter": imputer.max_iter, "converged": converged}


def neighbours(incomplete, _):
    return standardized(incomplete, KNNImputer().fit_transform), {}


PEERS = {MEAN: column_mean, "IterativeImputer": iterative, "KNNImputer": neighbours}


def ours(program, incomplete, seed, options=()):
    names = [f"column_{index}" for index in range(incomplete.shape[1])]
    with programs.folder() as folder:
        table = folder / "incomplete.csv"
        # 17 digits are the number itself; whole numbers stay whole.
        pd.DataFrame(incomplete, columns=names).to_csv(table, index=False, float_format="%.17g")
        times = program.train(table, folder / "run", seed, options)
        times["imputing_seconds"] = program.impute(folder / "run", table, folder / "filled.csv")
        filled = pd.read_csv(folder / "filled.csv")
    if list(filled.columns) != names or len(filled) != len(incomplete):
        raise SystemExit(
            f"vae-train impute: expected {len(incomplete)} rows of {', '.join(names)}, "
            f"found {len(filled)} of {', '.join(map(str, filled.columns))}"
        )
    return filled.to_numpy(dtype=np.float64), times


def compare(folder, names, seeds, program, progress):
    """{set: {"rows", "columns", "sides": {side: [one entry a seed]}}}"""
    sets = {}
    for name in names:
        with np.load(folder / f"{name}.npz") as file:
            complete = file["X"].astype(np.float64)
        deviation = complete.std(axis=0)
        if not (deviation > 0).all():
            raise SystemExit(f"{name}.npz: expected columns that vary, found {(deviation == 0).sum()} that do not")
        sides = dict(PEERS)
        if program:
            own = {
                OURS: lambda incomplete, seed: ours(program, incomplete, seed),
                WEIGHTED: lambda incomplete, seed: ours(program, incomplete, seed, WEIGHTED_OPTIONS),
            }
            sides = {**own, **sides}
        entries = {side: [] for side in sides}
        for turn, seed in enumerate(seeds):
            mask = remove(complete, seed)
            order = list(sides)
            for side in order[turn % len(order) :] + order[: turn % len(order)]:
                clock = Clock()
                filled, entry = sides[side](np.where(mask, np.nan, complete), seed)
                times = clock.times()
                check(filled, complete, mask, f"{name}: {side}")
                error = float(np.sqrt(np.mean(((filled - complete) / deviation)[mask] ** 2)))
                entries[side].append({"seed": seed, "rmse": error, **times, **entry})
                progress(f"{name}, seed {seed}: {side}: {error:.4f}, {times['all_seconds']:.1f} s")
        sets[name] = {"rows": len(complete), "columns": complete.shape[1], "sides": entries}
    return sets


def check(filled, complete, mask, place):
    if not np.isfinite(filled).all():
        raise SystemExit(f"{place}: expected every cell filled, found {(~np.isfinite(filled)).sum()} that are not")
    # Seven digits: a cell that was there may have been a Float on its way.
    changed = ~np.isclose(filled, complete, rtol=1e-6, atol=1e-6 * complete.std(axis=0)) & ~mask
    if changed.any():
        row, column = np.argwhere(changed)[0]
        raise SystemExit(
            f"{place}: row {row}, column {column}: expected {complete[row, column]}, which was there, "
            f"found {filled[row, column]}"
        )


def markdown(sets, facts, seeds):
    sides = list(next(iter(sets.values()))["sides"])
    rows = []
    for name, entry in sets.items():
        errors = report.best_in_bold([report.mean(entry["sides"][side], "rmse") for side in sides], digits=3, best=min)
        seconds = "; ".join(f"{report.mean(entry['sides'][side], 'all_seconds'):.1f}" for side in sides if side != MEAN)
        rows.append([name, f"{entry['rows']:,} × {entry['columns']}", *errors, seconds])
    header = ["set", "rows × columns", *sides, f"seconds: {'; '.join(side for side in sides if side != MEAN)}"]
    rounds = [run for entry in sets.values() for run in entry["sides"]["IterativeImputer"]]
    converged = sum(run["converged"] for run in rounds)
    note = (
        f"Root mean square error, in standard deviations of a column, over the {100 * REMOVED:.0f} % of the cells that "
        f"were removed; mean of {report.count(len(seeds), 'seed')}. Seconds of all it takes, for vae-train both "
        f"processes; iwae 20: {shlex.join(WEIGHTED_OPTIONS)}. IterativeImputer stops after {rounds[0]['max_iter']} rounds, and had converged in {converged} of "
        f"{report.count(len(rounds), 'run')}. {report.caption(facts)}"
    )
    return report.table(header, rows) + "\n\n" + note
