#!/usr/bin/env python3
"""Says whether two metrics.jsonl hold the same figures, to the last digit, but for the time that an epoch took.

usage: compare-metrics.py FILE FILE

Prints "equal", or the first figure that differs. Exits with 0 where they are equal, 1 where they are not, 2 where a
file cannot be read. Needs Python alone.
"""

import json
import sys

TIMES = {"seconds", "examples_per_second"}


def read(path):
    """The figures of each line; numbers as they are written."""
    try:
        with open(path, encoding="utf-8") as file:
            lines = [json.loads(line, parse_float=str, parse_int=str) for line in file]
        return [{name: value for name, value in line.items() if name not in TIMES} for line in lines]
    except OSError as error:
        problem = error.strerror
    except (ValueError, AttributeError):
        problem = "expected a JSON object a line"
    print(f"compare-metrics: {path}: {problem}", file=sys.stderr)
    sys.exit(2)


def difference(base, head):
    """A sentence about the first figure that differs; None where all are the same."""
    for number, (one, other) in enumerate(zip(base, head), start=1):
        for name in sorted(one.keys() | other.keys()):
            if one.get(name) != other.get(name):
                return f"line {number}: {name}: {one.get(name, 'nothing')} and {other.get(name, 'nothing')}"
    if len(base) != len(head):
        return f"{len(base)} and {len(head)} lines"
    return None


def main():
    if len(sys.argv) != 3:
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        sys.exit(2)
    found = difference(*(read(path) for path in sys.argv[1:]))
    print(found or "equal")
    sys.exit(1 if found else 0)


main()
