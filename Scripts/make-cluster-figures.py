#!/usr/bin/env python3
"""Prints the figures that Tests/VAETrainerTests/Neighbors compares with, by scikit-learn (1.9.1 when they were recorded).

pip install scikit-learn; python3 Scripts/make-cluster-figures.py
"""

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score, silhouette_samples

# The same whole numbers as in FigurePoints.swift.
point, column = np.meshgrid(np.arange(60), np.arange(3), indexing="ij")
points = ((point * 37 + column * 17 + point * point * (column + 1)) % 23 + 9 * (point % 4)).astype(np.float64)
labels = np.arange(60) % 4
other = np.arange(60) * 7 % 60 // 9
halves = np.arange(60) // 30
alone = np.where(np.arange(60) == 59, 9, labels)


def show(name, value):
    print(f"{name}: {value:.15f}")


for name, a, b in [("labels, other", labels, other), ("labels, halves", labels, halves), ("labels, alone", labels, alone)]:
    show(f"adjusted Rand index of {name}", adjusted_rand_score(a, b))
    show(f"normalised mutual information of {name}", normalized_mutual_info_score(a, b))
for name, groups in [("labels", labels), ("halves", halves), ("alone", alone)]:
    widths = silhouette_samples(points, groups)
    show(f"silhouette by {name}", widths.mean())
    for group in sorted(set(groups)):
        show(f"  of group {group}", widths[groups == group].mean())
for clusters in 1, 2, 4:
    show(f"least inertia of {clusters} clusters", KMeans(clusters, n_init=200, random_state=0).fit(points).inertia_)
