"""What new rows are drawn from: vae-train, TVAE, each column by itself, and the rows themselves."""

import time

import numpy as np
import pandas as pd
import torch
from ctgan import TVAE
from ctgan.data_transformer import DataTransformer
from ctgan.synthesizers import tvae as tvae_module

from tabular import program as programs

PACKAGES = ["ctgan", "rdt", "torch", "scikit-learn", "pandas", "numpy"]
OURS, PEER, INDEPENDENT, REAL = "vae-train", "TVAE", "each column by itself", "real rows"


class TimedTransformer(DataTransformer):
    """Takes the time in which the mixtures of the continuous columns are fitted, which is part of TVAE.fit."""

    seconds = 0.0

    def fit(self, *arguments):
        start = time.perf_counter()
        super().fit(*arguments)
        TimedTransformer.seconds = time.perf_counter() - start


def tvae(rows, categories, seed, epochs):
    """As many rows as there are, drawn from TVAE with its defaults, and its times."""
    tvae_module.DataTransformer = TimedTransformer
    model = TVAE(epochs=epochs)
    model.set_random_state(seed)
    # The mixtures draw from numpy's global generator, which set_random_state leaves as it was after fit.
    np.random.seed(seed)
    torch.manual_seed(seed)
    start = time.perf_counter()
    model.fit(rows, categories)
    fitted = time.perf_counter()
    drawn = model.sample(len(rows))
    return drawn, {
        "training_seconds": fitted - start - TimedTransformer.seconds,
        "mixture_seconds": TimedTransformer.seconds,
        "sampling_seconds": time.perf_counter() - fitted,
        "epochs": epochs,
    }


def ours(program, rows, categories, seed):
    """As many rows as there are, drawn from vae-train with its defaults, and its times."""
    with programs.folder() as folder:
        rows.to_csv(folder / "rows.csv", index=False)
        times = program.train(folder / "rows.csv", folder / "run", seed)
        times["sampling_seconds"] = program.sample(folder / "run", len(rows), seed, folder / "drawn.csv")
        return read(folder / "drawn.csv", rows, categories), times


def read(path, rows, categories):
    """A table with the columns of `rows`; what is no such table, or has cells of another kind, ends the script."""
    drawn = pd.read_csv(path, dtype={name: str for name in categories}, keep_default_na=False, skipinitialspace=True)
    if list(drawn.columns) != list(rows.columns) or len(drawn) != len(rows):
        raise SystemExit(
            f"vae-train sample: expected {len(rows)} rows of {', '.join(rows.columns)}, "
            f"found {len(drawn)} of {', '.join(map(str, drawn.columns))}"
        )
    for name in rows.columns:
        if name in categories:
            unknown = sorted(set(drawn[name]) - set(rows[name]))
            if unknown:
                raise SystemExit(f"vae-train sample: {name}: expected categories of the table, found {unknown[0]!r}")
        elif not pd.api.types.is_numeric_dtype(drawn[name]):
            raise SystemExit(f"vae-train sample: {name}: expected numbers, found {drawn[name].iloc[0]!r} or the like")
    return drawn


def independent(rows, seed):
    """Every column drawn from its own values, without regard to the others: what must be beaten."""
    generator = np.random.default_rng(seed)
    return pd.DataFrame({name: generator.choice(rows[name].to_numpy(), len(rows)) for name in rows.columns})


def sides(program, rows, categories, seed, epochs):
    """Functions that return drawn rows and times, by name."""
    result = {
        PEER: lambda: tvae(rows, categories, seed, epochs),
        INDEPENDENT: lambda: (independent(rows, seed), {}),
    }
    if program:
        result = {OURS: lambda: ours(program, rows, categories, seed), **result}
    return result
