#!/usr/bin/env python3
"""Turns what compare-peers.sh measured into results.json, table.md and epochs.svg, and README's table.

    summarize.py RAW OUTPUT [--readme README.md]

RAW holds one file for each process, WORKLOAD.ROUND.SIDE.json. An epoch's time is the best of all rounds.
"""

import argparse
import datetime
import json
import pathlib
import statistics

MARKERS = ("<!-- benchmark table -->", "<!-- end of benchmark table -->")
OURS = "vae-bench"


def collect(raw):
    """{workload: {side: {"seconds": [...], "peak_memory_megabytes": ..., ...}}} and vae-bench's machine."""
    workloads, machine = {}, None
    for path in sorted(raw.glob("*.json")):
        workload, _, side = path.name.removesuffix(".json").split(".")
        content = json.loads(path.read_text())
        if side == OURS:
            machine = content["machine"]
            result = content["workloads"][0]
            result["seconds"] = result["epoch_seconds"]
            result["name"] = f"this library ({machine['products']} products, {machine['instruction_set']})"
        else:
            result = content
            result["name"] = content["peer"]
        entry = workloads.setdefault(workload, {}).setdefault(side, {"rounds": []})
        entry["name"] = result["name"]
        entry["rounds"].append(result)
    for sides in workloads.values():
        for side, entry in sides.items():
            rounds = entry["rounds"]
            seconds = [s for result in rounds for s in result["seconds"]]
            entry["best_seconds"] = min(seconds)
            entry["median_seconds"] = statistics.median(seconds)
            entry["peak_memory_megabytes"] = max(r["peak_memory_megabytes"] for r in rounds)
            if side == OURS:
                entry["products_seconds"] = min(r["products_seconds"] for r in rounds)
    return workloads, machine


def best_pytorch(sides):
    return min((entry for side, entry in sides.items() if side.startswith("pytorch")), key=lambda e: e["best_seconds"])


def table(workloads):
    lines = [
        "| workload | seconds an epoch | JAX | PyTorch, its best | products alone | memory, MB: here, JAX, PyTorch |",
        "|---|---|---|---|---|---|",
    ]
    for workload, sides in workloads.items():
        ours, jax, torch = sides[OURS], sides["jax"], best_pytorch(sides)
        best = ours["best_seconds"]
        mode = torch["name"].split()[-1]
        memory = ", ".join(f"{e['peak_memory_megabytes']:.0f}" for e in (ours, jax, torch))
        lines.append(
            f"| `{workload}` | **{best:.2f}** | {jax['best_seconds']:.2f} ({jax['best_seconds'] / best:.2f} ×) "
            f"| {torch['best_seconds']:.2f} ({torch['best_seconds'] / best:.2f} ×), {mode} "
            f"| {ours['products_seconds']:.2f} ({ours['products_seconds'] / best:.2f} of it) | {memory} |"
        )
    return "\n".join(lines)


def caption(workloads, machine, date):
    names = sorted({e["name"].rsplit(" ", 1)[0] for s in workloads.values() for k, e in s.items() if k != OURS})
    return (
        f"{machine['processor']}, {machine['threads']} threads, {machine['instruction_set']}, OpenBLAS core "
        f"{machine['openblas_core']}, {machine['system']}; {', '.join(names)}; {date}. Best epoch of all rounds, "
        "sides in turns; in brackets, how many times longer than here. Memory is the most of the whole process."
    )


def chart(workloads, machine, path):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    plt.rcParams.update({"font.size": 10, "svg.hashsalt": "vae", "svg.fonttype": "none"})
    # Okabe and Ito's colours, which colour-blind readers can tell apart.
    bars = [
        (OURS, "this library", "#0072B2"),
        ("jax", "JAX, one scan", "#E69F00"),
        ("pytorch-fused", "PyTorch, fused", "#009E73"),
        ("pytorch-compile", "PyTorch, compiled", "#CC79A7"),
        ("pytorch-eager", "PyTorch, eager", "#999999"),
    ]
    figure, axes = plt.subplots(1, len(workloads), figsize=(2.6 * len(workloads) + 0.6, 3.4), squeeze=False)
    for ax, (workload, sides) in zip(axes[0], workloads.items()):
        for x, (side, label, colour) in enumerate(bars):
            value = sides[side]["best_seconds"]
            ax.bar(x, value, color=colour, label=label)
            ax.text(x, value, f"{value:.2f}" if value < 10 else f"{value:.1f}", ha="center", va="bottom", fontsize=9)
        ax.set_title(workload)
        ax.set_xticks([])
        ax.margins(y=0.12)
        ax.spines[["top", "right"]].set_visible(False)
    axes[0][0].set_ylabel("seconds an epoch of MNIST")
    handles, labels = axes[0][0].get_legend_handles_labels()
    figure.suptitle(f"{machine['processor']}, {machine['threads']} threads", fontsize=10)
    figure.legend(handles, labels, loc="lower center", ncols=min(5, len(bars)), frameon=False)
    figure.tight_layout(rect=(0, 0.09, 1, 1))
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None, dpi=150)


def replace_table(readme, text):
    content = readme.read_text()
    start, end = (content.find(marker) for marker in MARKERS)
    if not 0 <= start < end:
        raise SystemExit(f"{readme}: expected {MARKERS[0]} and {MARKERS[1]} in this order, found neither or one")
    readme.write_text(content[: start + len(MARKERS[0])] + "\n" + text + "\n" + content[end:])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("raw", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--readme", type=pathlib.Path)
    options = parser.parse_args()
    workloads, machine = collect(options.raw)
    threads = {r.get("threads") for s in workloads.values() for k, e in s.items() if k != OURS for r in e["rounds"]}
    if threads != {machine["threads"]}:
        raise SystemExit(f"expected all sides with {machine['threads']} threads, found {sorted(map(str, threads))}")
    order = ["keras-2d", "torch-20d", "iwae-50d", "wide-64d"]
    workloads = {name: workloads[name] for name in order if name in workloads}
    date = datetime.date.today().isoformat()
    text = table(workloads) + "\n\n" + caption(workloads, machine, date)
    results = {"date": date, "machine": machine, "workloads": workloads}
    (options.output / "results.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    (options.output / "table.md").write_text(text + "\n")
    chart(workloads, machine, options.output / "epochs.svg")
    chart(workloads, machine, options.output / "epochs.png")
    if options.readme:
        replace_table(options.readme, text)
    print(text)


if __name__ == "__main__":
    main()
