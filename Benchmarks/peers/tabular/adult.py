"""Classifiers trained on drawn rows of the Adult census and tested on real ones, as the paper of TVAE and CTGAN has it.

Xu, Skoularidou, Cuesta-Infante and Veeramachaneni (2019), "Modeling tabular data using conditional GAN", NeurIPS: F1 of
the income above 50,000, average of four classifiers: 0.669 trained on real rows, 0.626 on TVAE's, 0.601 on CTGAN's. The
settings of the classifiers are those of its benchmark (sdv-dev/SDGym, version of 2020, sdgym/evaluate.py). Here two
thirds of the 32,561 rows are trained on and one third is tested on; there it was 23,000 and 10,000.
"""

import warnings

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import AdaBoostClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from tabular import report
from tabular.clock import Clock
from tabular.synthesizers import OURS, PEER, REAL, sides

LABEL, POSITIVE = "income", ">50K"
LONG_TAILED = ["fnlwgt", "capital-gain", "capital-loss"]
PUBLISHED = {REAL: 0.669, PEER: 0.626}


def read(path):
    """The table and its columns of categories; "?" is a category as any other."""
    rows = pd.read_csv(path, skipinitialspace=True, keep_default_na=False)
    return rows, [name for name in rows.columns if not pd.api.types.is_numeric_dtype(rows[name])]


def classifiers(seed):
    return {
        "decision tree": DecisionTreeClassifier(max_depth=15, class_weight="balanced", random_state=seed),
        "AdaBoost": AdaBoostClassifier(random_state=seed),
        "logistic regression": LogisticRegression(class_weight="balanced", max_iter=50),
        "MLP": MLPClassifier(hidden_layer_sizes=(50,), max_iter=50, random_state=seed),
    }


def features(real, categories):
    """Numbers standardised, their logarithms where they have long tails; a column for each category. Fitted to real
    rows, so that every side's classifiers see the same features."""
    inputs = [name for name in real.columns if name != LABEL]
    numbers = [name for name in inputs if name not in categories and name not in LONG_TAILED]
    logarithm = FunctionTransformer(lambda values: np.log1p(np.maximum(values, 0)))
    return make_column_transformer(
        (StandardScaler(), numbers),
        (make_pipeline(logarithm, StandardScaler()), LONG_TAILED),
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), [name for name in inputs if name in categories]),
    ).fit(real)


def evaluate(rows, test, encode, seed):
    """F1 and accuracy of each classifier, and their averages."""
    x, y = encode.transform(rows), (rows[LABEL] == POSITIVE).to_numpy()
    test_x, test_y = encode.transform(test), (test[LABEL] == POSITIVE).to_numpy()
    by_name = {}
    for name, classifier in classifiers(seed).items():
        predicted = np.full(len(test_y), y[0])
        if len(np.unique(y)) > 1:
            with warnings.catch_warnings():
                # The benchmark ends logistic regression and MLP after 50 iterations, converged or not.
                warnings.simplefilter("ignore", ConvergenceWarning)
                predicted = classifier.fit(x, y).predict(test_x)
        by_name[name] = {
            "f1": float(f1_score(test_y, predicted)),
            "accuracy": float(accuracy_score(test_y, predicted)),
        }
    averages = {name: float(np.mean([entry[name] for entry in by_name.values()])) for name in ("f1", "accuracy")}
    return {**averages, "positives": float(y.mean()), "classifiers": by_name}


def compare(path, seeds, program, epochs, progress):
    """{side: [one entry a seed]}; a seed has its own split."""
    rows, categories = read(path)
    entries = {}
    for seed in seeds:
        train, test = train_test_split(rows, test_size=1 / 3, random_state=seed)
        train, test = train.reset_index(drop=True), test.reset_index(drop=True)
        encode = features(train, categories)
        for side, draw in {REAL: lambda: (train, {}), **sides(program, train, categories, seed, epochs)}.items():
            clock = Clock()
            drawn, times = draw()
            times = {**clock.times(), **times}
            entry = {"seed": seed, **times, **evaluate(drawn, test, encode, seed)}
            entries.setdefault(side, []).append(entry)
            progress(f"adult, seed {seed}: {side}: F1 {entry['f1']:.3f}, {times['all_seconds']:.1f} s")
    return entries


def markdown(entries, seeds):
    def mean(side, name):
        return report.mean(entries[side], name)

    drawn = [side for side in entries if side != REAL]
    best = dict(zip(drawn, report.best_in_bold([mean(side, "f1") for side in drawn], digits=3)))
    rows = []
    for side in entries:
        timed = side in (OURS, PEER)
        training = f"{mean(side, 'training_seconds'):.1f}" if timed else ""
        published = f"{PUBLISHED[side]:.3f}" if side in PUBLISHED else ""
        f1 = best.get(side, f"{mean(side, 'f1'):.3f}")
        whole = f"{mean(side, 'all_seconds'):.1f}" if timed else ""
        rows.append([side, f1, published, f"{mean(side, 'accuracy'):.3f}", training, whole])
    header = ["trained on", "F1 of >50K", "published", "accuracy", "training, s", "all, s"]
    note = (
        f"Adult census, mean of four classifiers and {report.count(len(seeds), 'split')}, tested on the real third. "
        f"TVAE: {report.count(entries[PEER][0]['epochs'], 'epoch')}. All: with what comes before training, and drawing."
    )
    return report.table(header, rows) + "\n\n" + note
