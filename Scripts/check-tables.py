#!/usr/bin/env python3
"""Checks with pandas and NumPy what vae-train makes of a table.

usage: check-tables.py EXECUTABLE FOLDER

Writes a table to FOLDER, trains on it with EXECUTABLE, and reads back what `encode`, `score`, `impute` and `sample` write.
Prints a line for everything that holds, and on standard error one for everything that does not: file, place, what was
expected, what was found. Exits with 0 where all holds. Needs NumPy and pandas.
"""

import csv
import math
import pathlib
import re
import subprocess
import sys

import numpy as np
import pandas as pd

ROWS = 300
SAMPLES = 100
SEED = 7

CITIES = ["Köln", "Paris, Texas", 'the "Big" Apple', "Łódź", "東京", "O'Fallon; MO"]
MEMBER = ["yes", "no"]
# What a column holds, where it is not missing. The id is apart: no model learns it.
COLUMNS = {
    "price": "decimals", "visits": "whole", "member": MEMBER, "weight (kg)": "decimals", "city, as written": CITIES,
}
ID = "id"
MISSING = ["", "NA"]


class Failure(Exception):
    """A line that says what is not as it should be."""


def expect(holds, place, expected, found):
    if not holds:
        raise Failure(f"{place}: expected {expected}, found {found}")


# The table


def make_table(path):
    """Writes the table, and returns the texts of its cells: the names, then the rows."""
    random = np.random.default_rng(SEED)
    rows = []
    for number in random.permutation(ROWS):
        city = int(random.integers(len(CITIES)))
        row = [
            f"{20 + 5 * city + random.normal():.2f}", str(random.poisson(3 + city)), MEMBER[int(random.random() < 0.3)],
            f"{random.normal(-0.5, 2):.2f}", CITIES[city],
        ]
        row = [MISSING[int(random.integers(2))] if random.random() < 0.1 else cell for cell in row]
        # Zeros in front, which a number has not: an id is text.
        rows.append([f"{number:04d}"] + row)
    table = [[ID, *COLUMNS], *rows]
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(table)
    return table


# Reading


def read_texts(path):
    """The texts of all cells, as pandas has them without interpreting any: the names, then the rows."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, na_filter=False, encoding="utf-8")
    return [list(frame.columns), *frame.values.tolist()]


def read_numbers(path):
    """The table as pandas reads it, with the id as text."""
    return pd.read_csv(path, dtype={ID: str}, encoding="utf-8")


def check_ids(path, ids, table):
    wanted = [row[0] for row in table[1:]]
    expect(len(ids) == len(wanted), path, f"{len(wanted)} rows", len(ids))
    for row, (found, expected) in enumerate(zip(ids, wanted), start=1):
        expect(found == expected, f"{path}: row {row}", f"the id {expected!r}", repr(found))


def check_finite(path, frame, names):
    for name in names:
        expect(pd.api.types.is_numeric_dtype(frame[name]), f"{path}: column {name}", "numbers", frame[name].dtype)
        expect(bool(np.isfinite(frame[name]).all()), f"{path}: column {name}", "finite numbers", "others")


def check_cell(place, name, text):
    """Whether a cell holds what its column does."""
    kind = COLUMNS[name]
    if isinstance(kind, list):
        expect(text in kind, place, f"one of {kind}", repr(text))
        return
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    expect(math.isfinite(number), place, "a finite number", repr(text))
    pattern, words = (r"-?\d+", "a whole number") if kind == "whole" else (r"-?\d+(\.\d\d?)?", "two decimals at most")
    expect(re.fullmatch(pattern, text), place, words, repr(text))


# What is promised of each file


def check_encoded(csv_path, npy_path, table):
    frame = read_numbers(csv_path)
    names = list(frame.columns)
    expect(names[:1] == [ID], f"{csv_path}: header", f"{ID} first", names[:1])
    means = [name for name in names if re.fullmatch(r"mean_\d+", name)]
    wanted = [f"mean_{number}" for number in range(len(means))]
    expect(means and names[1 : 1 + len(means)] == wanted, f"{csv_path}: header", f"{ID}, mean_0, mean_1, …", names)
    check_ids(csv_path, list(frame[ID]), table)
    check_finite(csv_path, frame, names[1:])
    array = np.load(npy_path)
    shape = (len(table) - 1, len(means))
    expect(array.shape == shape, f"{npy_path}: header", f"the shape {shape}", array.shape)
    expect(np.issubdtype(array.dtype, np.floating), f"{npy_path}: header", "floats", array.dtype)
    # The texts are the shortest that read back as the same 32-bit floats.
    same = np.array_equal(frame[means].to_numpy(np.float32), array.astype(np.float32))
    expect(same, npy_path, f"the numbers of {csv_path}", "others")
    return f"{shape[0]} rows of {shape[1]} means, the same in both, ids in order"


def check_scores(path, table):
    frame = read_numbers(path)
    expect(list(frame.columns[:2]) == [ID, "score"], f"{path}: header", f"{ID},score,…", list(frame.columns))
    check_ids(path, list(frame[ID]), table)
    check_finite(path, frame, ["score"])
    expect(frame["score"].nunique() > 1, f"{path}: column score", "scores that differ", "the same for every row")
    return f"{len(frame)} finite scores, ids in order"


def check_imputed(path, table):
    texts = read_texts(path)
    expect(texts[0] == table[0], f"{path}: header", table[0], texts[0])
    check_ids(path, [row[0] for row in texts[1:]], table)
    filled = 0
    for number, (found, given) in enumerate(zip(texts[1:], table[1:]), start=1):
        for name, text, before in zip(table[0][1:], found[1:], given[1:]):
            place = f"{path}: row {number}, column {name}"
            if before in MISSING:
                check_cell(place, name, text)
                filled += 1
            else:
                expect(text == before, place, f"{before!r} as it was", repr(text))
    return f"{filled} missing cells filled, all others as they were"


def check_samples(path, count):
    texts = read_texts(path)
    # Nobody's id is made up; a column for it may be there.
    names = [name for name in texts[0] if name != ID]
    expect(names == list(COLUMNS), f"{path}: header", list(COLUMNS), texts[0])
    expect(len(texts) == count + 1, path, f"{count} rows", len(texts) - 1)
    for number, row in enumerate(texts[1:], start=1):
        for name, text in zip(texts[0], row):
            if name != ID:
                check_cell(f"{path}: row {number}, column {name}", name, text)
    # As pandas makes them out of the texts, where nothing is missing.
    types = read_numbers(path).dtypes
    for name, kind in COLUMNS.items():
        wanted = pd.api.types.is_integer_dtype if kind == "whole" else pd.api.types.is_numeric_dtype
        if not isinstance(kind, list):
            expect(wanted(types[name]), f"{path}: column {name}", f"numbers ({kind})", types[name])
    return f"{count} rows of the table's columns, types and categories"


def main(executable, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    table_path, run = folder / "T.csv", folder / "run"
    encoded_csv, encoded_npy = folder / "E.csv", folder / "E.npy"
    scores, imputed, samples = folder / "S.csv", folder / "I.csv", folder / "N.csv"
    # What an earlier version wrote must not pass for what this one does.
    for path in (run, encoded_csv, encoded_npy, scores, imputed, samples):
        if path.exists():
            sys.exit(f"{path}: expected nothing, found a file or folder of that name: give an empty folder")
    table = make_table(table_path)
    failures = 0

    def step(name, commands, check=lambda: "done"):
        nonlocal failures
        try:
            for words in commands:
                result = subprocess.run([executable, *map(str, words)], capture_output=True, text=True, encoding="utf-8")
                lines = result.stderr.strip().splitlines()
                found = f"{result.returncode}: {lines[-1] if lines else 'not a word'}"
                expect(result.returncode == 0, f"vae-train {words[0]}", "exit code 0", found)
            print(f"{name}: {check()}")
        except (Failure, OSError, ValueError, pd.errors.ParserError) as error:
            failures += 1
            print(f"{name}: {' '.join(str(error).split())}", file=sys.stderr)

    step("train", [["train", "--data", table_path, "--id-column", ID, "--epochs", 2, "--output", run, "--quiet"]])
    if failures:
        return 1
    step(
        "encode", [["encode", run, "--data", table_path, "--output", path] for path in (encoded_csv, encoded_npy)],
        lambda: check_encoded(encoded_csv, encoded_npy, table))
    step("score", [["score", run, table_path, "--output", scores]], lambda: check_scores(scores, table))
    step("impute", [["impute", run, table_path, "--output", imputed]], lambda: check_imputed(imputed, table))
    step(
        "sample", [["sample", run, "--count", SAMPLES, "--output", samples]], lambda: check_samples(samples, SAMPLES))
    return 1 if failures else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    sys.exit(main(*sys.argv[1:]))
