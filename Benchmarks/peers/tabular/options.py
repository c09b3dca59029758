"""The options that the comparisons share."""

import argparse
import os
import pathlib


def parser(description, data, kind):
    """A parser with what every comparison takes; `data` says what --data is, of the type `kind`."""
    result = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    result.add_argument(
        "program", nargs="?", type=executable, metavar="EXE", help="vae-train; without it, the peers alone"
    )
    result.add_argument("--data", required=True, type=kind, help=data)
    result.add_argument("--output", type=pathlib.Path, help="a JSON file for all figures of all runs")
    result.add_argument("--document", type=file, help="a Markdown file whose table, between markers, is replaced")
    result.add_argument("--threads", type=positive, default=2, help="of every side (default: 2)")
    return result


def file(text):
    return found(text, pathlib.Path.is_file, "a file")


def folder(text):
    return found(text, pathlib.Path.is_dir, "a folder")


def executable(text):
    return found(text, lambda path: path.is_file() and os.access(path, os.X_OK), "an executable file")


def found(text, is_right, expected):
    path = pathlib.Path(text)
    if not is_right(path):
        raise argparse.ArgumentTypeError(f"expected {expected}, found {text}, which is none")
    return path.resolve()


def positive(text):
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, found {text}")
    return int(text)


def names(text):
    return text.split(",")


def seeds(text):
    values = text.split(",")
    if not all(value.isdecimal() for value in values):
        raise argparse.ArgumentTypeError(f"expected whole numbers with commas between, found {text}")
    return [int(value) for value in values]
