#!/usr/bin/env python3
"""Writes Tests/VAECellsTests/Fixtures/variable-genes.json: what scanpy's seurat_v3 makes of drawn counts.

Needs scanpy and scikit-misc. Run in the repository's folder.
"""

import json

import anndata
import numpy as np
import scanpy
from skmisc.loess import loess

random = np.random.default_rng(5)
cells, genes = 60, 150
mean = np.exp(random.normal(0, 1.5, genes))
counts = random.poisson(mean * random.gamma(2, 0.5, (cells, genes))).astype(np.float32)
data = anndata.AnnData(counts, obs={"batch": ["a" if i % 3 else "b" for i in range(cells)]})
scanpy.pp.highly_variable_genes(data, flavor="seurat_v3", n_top_genes=40)
batched = data.copy()
scanpy.pp.highly_variable_genes(batched, flavor="seurat_v3", n_top_genes=40, batch_key="batch")
m, v = counts.mean(0, dtype=np.float64), counts.var(0, ddof=1, dtype=np.float64)
x, y = np.log10(m[v > 0]), np.log10(v[v > 0])
curve = loess(x, y, span=0.3, degree=2)
curve.fit()
with open("Tests/VAECellsTests/Fixtures/variable-genes.json", "w") as file:
    json.dump(
        {
            "counts": [[int(c) for c in row] for row in counts],
            "batches": [int(b == "b") for b in data.obs["batch"]],
            "scores": [round(float(s), 7) for s in data.var["variances_norm"]],
            "top": [int(i) for i in np.flatnonzero(data.var["highly_variable"])],
            "topOfBatches": [int(i) for i in np.flatnonzero(batched.var["highly_variable"])],
            "x": [round(float(a), 9) for a in x],
            "y": [round(float(a), 9) for a in y],
            "curve": [round(float(a), 7) for a in curve.outputs.fitted_values],
        },
        file)
    file.write("\n")
