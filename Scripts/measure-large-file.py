#!/usr/bin/env python3
"""Trains on an array that is larger than the memory it may have, and says what memory and time that takes.

    measure-large-file.py EXE FOLDER [--gigabytes 40] [--width 2000] [--limit-mebibytes 1024]
    measure-large-file.py EXE FOLDER --cold [--gigabytes 2]

Makes FOLDER/rows.npy, float32 [rows, width], and takes it away again. It is sparse: numbers in a thousand of its rows, and
zeros that take no room on a disk in all others. The program is told to use no more addresses than the limit (RLIMIT_AS),
which is far less than the file, and trains for one epoch. Exits with 1 where it fails, or where its own memory, the pages
of the cache not counted, is more than 500 MB.

With --cold the array is all numbers, so that they have to come from the disk, and the system drops what it keeps of the
file as each epoch begins. Says the seconds of such an epoch, of one that reads from memory, and what the disk takes for the
rows in a random order, one by one, which is what steps would wait for without read-ahead. Exits with 1 where an epoch from
the disk takes a fourth longer than one from memory: then steps wait for it.
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


def forget_at_each_epoch(path, metrics, has_ended):
    """Drops the file from the system's memory whenever a run has written the figures of an epoch, until it has ended."""
    seen = 0
    while not has_ended.wait(0.002):
        lines = metrics.read_bytes().count(b"\n") if metrics.exists() else 0
        if lines > seen:
            forget(path)
            seen = lines


def train(executable, path, run, limit, *options, is_cold=False):
    """The lines of metrics.jsonl, seconds of the processor, and the process's largest resident set in bytes."""
    shutil.rmtree(run, ignore_errors=True)
    command = [executable, "train", "--data", path, "--storage", "file", "--output", run, "--no-images", "--quiet",
               "--scaling", "none", "--latent", "4", "--batch-size", "1024", *options]
    command = list(map(str, command))

    def limited():
        if limit:
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=limited)
    has_ended = threading.Event()
    forgetting = threading.Thread(target=forget_at_each_epoch, args=(path, run / "metrics.jsonl", has_ended))
    if is_cold:
        forgetting.start()
    _, status, usage = os.wait4(process.pid, 0)
    has_ended.set()
    if is_cold:
        forgetting.join()
    if status != 0:
        sys.exit(f"measure-large-file: {' '.join(command)}: expected status 0, found {status}")
    lines = (run / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines], usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


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
            options = ["--hidden", "128", "--learning-rate", "0.0005", "--epochs", "5"]
            # The first epoch comes from memory, where the pass over all rows before it has left them.
            seconds = {
                is_cold: [line["seconds"] for line in train(chosen.executable, path, run, None, *options, is_cold=is_cold)[0]][1:]
                for is_cold in (False, True)
            }
            alone = seconds_one_by_one(path, path.stat().st_size - 4 * rows * chosen.width, rows, 4 * chosen.width)
            warm, cold = (statistics.median(seconds[is_cold]) for is_cold in (False, True))
            print(f"an epoch from memory {warm:.2f} s, from the disk {cold:.2f} s; {alone:.2f} s for the disk alone, a row "
                  "when the one before is there")
            if cold > 1.25 * warm:
                sys.exit(f"measure-large-file: expected at most {1.25 * warm:.2f} s from the disk")
        else:
            limit = chosen.limit_mebibytes << 20
            lines, processor, resident = train(chosen.executable, path, run, limit, "--hidden", "16", "--epochs", "1")
            print(f"an epoch in {lines[0]['seconds']:.1f} s, {processor:.1f} s of processors in all; at most "
                  f"{resident / 1e6:.0f} MB resident, {chosen.limit_mebibytes} MiB of addresses allowed")
            if resident > MOST_BYTES:
                sys.exit(f"measure-large-file: expected at most {MOST_BYTES / 1e6:.0f} MB resident, found more")
    finally:
        path.unlink(missing_ok=True)
        shutil.rmtree(run, ignore_errors=True)


if __name__ == "__main__":
    main()
