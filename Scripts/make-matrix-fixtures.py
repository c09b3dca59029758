#!/usr/bin/env python3
"""Writes Tests/VAEDataTests/Fixtures/matrices.json: archives of arrays and sparse matrices, as NumPy, SciPy and
scikit-learn write and read them.

Of each file its bytes in base64 and how it is to be read; and the shape, the numbers and the labels that they find in it,
or nothing where it is to be refused. Needs numpy, scipy and scikit-learn.
"""

import base64
import gzip
import io
import json
import pathlib
import tempfile
import warnings
import zipfile

import numpy
import scipy.io
import scipy.sparse
import sklearn.datasets

cases = {}
random = numpy.random.default_rng(1)


def add(name, kind, data, values=None, labels=None, array=None):
    assert name not in cases, name
    case = {"kind": kind, "file": base64.b64encode(data).decode()}
    if values is not None:
        if scipy.sparse.issparse(values):
            values = values.toarray()
        case["shape"] = list(values.shape)
        case["values"] = [float(value) for value in numpy.asarray(values).astype(numpy.float32).ravel()]
        # One stands for all.
        if len(case["values"]) > 1 and len(set(case["values"])) == 1:
            case["values"] = case["values"][:1]
    if labels is not None:
        case["labels"] = [float(label) for label in labels]
    if array is not None:
        case["array"] = array
    cases[name] = case


# Archives of arrays.


def saved(compressed=False, into=None, **arrays):
    file = into or io.BytesIO()
    (numpy.savez_compressed if compressed else numpy.savez)(file, **arrays)
    return file.getvalue()


class Pipe(io.BytesIO):
    """A file that cannot be rewound, so that sizes and checksums come behind the contents."""

    def seekable(self):
        return False

    def seek(self, *_):
        raise io.UnsupportedOperation

    def tell(self):
        raise io.UnsupportedOperation


x = numpy.round(random.normal(size=(5, 3)), 3)
y = numpy.array([2, 0, 1, 1, 0])
add("npz: stored", "npz", saved(x=x, y=y), x, y)
add("npz: deflated", "npz", saved(True, x=x.astype(">f4"), labels=y.astype("u1")), x, y)
add("npz: written to a pipe", "npz", saved(True, Pipe(), X=x, label=y[:, None]), x, y)
add("npz: stored to a pipe", "npz", saved(False, Pipe(), X=x), x)
add("npz: Fortran order", "npz", saved(True, data=numpy.asfortranarray(x)), x)
add("npz: the only one of two dimensions", "npz", saved(a=y, b=x.astype("f2"), c=numpy.array("text")), x.astype("f2"))
add("npz: with a name", "npz", saved(a=x, b=x[:2]), x[:2], array="b")
add("npz: as Keras has it", "npz", saved(x_train=x, y_train=y, x_test=x[:1], y_test=y[:1]), x, y, array="x_train")
add("npz: labels of another length", "npz", saved(x=x, y=y[:4]))
add("npz: labels that are text", "npz", saved(x=x, y=numpy.array(list("abcde"))), x)
add("npz: bytes that repeat", "npz", saved(True, x=numpy.zeros((200, 100), "u1")), numpy.zeros((200, 100)))
add("npz: nothing in it", "npz", saved(x=numpy.zeros((0, 3))), numpy.zeros((0, 3)))
add("npz: ambiguous", "npz", saved(a=x, b=x))
add("npz: objects", "npz", saved(x=numpy.array([{}, [1]], object)))
add("npz: text", "npz", saved(x=numpy.array([["a", "b"]])))
add("npz: complex", "npz", saved(x=x + 1j))
add("npz: fields", "npz", saved(x=numpy.zeros(3, [("a", "<f4"), ("b", "<i4")])))
add("npz: long doubles", "npz", saved(x=x.astype(numpy.longdouble)))

# As if it had more than 4 GB and 65,535 entries, and a comment.
limits = zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT
zipfile.ZIP64_LIMIT = zipfile.ZIP_FILECOUNT_LIMIT = 0
file = io.BytesIO(saved(x=x, y=y))
zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = limits
assert b"PK\x06\x06" in file.getvalue() and b"PK\x06\x07" in file.getvalue()
add("npz: of 64 bits", "npz", file.getvalue(), x, y)
file = io.BytesIO(saved(x=x))
with zipfile.ZipFile(file, "a") as archive:
    archive.comment = b"a comment with PK\x05\x06 in it, and some more of it behind that"
add("npz: with a comment", "npz", file.getvalue(), x)


def zipped(entries, method=zipfile.ZIP_STORED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return file.getvalue()


def npy(array):
    file = io.BytesIO()
    numpy.save(file, array)
    return file.getvalue()


add("npz: folders and other files", "npz", zipped({"notes.txt": b"notes", "x.npy": npy(x)}), x)
add("npz: no arrays", "npz", zipped({"notes.txt": b"notes"}))
add("npz: bzip2", "npz", zipped({"x.npy": npy(x)}, zipfile.ZIP_BZIP2))
add("npz: LZMA", "npz", zipped({"x.npy": npy(x)}, zipfile.ZIP_LZMA))
add("zip: spreadsheet", "zip", zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}))
add("zip: weights", "zip", zipped({"model/data.pkl": b"\x80\x02.", "model/data/0": b"1234"}))

# Sparse matrices.

dense = random.poisson(0.4, size=(6, 7))
dense[2] = 0
dense[:, 5] = 0
counts = scipy.sparse.csr_matrix(dense)


def sparse(matrix, compressed=True):
    file = io.BytesIO()
    scipy.sparse.save_npz(file, matrix, compressed)
    return file.getvalue()


add("sparse: csr", "sparse", sparse(counts), dense)
add("sparse: csc", "sparse", sparse(counts.tocsc(), False), dense)
add("sparse: an array, not a matrix", "sparse", sparse(scipy.sparse.csr_array(dense.astype("f8"))), dense)
wide = counts.copy()
wide.indices, wide.indptr = wide.indices.astype(">i8"), wide.indptr.astype("u4")
parts = {"data": wide.data, "indices": wide.indices, "indptr": wide.indptr, "shape": numpy.array(wide.shape)}
add("sparse: other types of index", "sparse", saved(format=numpy.array("csr"), **parts), dense)
add("sparse: truth values", "sparse", sparse(counts.astype(bool)), dense != 0)
twice = scipy.sparse.csr_matrix(
    (numpy.array([1.5, 2, 4, 8, 16, 0]), numpy.array([3, 1, 3, 0, 0, 2]), numpy.array([0, 3, 3, 6])), (3, 4)
)
assert not twice.has_canonical_format
add("sparse: out of order and twice", "sparse", sparse(twice), twice)
add("sparse: out of order and twice, by columns", "sparse", sparse(twice.T), twice.T)
add("sparse: nothing stored", "sparse", sparse(scipy.sparse.csr_matrix((4, 3))), numpy.zeros((4, 3)))
add("sparse: no rows", "sparse", sparse(scipy.sparse.csc_matrix((0, 3))), numpy.zeros((0, 3)))
add("sparse: bsr", "sparse", sparse(counts.tobsr((2, 7))))
add("sparse: coo", "sparse", sparse(counts.tocoo()))
add("sparse: dia", "sparse", sparse(scipy.sparse.dia_matrix(dense)))
broken = dict(parts, indices=wide.indices.copy())
broken["indices"][1] = 7
add("sparse: index outside", "sparse", saved(format=numpy.array(b"csr"), **broken))
broken = dict(parts, indices=wide.indices.copy())
broken["indices"][1] = -1
add("sparse: index below 0", "sparse", saved(format=numpy.array(b"csr"), **broken))
broken = dict(parts, indptr=wide.indptr.copy())
broken["indptr"][1] = 100
add("sparse: starts that fall", "sparse", saved(format=numpy.array(b"csr"), **broken))
add("sparse: too few starts", "sparse", saved(format=numpy.array(b"csr"), **dict(parts, indptr=wide.indptr[:-1])))
add("sparse: too few numbers", "sparse", saved(format=numpy.array(b"csr"), **dict(parts, data=wide.data[:-1])))
add(
    "sparse: as if of many columns", "sparse",
    saved(format=numpy.array(b"csr"), **dict(parts, shape=numpy.array([6, 2**31]))),
)
add("sparse: floats as indices", "sparse", saved(format=numpy.array(b"csr"), **dict(parts, indices=wide.indices * 1.0)))

# Matrix Market.


def market(matrix, **options):
    file = io.BytesIO()
    scipy.io.mmwrite(file, matrix, **options)
    return file.getvalue()


square = numpy.array([[2, 0, -1], [0, 0, 3.5], [-1, 3.5, 4]])
skew = numpy.array([[0, 2, 0], [-2, 0, 0.5], [0, -0.5, 0]])
add("mtx: integer", "mtx", market(counts, comment="a comment\n\nof lines"), dense)
add("mtx: integer, compressed", "mtx", gzip.compress(market(counts), mtime=0), dense)
add("mtx: real", "mtx", market(scipy.sparse.coo_matrix(x)), x)
add("mtx: pattern", "mtx", market(counts, field="pattern"), dense != 0)
add("mtx: symmetric", "mtx", market(scipy.sparse.coo_matrix(square), symmetry="symmetric"), square)
add("mtx: skew-symmetric", "mtx", market(scipy.sparse.coo_matrix(skew), symmetry="skew-symmetric"), skew)
add("mtx: in full", "mtx-full", market(x), x)
add("mtx: in full, integer", "mtx-full", market(dense), dense)
add("mtx: in full, symmetric", "mtx-full", market(square, symmetry="symmetric"), square)
add("mtx: in full, skew-symmetric", "mtx-full", market(skew, symmetry="skew-symmetric"), skew)
add("mtx: complex", "mtx", market(scipy.sparse.coo_matrix(x + 1j)))
hermitian = numpy.array([[1, 2 + 1j], [2 - 1j, 3]])
add("mtx: hermitian", "mtx", market(hermitian, symmetry="hermitian"))
text = b"%%MatrixMarket  MATRIX Coordinate Real General\r\n% a\r\n\r\n 2\t3 4 \r\n2 3 1e1\r\n\r\n1 1 .5\r\n2 3 2\r\n1 2 0"
values = scipy.io.mmread(io.BytesIO(text)).toarray()
add("mtx: spaces, line ends, twice", "mtx", text, values)

# SVMlight.


def svmlight(matrix, labels, **options):
    file = io.BytesIO()
    sklearn.datasets.dump_svmlight_file(matrix, labels, file, **options)
    return file.getvalue()


for zero_based in [False, True]:
    for comment in [None, "what it is\nand more"]:
        rows = counts[:, :5] if zero_based else counts
        data = svmlight(rows, y_of_rows := numpy.array([1, -1, 0.5, 2, 3, 4]), zero_based=zero_based, comment=comment)
        found, labels = sklearn.datasets.load_svmlight_file(io.BytesIO(data))
        name = f"svmlight: {'from 0' if zero_based else 'from 1'}{', comments' if comment else ''}"
        add(name, "svmlight", data, found, labels)
data = svmlight(counts, y_of_rows, zero_based=False, query_id=numpy.arange(6))
found, labels = sklearn.datasets.load_svmlight_file(io.BytesIO(data))
add("svmlight: queries, compressed", "svmlight", gzip.compress(data, mtime=0), found, labels)
data = svmlight(counts, numpy.array([[1, 0], [1, 1], [0, 1], [1, 1], [1, 0], [1, 1]]), multilabel=True)
add("svmlight: several labels", "svmlight", data)

path = pathlib.Path(__file__).resolve().parent.parent / "Tests/VAEDataTests/Fixtures/matrices.json"
path.parent.mkdir(exist_ok=True)
path.write_text(
    "{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(case)}" for name, case in cases.items()) + "\n}\n"
)
print(path, len(cases), "files,", path.stat().st_size, "bytes")
