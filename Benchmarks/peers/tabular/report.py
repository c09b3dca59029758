"""What a comparison leaves: JSON, and a table in Markdown, also between two markers of a document."""

import datetime
import importlib.metadata
import json
import os
import platform


def facts(program, threads, packages):
    """The machine, the versions and the day."""
    processor = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor() or platform.machine(),
    )
    return {
        "date": datetime.date.today().isoformat(),
        "processor": processor,
        "processors": os.cpu_count(),
        "threads": threads,
        "python": platform.python_version(),
        "packages": {name: importlib.metadata.version(name) for name in packages},
        "vae_train": program.environment if program else None,
    }


def caption(facts):
    """One sentence of facts, for below a table."""
    ours = facts["vae_train"]
    versions = ", ".join(f"{name} {version}" for name, version in facts["packages"].items())
    build = f"; vae-train {ours['version']}, {ours['products']} products, {ours['instruction_set']}" if ours else ""
    return f"{facts['processor']}, {count(facts['threads'], 'thread')}{build}; {versions}; {facts['date']}."


def table(header, rows):
    lines = ["| " + " | ".join(row) + " |" for row in [header, *rows]]
    return "\n".join([lines[0], "|---" * len(header) + "|", *lines[1:]])


def best_in_bold(values, digits=1, best=max):
    """The values as text, the best of them, as far as the digits tell, in bold."""
    texts = [f"{value:.{digits}f}" for value in values]
    top = f"{best(values):.{digits}f}"
    return [f"**{text}**" if text == top else text for text in texts]


def mean(runs, name):
    """Of one figure, over the seeds."""
    return sum(run[name] for run in runs) / len(runs)


def count(number, noun):
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def finish(options, name, text, results):
    """Writes the figures to --output and the text to the marked place of --document, where given, and prints it."""
    if options.output:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if options.document:
        replace_table(options.document, name, text)
    print(text)


def replace_table(document, name, text):
    """Puts the text between <!-- NAME table --> and <!-- end of NAME table -->."""
    markers = (f"<!-- {name} table -->", f"<!-- end of {name} table -->")
    content = document.read_text(encoding="utf-8")
    start, end = (content.find(marker) for marker in markers)
    if not 0 <= start < end:
        raise SystemExit(f"{document}: expected {markers[0]} and {markers[1]} in this order, found neither or one")
    document.write_text(content[: start + len(markers[0])] + "\n" + text + "\n" + content[end:], encoding="utf-8")


def _lines(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.readlines()
    except OSError:
        return []
