#!/usr/bin/env python3
"""Trains on an array that is larger than the memory it may have, and says what memory and time that takes.

    measure-large-file.py EXE FOLDER [--gigabytes 40] [--width 2000] [--limit-mebibytes 1024]
    measure-large-file.py EXE FOLDER --cold [--gigabytes 2]

Makes FOLDER/rows.npy, float32 [rows, width], and takes it away again. It is sparse: numbers in a thousand of its rows, and
zeros that take no room on a disk in all others. The program is told to use no more addresses than the limit (RLIMIT_AS),
which is far less than the file, and trains for one epoch. Exits with 1 where it fails, or where its own memory, the pages
of the cache not counted, is more than 500 MB.

With --cold the array is all numbers, so that they have to come from the disk, and the system drops what it keeps of the
file as each epoch begins. Says the seconds of such an epoch and of one that reads from memory, the share of the time that the
thread which trains was waiting for the disk, and what the disk takes for the rows in a random order, one by one, which is how
long steps would wait without read-ahead. Exits with 1 where the thread waits for more than a tenth of an epoch.
"""

import argparse
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import threading
import time

import numpy as np

MOST_BYTES = 500e6
# Of an epoch whose rows come from the disk.
MOST_WAITING = 0.1
# With --cold.
EPOCHS = 5


def make(path, rows, width, is_dense):
    """The array, and where its numbers begin."""
    generator = np.random.default_rng(0)
    with open(path, "wb") as file:
        np.lib.format.write_array_header_1_0(
            file, {"descr": "<f4", "fortran_order": False, "shape": (rows, width)}
        )
        start = file.tell()
        if is_dense:
            for first in range(0, rows, 4096):
                count = min(4096, rows - first)
                factors = generator.standard_normal((count, 4), dtype=np.float32)
                loadings = np.sin(np.arange(4)[:, None] + np.arange(width)[None, :] * 0.1).astype(np.float32)
                noise = generator.standard_normal((count, width), dtype=np.float32)
                file.write((factors @ loadings + noise).astype("<f4").tobytes())
        else:
            file.truncate(start + rows * width * 4)
            for row in np.sort(generator.choice(rows, 1000, replace=False)):
                file.seek(start + int(row) * width * 4)
                # As small as the least deviation of a column that a model has: beside zeros all else would be outliers.
                numbers = 0.01 * generator.standard_normal(width, dtype=np.float32)
                file.write(numbers.astype("<f4").tobytes())
        file.flush()
        os.fsync(file.fileno())


def forget(path):
    """Drops what the system keeps of a file in memory."""
    with open(path, "rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def seconds_one_by_one(path, start, rows, row_bytes):
    """What it takes to read all rows from the disk in a random order, each when the one before is there."""
    order = np.random.default_rng(1).permutation(rows)
    forget(path)
    with open(path, "rb", buffering=0) as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_RANDOM)
        begin = time.monotonic()
        for row in order:
            os.pread(file.fileno(), row_bytes, start + int(row) * row_bytes)
        return time.monotonic() - begin


class Watch(threading.Thread):
    """Looks at a run until it has ended: how often its first thread waits for the disk, once an epoch is done. Where `is_cold`
    it drops the file from the system's memory whenever the run has written the figures of an epoch."""

    def __init__(self, process, path, metrics, is_cold):
        super().__init__()
        self.process, self.path, self.metrics, self.is_cold = process, path, metrics, is_cold
        self.has_ended = threading.Event()
        self.looks = self.waits = 0

    def run(self):
        epochs = 0
        while not self.has_ended.wait(0.002):
            lines = self.metrics.read_bytes().count(b"\n") if self.metrics.exists() else 0
            if lines > epochs and self.is_cold:
                forget(self.path)
            epochs = lines
            if 0 < epochs < EPOCHS:
                # "D" is a wait that nothing interrupts, which on Linux is one for a disk.
                try:
                    state = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[0]
                except OSError:
                    return  # It has ended, before its time.
                self.looks += 1
                self.waits += state == "D"


def train(executable, path, run, limit, *options, is_cold=None):
    """The lines of metrics.jsonl, seconds of the processor, the process's largest resident set in bytes, and, unless `is_cold`
    is None, the share of the time behind the first epoch that its first thread waits for the disk."""
    shutil.rmtree(run, ignore_errors=True)
    command = [executable, "train", "--data", path, "--storage", "file", "--output", run, "--no-images", "--quiet",
               "--scaling", "none", "--latent", "4", "--batch-size", "1024", *options]
    command = list(map(str, command))

    def limited():
        if limit:
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=limited)
    watch = None if is_cold is None else Watch(process, path, run / "metrics.jsonl", is_cold)
    if watch:
        watch.start()
    _, status, usage = os.wait4(process.pid, 0)
    if watch:
        watch.has_ended.set()
        watch.join()
    if status != 0:
        sys.exit(f"measure-large-file: {' '.join(command)}: expected status 0, found {status}")
    lines = (run / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    waiting = watch.waits / max(watch.looks, 1) if watch else None
    return [json.loads(line) for line in lines], usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, waiting


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("executable", type=pathlib.Path, metavar="EXE")
    parser.add_argument("folder", type=pathlib.Path, metavar="FOLDER")
    parser.add_argument("--gigabytes", type=float)
    parser.add_argument("--width", type=int, default=2000)
    parser.add_argument("--limit-mebibytes", type=int, default=1024)
    parser.add_argument("--cold", action="store_true")
    chosen = parser.parse_args()
    size = chosen.gigabytes or (2 if chosen.cold else 40)
    rows = int(size * 1e9 / 4 / chosen.width)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    path, run = chosen.folder / "rows.npy", chosen.folder / "run"
    try:
        make(path, rows, chosen.width, chosen.cold)
        held = path.stat().st_blocks * 512
        print(f"{path.stat().st_size / 1e9:.1f} GB, {held / 1e9:.3f} of them on the disk: {rows} rows of {chosen.width}")
        if chosen.cold:
            # One thread, which is then the one that reads. The first epoch comes from memory, where the pass over all rows
            # before it has left them.
            options = ["--hidden", "128", "--learning-rate", "0.0005", "--epochs", EPOCHS, "--threads", "1"]
            seconds, waiting = {}, {}
            for is_cold in (False, True):
                lines, _, _, waiting[is_cold] = train(chosen.executable, path, run, None, *options, is_cold=is_cold)
                seconds[is_cold] = statistics.median(line["seconds"] for line in lines[1:])
            alone = seconds_one_by_one(path, path.stat().st_size - 4 * rows * chosen.width, rows, 4 * chosen.width)
            print(f"from memory: an epoch in {seconds[False]:.2f} s, {100 * waiting[False]:.1f} % of it waiting for the disk; "
                  f"from the disk: {seconds[True]:.2f} s, {100 * waiting[True]:.1f} %; the disk alone, row by row: {alone:.2f} s")
            if waiting[True] > MOST_WAITING:
                sys.exit(f"measure-large-file: expected at most {100 * MOST_WAITING:.0f} % waiting, found more")
        else:
            limit = chosen.limit_mebibytes << 20
            lines, processor, resident, _ = train(chosen.executable, path, run, limit, "--hidden", "16", "--epochs", "1")
            print(f"an epoch in {lines[0]['seconds']:.1f} s, {processor:.1f} s of processors in all; at most "
                  f"{resident / 1e6:.0f} MB resident, {chosen.limit_mebibytes} MiB of addresses allowed")
            if resident > MOST_BYTES:
                sys.exit(f"measure-large-file: expected at most {MOST_BYTES / 1e6:.0f} MB resident, found more")
    finally:
        path.unlink(missing_ok=True)
        shutil.rmtree(run, ignore_errors=True)


if __name__ == "__main__":
    main()
