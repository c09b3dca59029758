#!/usr/bin/env python3
"""Tests Scripts/check-tables.py on files that a stand-in for vae-train makes up: right ones pass, and each kind of wrong
one is told.

usage: test_check_tables.py

Needs NumPy and pandas.
"""

import csv
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

CHECK = pathlib.Path(__file__).resolve().parent.parent.parent / "Scripts" / "check-tables.py"
LATENTS = 3

# What is done wrong, the command that does it, and what the line about it holds.
WRONG = {
    "exit code": ("score", "exit code 0, found 3: no such thing"),
    "no file": ("score", "No such file"),
    "rows swapped": ("score", "row 1: expected the id"),
    "ids as numbers": ("score", "expected the id '0"),
    "row lost": ("score", "expected 300 rows, found 299"),
    "score nan": ("score", "finite numbers"),
    "score constant": ("score", "scores that differ"),
    "no id": ("encode", "expected id first"),
    "means out of order": ("encode", "mean_0, mean_1"),
    "array of both": ("encode", "expected the shape (300, 3), found (300, 6)"),
    "array rounded": ("encode", "the numbers of"),
    "cell rewritten": ("impute", "as it was"),
    "left missing": ("impute", "found 'NA'"),
    "column lost": ("impute", "header"),
    "mean of whole numbers": ("impute", "a whole number, found '3.5'"),
    "unknown category": ("sample", "expected one of"),
    "decimals": ("sample", "two decimals at most"),
    "category unquoted": ("sample", "row"),
    "too few": ("sample", "expected 100 rows, found 99"),
}


def fill(row):
    """A row with something for what is missing: price, visits, member, weight, city."""
    wanted = ["12.50", "3", "yes", "-0.25", "Köln"]
    return row[:1] + [new if old in ("", "NA") else old for old, new in zip(row[1:], wanted)]


def stand_in(wrong, arguments):
    """Does what vae-train promises, but for what is `wrong`."""
    if wrong == "exit code" and arguments[0] == "score":
        print("a warning\nno such thing", file=sys.stderr)
        sys.exit(3)
    command, output = arguments[0], arguments[arguments.index("--output") + 1]
    source = os.path.join(os.path.dirname(output), "T.csv")
    with open(source, encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    ids = [row[0] for row in rows]
    means = np.random.default_rng(1).normal(size=(len(rows), LATENTS)).astype(np.float32)
    if command == "train":
        os.makedirs(output)
        return
    if command == "encode" and output.endswith(".npy"):
        array = np.hstack([means, means]) if wrong == "array of both" else means
        np.save(output, array.round(2) if wrong == "array rounded" else array)
        return
    if command == "encode":
        names = [f"mean_{number}" for number in range(LATENTS)]
        table = [["id", *names]] + [[name, *map(str, row)] for name, row in zip(ids, means)]
        if wrong == "no id":
            table[0][0] = "index"
        if wrong == "means out of order":
            table[0][1:] = names[::-1]
    elif command == "score":
        if wrong == "no file":
            return
        table = [["id", "score", "price"]] + [[name, 0.5 + index, 0.1] for index, name in enumerate(ids)]
        if wrong == "rows swapped":
            table[1:] = table[:0:-1]
        if wrong == "ids as numbers":
            table[1:] = [[int(row[0]), *row[1:]] for row in table[1:]]
        if wrong == "row lost":
            table.pop()
        if wrong == "score nan":
            table[5][1] = "nan"
        if wrong == "score constant":
            table[1:] = [[row[0], 1, 1] for row in table[1:]]
    elif command == "impute":
        table = [header] + [fill(row) for row in rows]
        observed = next(index for index, row in enumerate(rows) if row[1] not in ("", "NA"))
        if wrong == "cell rewritten":
            table[observed + 1][1] += "0"
        if wrong == "left missing":
            table = [header, *rows]
            table = [[cell if cell else "NA" for cell in row] for row in table]
        if wrong == "column lost":
            table = [row[:-1] for row in table]
        if wrong == "mean of whole numbers":
            missing = next(index for index, row in enumerate(rows) if row[2] in ("", "NA"))
            table[missing + 1][2] = "3.5"
    else:
        table = [header[1:]] + [fill(row)[1:] for row in rows[:100]]
        if wrong == "unknown category":
            table[7][4] = "Koln"
        if wrong == "decimals":
            table[7][0] = "12.345"
        if wrong == "too few":
            table.pop()
    with open(output, "w", encoding="utf-8", newline="") as file:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(table)
        if wrong == "category unquoted" and command == "sample":
            file.write(text.getvalue().replace('"Paris, Texas"', "Paris, Texas"))
        else:
            file.write(text.getvalue())


def check(wrong):
    """What the script says and ends with, of a stand-in that does one thing wrong."""
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "stand-in"
        words = [sys.executable, str(pathlib.Path(__file__).resolve()), "--stand-in", wrong]
        program.write_text(f"#!/bin/sh\nexec {' '.join(map(json.dumps, words))} \"$@\"\n")
        program.chmod(0o755)
        return subprocess.run(
            [sys.executable, str(CHECK), str(program), str(pathlib.Path(folder) / "scratch")], capture_output=True,
            text=True, encoding="utf-8")


def main():
    failures = []
    result = check("nothing")
    if result.returncode != 0 or result.stderr or len(result.stdout.splitlines()) != 5:
        failures.append(f"what is right: expected five lines and exit code 0, found {result}")
    for wrong, (command, words) in WRONG.items():
        result = check(wrong)
        lines = result.stderr.splitlines()
        if result.returncode != 1 or len(lines) != 1 or not lines[0].startswith(command) or words not in lines[0]:
            failures.append(f"{wrong}: expected one line of {command} with {words!r}, found {result}")
    for failure in failures:
        print(failure, file=sys.stderr)
    if not failures:
        print(f"the right files pass, and {len(WRONG)} kinds of wrong ones are told")
    return 1 if failures else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--stand-in"]:
        stand_in(sys.argv[2], sys.argv[3:])
    else:
        sys.exit(main())
