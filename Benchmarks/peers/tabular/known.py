"""A generated table whose dependencies are known, and how much of them is left in rows drawn by each side.

A workshop's readings, t and e standard normal:

    temperature  60 + 8 t
    pressure     5 + 0.5 (0.8 t + 0.6 e)                       correlation with temperature 0.8
    vibration    N(3, 0.3²) with probability 0.35, else N(1, 0.2²)   almost nothing between 1.6 and 2.1
    machine      lathe, mill or press, by the softmax of (t, 2 · [vibration high] − 0.5, −t)
    alarm        yes with probability 0.85, 0.4 or 0.1, by the machine
    faults       Poisson with mean exp(0.3 + 0.6 t)
"""

import numpy as np
import pandas as pd
from scipy.stats import ks_2samp

from tabular import report
from tabular.clock import Clock
from tabular.synthesizers import OURS, PEER, REAL, sides

ROWS = 20_000
CATEGORIES = ["machine", "alarm"]
NUMBERS = ["temperature", "pressure", "vibration", "faults"]
MACHINES = ["lathe", "mill", "press"]
TRUTH = "truth"


def table(rows, seed):
    generator = np.random.default_rng(seed)
    t, e = generator.standard_normal((2, rows))
    high = generator.random(rows) < 0.35
    vibration = np.where(high, generator.normal(3, 0.3, rows), generator.normal(1, 0.2, rows))
    # The greatest of logits with Gumbel noise is a draw from their softmax.
    logits = np.stack([t, 2.0 * high - 0.5, -t]) + generator.gumbel(size=(3, rows))
    machine = logits.argmax(axis=0)
    alarm = generator.random(rows) < np.array([0.85, 0.4, 0.1])[machine]
    return pd.DataFrame(
        {
            "temperature": np.round(60 + 8 * t, 3),
            "pressure": np.round(5 + 0.5 * (0.8 * t + 0.6 * e), 4),
            "vibration": np.round(vibration, 4),
            "machine": np.array(MACHINES)[machine],
            "alarm": np.where(alarm, "yes", "no"),
            "faults": generator.poisson(np.exp(0.3 + 0.6 * t)),
        }
    )


def figures(rows, truth):
    """{name: [numbers]} of some rows; those that compare do so with `truth`."""
    correlations = rows[NUMBERS].corr().to_numpy() - truth[NUMBERS].corr().to_numpy()
    by_machine = {name: rows[rows["machine"] == name] for name in MACHINES}
    faults = rows["faults"].to_numpy(dtype=float)
    # Thirds of the true temperature, N(60, 8²).
    third = np.digitize(rows["temperature"], [60 - 8 * 0.43073, 60 + 8 * 0.43073])
    return {
        "correlation of temperature and pressure": [rows["temperature"].corr(rows["pressure"])],
        "correlations of all numbers, greatest difference": [np.abs(correlations).max()],
        "share of vibration between its two modes, %": [100 * rows["vibration"].between(1.6, 2.1).mean()],
        "share of lathe, mill, press, %": [100 * len(part) / len(rows) for part in by_machine.values()],
        "mean temperature of lathe, mill, press": [part["temperature"].mean() for part in by_machine.values()],
        "mean vibration of lathe, mill, press": [part["vibration"].mean() for part in by_machine.values()],
        "alarms at lathe, mill, press, %": [100 * (part["alarm"] == "yes").mean() for part in by_machine.values()],
        "mean faults where cold, middling, hot": [faults[third == place].mean() for place in range(3)],
        "variance of faults": [faults.var()],
        "faults that are whole and not negative, %": [100 * ((faults == np.round(faults)) & (faults >= 0)).mean()],
        "Kolmogorov–Smirnov distance, mean of the numbers": [
            np.mean([ks_2samp(rows[name], truth[name]).statistic for name in NUMBERS])
        ],
    }


def compare(seeds, program, epochs, progress):
    """{side: [one entry a seed]}; real rows are others of the same kind, and say what chance alone does."""
    truth = table(1_000_000, seed=2**32 - 1)
    entries = {TRUTH: [{"figures": plain(figures(truth, truth))}]}
    for seed in seeds:
        rows, others = table(ROWS, seed), table(ROWS, seed + 2**31)
        for side, draw in {REAL: lambda: (others, {}), **sides(program, rows, CATEGORIES, seed, epochs)}.items():
            clock = Clock()
            drawn, times = draw()
            times = {**clock.times(), **times}
            entry = {"seed": seed, **times, "figures": plain(figures(drawn, truth))}
            entries.setdefault(side, []).append(entry)
            progress(f"generated table, seed {seed}: {side}: {times['all_seconds']:.1f} s")
    return entries


def plain(figures):
    """JSON has no NaN: the mean of no rows is null."""
    return {name: [float(v) if np.isfinite(v) else None for v in values] for name, values in figures.items()}


def markdown(entries, seeds):
    rows = []
    for name in entries[TRUTH][0]["figures"]:
        percent, several = name.endswith("%"), len(entries[TRUTH][0]["figures"][name]) > 1
        digits = 1 if several and percent or "temperature of" in name else 2 if several or percent else 3
        rows.append([name, *(cell([run["figures"][name] for run in runs], digits) for runs in entries.values())])
    for name, key in (("training, s", "training_seconds"), ("all, s", "all_seconds")):
        seconds = [f"{report.mean(entries[side], key):.1f}" if side in (OURS, PEER) else "" for side in entries]
        rows.append([name, *seconds])
    note = f"{ROWS:,} rows of the generated table, mean of {report.count(len(seeds), 'seed')}; real rows are others."
    return report.table(["figure", *entries], rows) + "\n\n" + note


def cell(runs, digits):
    columns = zip(*runs)
    return ", ".join("none" if None in column else f"{np.mean(column):.{digits}f}" for column in columns)
