#!/usr/bin/env python3
"""Fills cells removed at random with vae-train and with scikit-learn's imputers.

    compare-imputation.py EXE --data FOLDER [--output results/imputation.json] [--document Docs/YourData.md]
                          [--sets NAME,…] [--seeds 0,1,2] [--threads 2]

FOLDER holds magic.gamma.npz, pendigits.npz and satimage-2.npz of ADBench, of which X is used. A fifth of the cells is
removed, the same for every side: the mean of the column; IterativeImputer and KNNImputer as they come, on standardised
columns; and vae-train, trained on the incomplete table, with its defaults and for filling in. Prints a table of errors in standard
deviations of a column; writes the figures of every seed to --output.

The packages are those of Benchmarks/peers/requirements-tables.txt; Scripts/compare-tables.sh installs them.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Benchmarks" / "peers"))
from tabular import libraries, options, report  # noqa: E402
from tabular.program import Program  # noqa: E402


def main():
    parser = options.parser(__doc__, "the folder with the NPZ files", options.folder)
    parser.add_argument("--sets", type=options.names, help="names of files without .npz (default: the three)")
    parser.add_argument("--seeds", type=options.seeds, default=[0, 1, 2], help="default: 0,1,2")
    chosen = parser.parse_args()
    libraries.prepare("numpy", "pandas", "sklearn", "threadpoolctl")
    from tabular import imputation
    from threadpoolctl import threadpool_limits

    names = chosen.sets or imputation.SETS
    for name in names:
        if not (chosen.data / f"{name}.npz").is_file():
            parser.error(f"--data {chosen.data}: expected {name}.npz, found none")
    program = Program(chosen.program, chosen.threads) if chosen.program else None
    with threadpool_limits(chosen.threads):
        sets = imputation.compare(
            chosen.data,
            names,
            chosen.seeds,
            program,
            lambda line: print(f"compare-imputation: {line}", file=sys.stderr),
        )
    facts = report.facts(program, chosen.threads, imputation.PACKAGES)
    text = imputation.markdown(sets, facts, chosen.seeds)
    report.finish(chosen, "imputation", text, {"facts": facts, "removed": imputation.REMOVED, "sets": sets})


if __name__ == "__main__":
    main()
