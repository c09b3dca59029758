#!/usr/bin/env python3
"""Writes Tests/VAEDataTests/Fixtures/arrays.json: files in the NPY format, as NumPy writes and reads them.

Of each file its bytes in base64, and the shape and the numbers that numpy.load finds in it. Needs numpy.
"""

import base64
import io
import json
import pathlib
import struct
import warnings

import numpy

cases = {}


def add(name, data):
    with warnings.catch_warnings():
        # NumPy advises to write files with Python 2's headers again.
        warnings.simplefilter("ignore")
        array = numpy.load(io.BytesIO(data))
    with numpy.errstate(over="ignore"):
        values = array.astype(numpy.float32)
    cases[name] = {
        "file": base64.b64encode(data).decode(),
        "shape": list(array.shape),
        "values": [float(value) for value in values.ravel()],
    }


def saved(array, version=None):
    file = io.BytesIO()
    numpy.lib.format.write_array(file, array, version=version, allow_pickle=False)
    return file.getvalue()


def by_hand(header, data):
    text = header.encode("latin1")
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data


# Every type, at both ends of its range, in both orders of bytes.
for word in ["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"]:
    for order in "<>" if word[1] != "1" else "|":
        kind = numpy.dtype(order + word)
        if kind.kind == "b":
            array = numpy.array([[True, False], [False, True], [True, True]])
        elif kind.kind == "f":
            array = numpy.array([[0.1, -2.5], [1e4, -0.0], [6e-8, 65504]], kind)
        else:
            limits = numpy.iinfo(kind)
            array = numpy.array([[limits.min, limits.max], [0, 1], [7, 100]], kind)
        add(f"{order}{word}", saved(array))
        add(f"{order}{word} in Fortran order", saved(numpy.asfortranarray(array)))

# Half precision: a subnormal, the smallest and largest, and numbers that round.
add("halves", saved(numpy.array([2**-24, 2**-14, -(2**-15), 1 / 3, 65504, -1], "<f2")))
add("doubles that round", saved(numpy.array([1 / 3, 1 + 2**-24, 1 + 3 * 2**-25, 1e-45, 3e38], "<f8")))

# Every rank, in both orders.
for shape in [(), (3,), (0, 2), (1, 4), (4, 1), (2, 3), (2, 3, 4), (2, 1, 3, 2)]:
    array = numpy.arange(numpy.prod(shape, dtype=int), dtype="<f4").reshape(shape)
    add(f"shape {shape}", saved(array))
    add(f"shape {shape} in Fortran order", saved(numpy.asfortranarray(array)))
add("a transposed view", saved(numpy.arange(6, dtype="<i2").reshape(2, 3).T))

for version in [(1, 0), (2, 0), (3, 0)]:
    add(f"version {version}", saved(numpy.array([1.5, -2], "<f4"), version))

# What other programs write, and NumPy reads.
numbers = struct.pack("<2f", 1.5, -2)
for name, header in {
    "Python 2's whole numbers": "{'descr': '<f4', 'fortran_order': False, 'shape': (1L, 2L), }\n",
    "Python 2's whole number": "{'descr': '<f4', 'fortran_order': False, 'shape': (2L,), }\n",
    "no comma at the end, other order": "{'shape': (2,), 'fortran_order': False, 'descr': '<f4'}\n",
    "double quotes": '{"descr": "<f4", "fortran_order": False, "shape": (2,)}\n',
    "no spaces": "{'descr':'<f4','fortran_order':True,'shape':(1,2)}\n",
    "many spaces": "{ 'descr' : '<f4' ,  'fortran_order' : False , 'shape' : ( 2 , ) , }   \n",
    "no line end": "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }",
    "the order of the machine": "{'descr': '=f4', 'fortran_order': False, 'shape': (2,), }\n",
    "no order": "{'descr': 'f4', 'fortran_order': False, 'shape': (2,), }\n",
}.items():
    add(name, by_hand(header, numbers))
add("a question mark", by_hand("{'descr': '?', 'fortran_order': False, 'shape': (2,), }\n", b"\x01\x00"))

path = pathlib.Path(__file__).resolve().parent.parent / "Tests/VAEDataTests/Fixtures/arrays.json"
path.parent.mkdir(exist_ok=True)
path.write_text(
    "{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(case)}" for name, case in cases.items()) + "\n}\n"
)
print(path, len(cases), "files,", path.stat().st_size, "bytes")
