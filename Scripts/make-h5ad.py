#!/usr/bin/env python3
"""Makes an .h5ad file of cells whose counts stand in text files of one folder.

Counts are counts.mtx.gz, cells by genes, or a table with a cell a row and a gene a column. What is known of the cells is in
labels.txt and batch.txt, a line a cell, or in cellinfo.txt.gz, a table with the columns Batch and Group; what genes are
called in genes.txt.gz or genes.tsv.gz, a line a gene. obs gets the columns "label" and "batch" of what there is.
"""

import argparse
import glob
import gzip
import os

import anndata
import numpy as np
import pandas as pd
import scipy.io
import scipy.sparse


def lines(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rt") as file:
        return [line.rstrip("\n").split("\t")[0] for line in file]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("output")
    options = parser.parse_args()

    def find(pattern):
        return next(iter(sorted(glob.glob(os.path.join(options.folder, pattern)))), None)

    matrix = find("counts.mtx*")
    if matrix:
        counts = scipy.sparse.csr_matrix(scipy.io.mmread(matrix))
        names, genes = [f"cell{i}" for i in range(counts.shape[0])], find("genes.t*")
        genes = lines(genes) if genes else [f"gene{i}" for i in range(counts.shape[1])]
    else:
        table = pd.read_csv(find("counts*.txt*"), sep="\t")
        counts = scipy.sparse.csr_matrix(table.to_numpy())
        names, genes = list(table.index), list(table.columns)
    obs = pd.DataFrame(index=names)
    for column, name in (("label", "labels.txt"), ("batch", "batch.txt")):
        if find(name):
            obs[column] = pd.Categorical(lines(find(name)))
    if find("cellinfo*"):
        info = pd.read_csv(find("cellinfo*"), sep="\t").loc[names]
        obs["label"], obs["batch"] = pd.Categorical(info["Group"]), pd.Categorical(info["Batch"])
    cells = anndata.AnnData(counts.astype(np.float32), obs=obs, var=pd.DataFrame(index=genes))
    cells.var_names_make_unique()
    cells.write_h5ad(options.output, compression="gzip")
    print(f"{options.output}: {cells.n_obs} x {cells.n_vars}, {', '.join(obs.columns) or 'nothing known'}")


if __name__ == "__main__":
    main()
