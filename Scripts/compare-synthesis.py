#!/usr/bin/env python3
"""Draws new rows of a table with vae-train and with TVAE, and says what they are good for.

    compare-synthesis.py EXE --data adult.csv.gz [--output results/synthesis.json] [--document Docs/YourData.md]
                         [--epochs 300] [--seeds 0] [--parts adult,known] [--threads 2]

Two comparisons. adult: both are trained on two thirds of the Adult census, income as one of the columns; classifiers
are trained on as many drawn rows, and tested on the real third. known: both are trained on a generated table of 20,000
rows, and correlations, conditional means and the like of their draws are put beside the truth. TVAE, of the package
ctgan, and vae-train have their defaults. Beside them stand real rows, and rows whose columns are drawn each by itself.
Prints two tables; writes the figures of every seed to --output.

The packages are those of Benchmarks/peers/requirements-tables.txt; Scripts/compare-tables.sh installs them.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Benchmarks" / "peers"))
from tabular import libraries, options, report  # noqa: E402
from tabular.program import Program  # noqa: E402


def main():
    parser = options.parser(__doc__, "the Adult census, CSV with a header, plain or compressed", options.file)
    parser.add_argument("--epochs", type=options.positive, default=300, help="of TVAE (default: 300, as published)")
    parser.add_argument("--seeds", type=options.seeds, default=[0], help="default: 0")
    parser.add_argument("--parts", type=options.names, default=["adult", "known"], help="default: adult,known")
    chosen = parser.parse_args()
    if not chosen.parts or set(chosen.parts) - {"adult", "known"}:
        parser.error(f"--parts: expected adult, known, or both with a comma between, found {','.join(chosen.parts)}")
    libraries.prepare("numpy", "scipy", "pandas", "sklearn", "torch", "ctgan")
    import torch
    from tabular import adult, known, synthesizers

    torch.set_num_threads(chosen.threads)
    program = Program(chosen.program, chosen.threads) if chosen.program else None

    def progress(line):
        print(f"compare-synthesis: {line}", file=sys.stderr)

    texts, results = [], {}
    if "adult" in chosen.parts:
        results["adult"] = adult.compare(chosen.data, chosen.seeds, program, chosen.epochs, progress)
        texts.append(adult.markdown(results["adult"], chosen.seeds))
    if "known" in chosen.parts:
        results["known"] = known.compare(chosen.seeds, program, chosen.epochs, progress)
        texts.append(known.markdown(results["known"], chosen.seeds))
    facts = report.facts(program, chosen.threads, synthesizers.PACKAGES)
    texts.append(report.caption(facts))
    report.finish(chosen, "synthesis", "\n\n".join(texts), {"facts": facts, **results})


if __name__ == "__main__":
    main()
