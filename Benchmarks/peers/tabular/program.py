"""Runs vae-train, and takes its times."""

import csv
import json
import pathlib
import shlex
import subprocess
import sys
import tempfile
import time


class Program:
    """The executable, with its defaults but for what a call says and the number of threads. What it fails at ends the script."""

    def __init__(self, path, threads):
        self.path, self.threads = path, threads
        self.environment = None  # what config.json of the last run says of the machine and the build

    def train(self, data, run, seed, options=()):
        """Trains into the folder `run`: seconds of training alone, of the whole process, and epochs."""
        wall = self._run(
            "train", "--data", data, "--seed", seed, "--threads", self.threads, "--output", run, "--quiet", *options
        )
        lines = (run / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
        self.environment = json.loads((run / "config.json").read_text(encoding="utf-8"))["environment"]
        return {
            "training_seconds": sum(json.loads(line)["seconds"] for line in lines),
            "process_seconds": wall,
            "epochs": len(lines),
        }

    def score(self, run, data, output):
        """The scores of the rows in their order, and seconds of the process."""
        seconds = self._run("score", run, data, "--output", output)
        with open(output, encoding="utf-8", newline="") as file:
            scores = [float(line["score"]) for line in csv.DictReader(file)]
        return scores, seconds

    def impute(self, run, table, output):
        return self._run("impute", run, table, "--output", output)

    def sample(self, run, count, seed, output):
        return self._run("sample", run, "--count", count, "--seed", seed, "--output", output)

    def _run(self, *arguments):
        command = [str(self.path), *map(str, arguments)]
        start = time.perf_counter()
        finished = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        seconds = time.perf_counter() - start
        if finished.returncode != 0:
            said = finished.stderr.decode(errors="replace").strip().splitlines() or ["nothing on standard error"]
            sys.exit(f"{shlex.join(command)}: expected exit status 0, found {finished.returncode}: {said[-1]}")
        return seconds


def folder():
    """A folder for runs and tables, gone at the end of a `with`."""
    return _Folder(prefix="vae-compare-")


class _Folder(tempfile.TemporaryDirectory):
    def __enter__(self):
        return pathlib.Path(super().__enter__())
