#!/usr/bin/env python3
"""Writes cells that are drawn, not measured: counts of a known structure, as an .h5ad file of any size.

Every cell is of one of twelve types and one of two batches; a gene's share is log-normal by gene, type and batch, the number
counted in a cell log-normal, and a count negative binomial with an inverse dispersion of its gene. --density says how many
of the numbers are not zero, about.
"""

import argparse

import anndata
import numpy as np
import pandas as pd
import scipy.sparse as sp


def draw(cells, genes, density, seed, block=10_000):
    random = np.random.default_rng(seed)
    types, batches = 12, 2
    gene = random.normal(0, 1.2, genes)
    share = gene + random.normal(0, 0.7, (types, genes)) * (random.random((types, genes)) < 0.2)
    shift = random.normal(0, 0.3, (batches, genes))
    theta = np.exp(random.normal(1, 0.5, genes))
    kind = random.integers(0, types, cells)
    batch = random.integers(0, batches, cells)
    depth = np.exp(random.normal(0, 0.3, cells))
    scale = 1.0

    def rows(which, scale):
        mean = np.exp(share[kind[which]] + shift[batch[which]])
        mean *= (scale * depth[which] * genes / mean.sum(1))[:, None]
        return random.poisson(mean * random.gamma(theta, 1 / theta, mean.shape))

    # The scale at which so many are not zero, by halving.
    low, high = 1e-4, 1e3
    some = np.arange(min(cells, 500))
    for _ in range(30):
        scale = (low * high) ** 0.5
        low, high = (scale, high) if (rows(some, scale) > 0).mean() < density else (low, scale)
    parts = [
        sp.csr_matrix(rows(np.arange(start, min(start + block, cells)), scale).astype(np.float32))
        for start in range(0, cells, block)
    ]
    matrix = sp.vstack(parts, format="csr")
    obs = pd.DataFrame(
        {"cell_type": pd.Categorical([f"type {k}" for k in kind]), "batch": pd.Categorical([f"batch {b}" for b in batch])},
        index=[f"cell {i}" for i in range(cells)])
    return anndata.AnnData(matrix, obs=obs, var=pd.DataFrame(index=[f"gene {i}" for i in range(genes)]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output")
    parser.add_argument("--cells", type=int, default=10_000)
    parser.add_argument("--genes", type=int, default=2_000)
    parser.add_argument("--density", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    data = draw(options.cells, options.genes, options.density, options.seed)
    data.write_h5ad(options.output)
    print(f"{data.shape[0]} x {data.shape[1]}, {data.X.nnz} not zero ({data.X.nnz / np.prod(data.shape):.1%})")


if __name__ == "__main__":
    main()
