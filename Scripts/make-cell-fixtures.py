#!/usr/bin/env python3
"""Writes Tests/VAECellsTests/Fixtures: small files of AnnData, 10x and loom in every encoding that is read, and
expected.json, what is in them, by anndata and scanpy where they read the file.

Old encodings, which no anndata of today writes, are written by h5py, as anndata 0.6 and 0.7 wrote them. Loom is written by
h5py, too. The counts are the same everywhere: 12 cells × 7 genes. Needs anndata, scanpy, h5py and scipy.
With a folder as its argument prints instead what scanpy says of the real files in it, for Tests/VAECellsTests.
"""

import gzip
import json
import pathlib
import sys
import warnings

import anndata
import h5py
import numpy
import pandas
import scanpy
import scipy.sparse

warnings.filterwarnings("ignore")
random = numpy.random.default_rng(7)
cells, genes = 12, 7
counts = (random.poisson(0.7, (cells, genes)) * random.integers(1, 400, (cells, genes))).astype("f4")
counts[4] = 0
cell_names = [f"cell-{i}" for i in range(cells)]
gene_names = [f"Gene{i}" for i in range(genes)]
gene_names[3] = "Gène3"
types = ["T", "B", "NK"]
codes = random.integers(0, 3, cells)
codes[5] = -1
folder = pathlib.Path(__file__).parent.parent / "Tests/VAECellsTests/Fixtures"


def obs():
    values = pandas.Categorical.from_codes(codes, types)
    maybe = pandas.array([None if i == 2 else i * 3 for i in range(cells)], dtype="Int64")
    yes = pandas.array([None if i == 3 else i % 2 == 0 for i in range(cells)], dtype="boolean")
    return pandas.DataFrame(
        {
            "type": values,
            "size": numpy.arange(cells) / 4,
            "round": numpy.arange(cells, dtype="u2"),
            "good": numpy.arange(cells) % 3 == 0,
            "note": [f"n{i}" if i else "" for i in range(cells)],
            "maybe": maybe,
            "yes": yes,
            "year": pandas.Categorical.from_codes(numpy.arange(cells) % 2, [2020, 2021]),
        },
        index=cell_names,
    )


def var():
    return pandas.DataFrame({"highly_variable": numpy.arange(genes) % 2 == 1}, index=gene_names)


def data(matrix, **options):
    return anndata.AnnData(matrix, obs=obs(), var=var(), **options)


def new_files():
    csr = scipy.sparse.csr_matrix(counts)
    data(csr, layers={"counts": csr, "log": numpy.log1p(counts)}).write_h5ad(folder / "csr-gzip.h5ad", compression="gzip")
    data(scipy.sparse.csc_matrix(counts.astype("i8"))).write_h5ad(folder / "csc-lzf.h5ad", compression="lzf")
    data(counts.astype("u2")).write_h5ad(folder / "dense.h5ad")
    logged = data(scipy.sparse.csr_matrix(numpy.log1p(counts)), layers={"counts": csr})
    wide = anndata.AnnData(scipy.sparse.hstack([csr, csr]).tocsr(), obs=obs(), var=pandas.DataFrame(index=gene_names + [n + "b" for n in gene_names]))
    logged.raw = wide
    logged.write_h5ad(folder / "logged.h5ad")
    fractional = counts.copy()
    fractional[1] = fractional[1] * numpy.float32(0.999999)
    data(scipy.sparse.csr_matrix(fractional)).write_h5ad(folder / "nearly.h5ad")


def exposed_file():
    """Cells with a library size of their own, which one of them lacks in another column."""
    cells = data(scipy.sparse.csr_matrix(counts))
    cells.obs["depth"] = numpy.arange(12) * 100.0 + 50
    cells.obs["gap"] = [numpy.nan if i == 7 else 10.0 + i for i in range(12)]
    cells.write_h5ad(folder / "exposed.h5ad", compression="gzip")


def put(group, name, values, **options):
    group.create_dataset(name, data=values, **options)


def old_files():
    """anndata 0.6: compounds, categories in uns, raw.X beside X."""
    csr = scipy.sparse.csr_matrix(counts)
    with h5py.File(folder / "old-06.h5ad", "w") as file:
        frame = numpy.zeros(cells, [("index", "S8"), ("type", "i1"), ("size", "f4"), ("good", "?")])
        frame["index"], frame["type"], frame["size"] = cell_names, codes, numpy.arange(cells) / 4
        frame["good"] = numpy.arange(cells) % 3 == 0
        put(file, "obs", frame, compression="gzip", chunks=(5,))
        text = h5py.string_dtype()
        frame = numpy.zeros(genes, [("index", text), ("highly_variable", "?")])
        frame["index"], frame["highly_variable"] = gene_names, numpy.arange(genes) % 2 == 1
        put(file, "var", frame)
        put(file, "uns/type_categories", numpy.array(types, "S2"))
        group = file.create_group("X")
        group.attrs["h5sparse_format"], group.attrs["h5sparse_shape"] = "csr", counts.shape
        for name in ["data", "indices", "indptr"]:
            put(group, name, getattr(csr, name), chunks=(6,), compression="gzip", shuffle=True)
        group = file.create_group("raw.X")
        group.attrs["h5sparse_format"], group.attrs["h5sparse_shape"] = "csr", counts.shape
        for name in ["data", "indices", "indptr"]:
            put(group, name, getattr(csr, name))
        put(file, "raw.var", frame)
    # anndata 0.7: codes whose attribute refers to __categories; big-endian numbers; chunked, dense.
    with h5py.File(folder / "old-07-big-endian.h5ad", "w") as file:
        put(file, "X", counts.astype(">f8"), chunks=(5, 4), compression="lzf")
        for name, names, columns in [("obs", cell_names, ["type", "size", "note"]), ("var", gene_names, [])]:
            group = file.create_group(name)
            group.attrs["encoding-type"], group.attrs["encoding-version"] = "dataframe", "0.1.0"
            group.attrs["_index"] = "index"
            group.attrs["column-order"] = numpy.array(columns, h5py.string_dtype()) if columns else numpy.array([], "f8")
            put(group, "index", numpy.array(names, object), dtype=h5py.string_dtype())
        group = file["obs"]
        put(group, "type", codes.astype(">i2"))
        put(group, "__categories/type", numpy.array(types, object), dtype=h5py.string_dtype())
        group["type"].attrs["categories"] = group["__categories/type"].ref
        put(group, "size", (numpy.arange(cells) / 4).astype(">f4"))
        put(group, "note", numpy.array([f"n{i}" if i else "" for i in range(cells)], object), dtype=h5py.string_dtype())


def tenx_files():
    csr = scipy.sparse.csr_matrix(counts)
    kinds = ["Gene Expression"] * 5 + ["Antibody Capture"] * 2
    genomes = ["GRCh38"] * 4 + ["mm10"] + [""] * 2
    with h5py.File(folder / "tenx-3.h5", "w") as file:
        group = file.create_group("matrix")
        for name, kind in [("data", "<i4"), ("indices", "<i8"), ("indptr", "<i8")]:
            put(group, name, getattr(csr, name).astype(kind), chunks=(8,), compression="gzip", shuffle=True)
        put(group, "shape", numpy.array([genes, cells], "i4"))
        put(group, "barcodes", numpy.array(cell_names, "S18"))
        for name, values in [("id", [f"ENSG{i}" for i in range(genes)]), ("name", [n.encode() for n in gene_names]), ("feature_type", kinds), ("genome", genomes)]:
            put(group, "features/" + name, numpy.array(values, "S20"))
    with h5py.File(folder / "tenx-2.h5", "w") as file:
        for genome in ["hg19", "mm10"]:
            group = file.create_group(genome)
            for name, kind in [("data", "<i4"), ("indices", "<i8"), ("indptr", "<i8")]:
                put(group, name, getattr(csr, name).astype(kind), chunks=(8,), compression="gzip")
            put(group, "shape", numpy.array([genes, cells], "i4"))
            put(group, "barcodes", numpy.array(cell_names, "S18"))
            put(group, "genes", numpy.array([f"{genome}-{i}" for i in range(genes)], "S20"))
            put(group, "gene_names", numpy.array([n.encode() for n in gene_names], "S20"))
    entries = "".join(
        f"{gene + 1} {cell + 1} {int(counts[cell, gene])}\n"
        for cell in range(cells)
        for gene in reversed(range(genes))
        if counts[cell, gene]
    )
    stored = int((counts != 0).sum())
    banner = f"%%MatrixMarket matrix coordinate integer general\n%\n{genes} {cells} {stored}\n"
    three, two = folder / "tenx-folder-3", folder / "tenx-folder-2"
    three.mkdir(exist_ok=True), two.mkdir(exist_ok=True)

    def zip_text(path, text):
        path.write_bytes(gzip.compress(text.encode(), mtime=0))

    zip_text(three / "GSM1_a_matrix.mtx.gz", banner + entries)
    zip_text(three / "GSM1_a_barcodes.tsv.gz", "".join(f"{n}\n" for n in cell_names))
    zip_text(three / "GSM1_a_features.tsv.gz", "".join(f"ENSG{i}\t{n}\t{k}\n" for i, (n, k) in enumerate(zip(gene_names, kinds))))
    # Gene after gene, which is not Cell Ranger's order.
    lines = sorted(entries.splitlines(), key=lambda line: [int(word) for word in line.split()])
    (two / "matrix.mtx").write_text(banner + "\n".join(lines) + "\n")
    (two / "barcodes.tsv").write_text("\n".join(cell_names))
    (two / "genes.tsv").write_text("".join(f"ENSG{i}\t{n}\r\n" for i, n in enumerate(gene_names)), newline="")


def loom_file():
    with h5py.File(folder / "small.loom", "w") as file:
        put(file, "matrix", counts.T, chunks=(3, 5), compression="gzip")
        put(file, "layers/spliced", counts.T.astype("u2"), chunks=(2, 12), compression="gzip")
        put(file, "layers/log", numpy.log1p(counts.T))
        text = h5py.string_dtype()
        put(file, "row_attrs/Gene", numpy.array(gene_names, object), dtype=text)
        put(file, "row_attrs/Accession", numpy.array([f"ENSG{i}" for i in range(genes)], "S10"))
        put(file, "col_attrs/CellID", numpy.array(cell_names, object), dtype=text)
        put(file, "col_attrs/Clusters", codes)
        put(file, "col_attrs/Embedding", numpy.zeros((cells, 2)))
        file.create_group("row_graphs"), file.create_group("col_graphs")


def compressed_file():
    """What lzf and gzip make of runs, of far repeats, of noise; and types of every width and order."""
    with h5py.File(folder / "compressed.h5", "w") as file:
        numbers = numpy.concatenate([numpy.arange(9000) // 300, numpy.arange(3000) % 700, numpy.zeros(3000), (numpy.arange(3000) * 7919) % 32749])
        put(file, "lzf", numbers.astype("<i4"), chunks=(5000,), compression="lzf")
        put(file, "lzf-shuffled", numbers.astype(">i2"), chunks=(4100,), compression="lzf", shuffle=True)
        put(file, "gzip", numbers.astype("<u8"), chunks=(7000,), compression="gzip", shuffle=True, fletcher32=True)
        for kind in ["i1", "<i2", ">i4", "<i8", ">i8", "u1", ">u2", "<u4", ">u8", "<f2", ">f4", "<f8", ">f8"]:
            put(file, "types/" + kind.replace("<", "little-").replace(">", "big-"), numpy.arange(100).astype(kind))
        put(file, "texts", numpy.array([f"text {i} " + "é" * (i % 40) for i in range(2000)], object), dtype=h5py.string_dtype(), chunks=(300,), compression="gzip")


def bad_files():
    """One thing wrong in each; small, and few bytes each."""
    bad = folder / "bad"
    bad.mkdir(exist_ok=True)
    csr = scipy.sparse.csr_matrix(counts)

    def write(name, change, **parts):
        arrays = {"data": csr.data.copy(), "indices": csr.indices.copy(), "indptr": csr.indptr.copy(), **parts}
        with h5py.File(bad / f"{name}.h5ad", "w", libver=("earliest", "v110")) as file:
            group = file.create_group("X")
            group.attrs["encoding-type"], group.attrs["encoding-version"] = "csr_matrix", "0.1.0"
            group.attrs["shape"] = counts.shape
            for array, values in arrays.items():
                put(group, array, values)
            for frame, names in [("obs", cell_names), ("var", gene_names)]:
                group = file.create_group(frame)
                group.attrs["encoding-type"], group.attrs["_index"] = "dataframe", "_index"
                group.attrs["column-order"] = numpy.array([], "f8")
                put(group, "_index", numpy.array([n.encode() for n in names]))
            change(file)

    def with_value(name, array, place, value):
        values = getattr(csr, array).copy()
        values[place] = value
        write(name, lambda file: None, **{array: values})

    with_value("index-beyond", "indices", 5, genes)
    with_value("index-negative", "indices", 5, -1)
    with_value("indptr-negative", "indptr", 2, -3)
    with_value("indptr-falls", "indptr", 2, 40)
    with_value("indptr-beyond", "indptr", cells, 1000)
    with_value("indptr-first", "indptr", 0, 1)
    with_value("value-negative", "data", 3, -2)
    with_value("value-nan", "data", 3, numpy.nan)
    with_value("value-half", "data", 3, 2.5)
    write("indptr-short", lambda file: None, indptr=csr.indptr[:-1])
    write("data-short", lambda file: None, data=csr.data[:-1])
    write("data-texts", lambda file: None, data=numpy.array([b"1"] * csr.nnz))

    def attribute(path, name, value):
        def change(file):
            file[path].attrs[name] = value

        return change

    write("shape-other", attribute("X", "shape", (cells + 1, genes)))
    write("encoding-unknown", attribute("X", "encoding-type", "coo_matrix"))

    def no_index(file):
        del file["obs/_index"]

    write("index-missing", no_index)

    def elsewhere(file):
        del file["X/data"]
        file["X/data"] = h5py.ExternalLink("elsewhere.h5", "data")

    write("link-outside", elsewhere)

    def far(file):
        del file["X/data"]
        file["X"].create_dataset("data", (csr.nnz,), "f4", external=[("/dev/zero", 0, 4 * csr.nnz)])

    write("bytes-outside", far)

    def huge(file):
        del file["X"]
        file.create_dataset("X", (cells, 1 << 50), "f4", chunks=(1, 1 << 20), compression="gzip")

    write("claims-petabytes", huge)

    def cloud(file):
        group = file["obs"]
        group.attrs["column-order"] = numpy.array(["a", "b", "c", "d", "e", "good", "text"], h5py.string_dtype())
        group.create_group("a").attrs["encoding-type"] = "awkward-array"
        group.create_group("b")
        put(group, "c", numpy.zeros((cells, 2)))
        put(group, "d", numpy.zeros(cells, [("x", "f4"), ("y", "f4")]))
        group["e"] = h5py.SoftLink("/nowhere")
        put(group, "good", numpy.arange(cells))
        # Of anndata 0.11 and later.
        text = file.create_group("obs/text")
        text.attrs["encoding-type"], text.attrs["encoding-version"] = "nullable-string-array", "0.1.0"
        put(text, "values", numpy.array([f"t{i}" for i in range(cells)], object), dtype=h5py.string_dtype())
        put(text, "mask", numpy.arange(cells) == 4)

    write("unknown-columns", cloud)

    def out_of_range(file):
        group = file["obs"].create_group("type")
        group.attrs["encoding-type"] = "categorical"
        put(group, "codes", numpy.full(cells, 2, "i1")), put(group, "categories", numpy.array([b"a", b"b"]))

    write("codes-beyond", out_of_range)

    # What is odd and not wrong: rows out of order, and elements that come in two parts.
    order = numpy.concatenate([numpy.arange(a, b)[::-1] for a, b in zip(csr.indptr, csr.indptr[1:])])
    twice = numpy.repeat(order, 2)
    write(
        "odd-order",
        lambda file: None,
        data=numpy.where(numpy.arange(2 * csr.nnz) % 2 == 0, 1, csr.data[twice] - 1).astype("f4"),
        indices=csr.indices[twice].astype(">i8"),
        indptr=(csr.indptr * 2).astype("u4"),
    )


def expected():
    new = ["csr-gzip", "csc-lzf", "dense"]
    for name in new + ["old-07-big-endian", "old-06"]:
        read = anndata.read_h5ad(folder / f"{name}.h5ad")
        matrix = read.X.toarray() if scipy.sparse.issparse(read.X) else read.X
        assert numpy.array_equal(matrix, counts), name
        assert list(read.obs_names) == cell_names and list(read.var_names) == gene_names, name
        assert [None if v != v else v for v in read.obs["type"]] == [types[c] if c >= 0 else None for c in codes], name
    (folder / "expected.json").write_text(
        json.dumps(
            {
                "counts": counts.astype(int).tolist(),
                "cells": cell_names,
                "genes": gene_names,
                "codes": codes.tolist(),
                "types": types,
            },
            ensure_ascii=False,
        )
        + "\n"
    )


def describe(name, read):
    matrix = scipy.sparse.csr_matrix(read.X)
    columns = {}
    for column in read.obs.columns:
        values = read.obs[column]
        if isinstance(values.dtype, pandas.CategoricalDtype):
            columns[column] = {str(k): int(v) for k, v in values.value_counts().items()}
        elif values.dtype.kind in "fiu":
            columns[column] = float(values.astype("f8").sum())
    print(
        json.dumps(
            {
                "file": name,
                "shape": matrix.shape,
                "nonzero": int(matrix.count_nonzero()),
                "sum": float(matrix.data.astype("f8").sum()),
                "weighted": float((matrix.tocoo().data.astype("f8") * (matrix.tocoo().row % 7 + 1) * (matrix.tocoo().col % 5 + 1)).sum()),
                "cells": list(read.obs_names[:2]),
                "genes": list(read.var_names[:2]),
                "obs": columns,
                "vars": list(read.var.columns),
            }
        )
    )


if len(sys.argv) > 1:
    data_folder = pathlib.Path(sys.argv[1]) / "singlecell"
    for name in ["smfish.h5ad", "pbmc68k-reduced.h5ad"]:
        describe(name, anndata.read_h5ad(data_folder / name))
        raw = anndata.read_h5ad(data_folder / name).raw
        if raw is not None:
            describe(name + " raw", anndata.AnnData(raw.X, var=raw.var, obs=pandas.DataFrame(index=anndata.read_h5ad(data_folder / name).obs_names)))
    for name in ["tenx-v3.h5", "tenx-v2.h5"]:
        describe(name, scanpy.read_10x_h5(data_folder / name))
    for name in ["tenx-v3", "tenx-v2", "immune"]:
        describe(name, scanpy.read_10x_mtx(data_folder / name))
else:
    folder.mkdir(exist_ok=True)
    new_files()
    exposed_file()
    old_files()
    tenx_files()
    loom_file()
    compressed_file()
    bad_files()
    expected()
