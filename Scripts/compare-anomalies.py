#!/usr/bin/env python3
"""Ranks anomalies with vae-train and with PyOD, on sets of ADBench.

    compare-anomalies.py EXE --data FOLDER [--output results/anomalies.json] [--document Docs/YourData.md]
                         [--sets NAME,…] [--seeds 0,1,2] [--threads 2]

FOLDER holds NPZ files with X, and y, which is 1 for an anomaly. Every side is trained on all rows of X without y, and
scores the same rows: vae-train with its defaults; PyOD's VAE as it comes, and in two settings in which its KL
divergence acts; PyOD's PCA and isolation forest as they come; and the norm of the standardised row, which is no model.
Benchmarks/peers/tabular/anomalies.py says why those settings. Prints a table of the areas under the ROC curve; writes
the figures of every seed to --output.

The packages are those of Benchmarks/peers/requirements-tables.txt; Scripts/compare-tables.sh installs them.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Benchmarks" / "peers"))
from tabular import libraries, options, report  # noqa: E402
from tabular.program import Program  # noqa: E402


def main():
    parser = options.parser(__doc__, "the folder with the NPZ files", options.folder)
    parser.add_argument("--sets", type=options.names, help="names of files without .npz (default: all)")
    parser.add_argument("--seeds", type=options.seeds, default=[0, 1, 2], help="default: 0,1,2")
    chosen = parser.parse_args()
    libraries.prepare("numpy", "sklearn", "torch", "pyod")
    from tabular import anomalies

    paths = sorted(chosen.data.glob("*.npz"))
    if chosen.sets:
        paths = [chosen.data / f"{name}.npz" for name in chosen.sets]
    if not paths or not all(path.is_file() for path in paths):
        missing = ", ".join(path.name for path in paths if not path.is_file())
        parser.error(f"--data {chosen.data}: expected {missing or 'NPZ files'}, found none")
    program = Program(chosen.program, chosen.threads) if chosen.program else None
    sets = anomalies.compare(
        paths, chosen.seeds, program, chosen.threads, lambda line: print(f"compare-anomalies: {line}", file=sys.stderr)
    )
    totals = anomalies.summary(sets)
    facts = report.facts(program, chosen.threads, anomalies.PACKAGES)
    text = anomalies.markdown(sets, totals, facts, chosen.seeds)
    report.finish(chosen, "anomalies", text, {"facts": facts, "summary": totals, "sets": sets})


if __name__ == "__main__":
    main()
