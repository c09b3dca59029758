#!/usr/bin/env python3
"""Says whether two .safetensors files hold the same tensors, byte for byte.

usage: compare-tensors.py FILE FILE

Their metadata, and the order of the tensors, may differ. Prints "equal", or the first tensor that differs and by how
much. Exits with 0 where they are equal, 1 where they are not, 2 where a file cannot be read. Needs Python alone.
"""

import array
import json
import math
import struct
import sys

# Codes of the module array. Other types are compared as bytes.
CODES = {"F32": "f", "F64": "d", "I8": "b", "U8": "B", "I16": "h", "U16": "H", "I32": "i", "U32": "I", "I64": "q"}


def read(path):
    """Type, shape and bytes of every tensor, by name."""
    try:
        with open(path, "rb") as file:
            content = file.read()
        (length,) = struct.unpack("<Q", content[:8])
        header = json.loads(content[8 : 8 + length])
        header.pop("__metadata__", None)
        tensors = {}
        for name, entry in header.items():
            start, end = (8 + length + offset for offset in entry["data_offsets"])
            if not start <= end <= len(content):
                raise ValueError(f"tensor {name} ends at byte {end} of {len(content)}")
            tensors[name] = (entry["dtype"], entry["shape"], content[start:end])
        return tensors
    except OSError as error:
        problem = error.strerror
    except (struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
        problem = f"expected the safetensors format, found {error}"
    print(f"compare-tensors: {path}: {problem}", file=sys.stderr)
    sys.exit(2)


def numbers(kind, content):
    values = array.array(CODES.get(kind, "B"))
    values.frombytes(content)
    if sys.byteorder == "big":
        values.byteswap()
    return values


def difference(name, base, head):
    """A sentence about two tensors; None where they are the same."""
    if base == head:
        return None
    if base[:2] != head[:2]:
        return f"{name}: {base[0]} {base[1]} and {head[0]} {head[1]}"
    pairs = list(zip(numbers(base[0], base[2]), numbers(head[0], head[2])))
    size = len(base[2]) // max(len(pairs), 1)
    # By their bytes: −0 is not 0 here, and NaN is NaN.
    places = [
        index
        for index in range(len(pairs))
        if base[2][index * size : (index + 1) * size] != head[2][index * size : (index + 1) * size]
    ]
    distances = [abs(pairs[index][0] - pairs[index][1]) for index in places]
    furthest = math.nan if any(math.isnan(distance) for distance in distances) else max(distances)
    first = places[0]
    return (
        f"{name}: {len(places)} of {len(pairs)} numbers differ, by up to {furthest:.3g}; the first is number {first}: "
        f"{pairs[first][0]!r} and {pairs[first][1]!r}"
    )


def main():
    if len(sys.argv) != 3:
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        sys.exit(2)
    base, head = (read(path) for path in sys.argv[1:])
    for name in base:
        found = f"{name}: in the first file alone" if name not in head else difference(name, base[name], head[name])
        if found:
            print(found)
            sys.exit(1)
    for name in head:
        if name not in base:
            print(f"{name}: in the second file alone")
            sys.exit(1)
    print("equal")


main()
