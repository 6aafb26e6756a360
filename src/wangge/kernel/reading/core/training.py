"""Learning: one linear support-vector machine a label, and one temperature for all.

The temperature is fitted on the scores of texts that the weights had not seen, by folds; it changes how sure the
model is, never which label comes first. The same texts, labels and seed give the same model, to the last bit.
scikit-learn is loaded here and nowhere else, when something is to be learned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from wangge.base.errors import InvalidInput
from wangge.kernel.reading.core.corpus import LEAST, Corpus, Progress, build, choose, rarity, silent, weighted
from wangge.kernel.reading.core.model import Floats, Model, softmax

FOLDS = 3
"""Folds of the temperature; what is measured takes those of `evaluate`."""
COST = 0.5
"""How much a training text on the wrong side costs, against small weights."""
SEED = 2018

Labels = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]


class Fitted(NamedTuple):
    """Weights for chosen columns of a corpus."""

    columns: npt.NDArray[np.int64]
    idf: Floats
    weights: Floats
    bias: Floats


def train(
    texts: Sequence[str], labels: Sequence[str], *, seed: int = SEED, least: int = LEAST, progress: Progress = silent
) -> Model:
    """A model of these texts. Raises `InvalidInput` for fewer than two labels, or one too rare to divide."""
    names, given = coded(texts, labels, folds=FOLDS)
    corpus = build(texts, labels=len(names), least=least, progress=progress)
    found, _ = unseen(corpus, given, FOLDS, seed=seed, least=least)
    return finished(corpus, names, given, found, seed=seed, least=least)


def coded(texts: Sequence[str], labels: Sequence[str], *, folds: int) -> tuple[tuple[str, ...], Labels]:
    """The labels in order and each text's number among them. Raises `InvalidInput` for what no fold can divide."""
    if len(texts) != len(labels):
        raise InvalidInput(
            f"There are {len(texts)} texts and {len(labels)} labels.", field="labels", expected="one for each text"
        )
    if folds < 2:
        raise InvalidInput("A measurement takes several folds.", field="folds", value=folds, expected="2 or more")
    sizes = Counter(labels)
    if len(sizes) < 2:
        raise InvalidInput(
            "There is nothing to tell apart.", field="label", value=next(iter(sizes), "no row"),
            expected="rows of two labels or more",
        )
    rare = min(sizes, key=lambda name: (sizes[name], name))
    if sizes[rare] < folds:
        raise InvalidInput(
            f"The label “{rare}” has {sizes[rare]} rows, fewer than the {folds} folds.", field="label", value=rare,
            expected=f"at least {folds} rows of each label; --skip-rare leaves rarer labels out",
        )
    names = tuple(sorted(sizes))
    number = {name: at for at, name in enumerate(names)}
    return names, np.array([number[label] for label in labels], dtype=np.int64)


def split(given: Labels, folds: int, *, seed: int) -> Iterator[tuple[Labels, Labels]]:
    """Stratified folds: the rows to learn from and those to measure with."""
    fold = np.empty(len(given), dtype=np.int64)
    random = np.random.default_rng(seed)
    first = 0
    for label in np.unique(given):
        rows = random.permutation(np.flatnonzero(given == label))
        fold[rows] = (np.arange(len(rows)) + first) % folds
        first += len(rows)
    for one in range(folds):
        yield np.flatnonzero(fold != one), np.flatnonzero(fold == one)


def fit(corpus: Corpus, rows: Labels, given: Labels, *, seed: int, least: int) -> Fitted:
    """The weights that these rows teach; columns that too few of them have are left out."""
    from sklearn.svm import LinearSVC

    counts = corpus.counts[rows]
    held = np.bincount(counts.indices, minlength=counts.shape[1])
    columns = choose(held, least=least, most=counts.shape[1])
    if not len(columns):
        raise InvalidInput(
            "The texts have nothing in common.", field="text", expected=f"words that stand in {least} texts or more"
        )
    counts = counts[:, columns]
    idf = rarity(counts)
    machine = LinearSVC(C=COST, dual=True, tol=1e-2, max_iter=200, random_state=seed)
    machine.fit(weighted(counts, idf), given[rows])
    weights, bias = machine.coef_.astype(np.float32), machine.intercept_.astype(np.float32)
    if len(weights) == 1:  # of two labels the machine learns the second only
        weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    return Fitted(columns, idf, weights, bias)


def scores(corpus: Corpus, rows: Labels, fitted: Fitted) -> Scores:
    """The scores of these rows, before any temperature."""
    table = weighted(corpus.counts[rows][:, fitted.columns], fitted.idf)
    return np.asarray(table @ fitted.weights.T, dtype=np.float64) + fitted.bias


def unseen(
    corpus: Corpus, given: Labels, folds: int, *, seed: int, least: int, progress: Progress = silent
) -> tuple[Scores, Labels]:
    """For each row the scores of weights that had not seen it, and the fold that it was in."""
    found = np.zeros((len(given), int(given.max()) + 1))
    fold = np.zeros(len(given), dtype=np.int64)
    for number, (taught, asked) in enumerate(split(given, folds, seed=seed)):
        found[asked] = scores(corpus, asked, fit(corpus, taught, given, seed=seed, least=least))
        fold[asked] = number
        progress(1)
    return found, fold


def temperature(found: Scores, given: Labels) -> float:
    """The inverse temperature under which the labels are likeliest, by golden section on its logarithm."""

    def loss(power: float) -> float:
        chances = softmax(found, float(np.exp(power)))[np.arange(len(given)), given]
        return float(-np.log(np.maximum(chances, 1e-12)).mean())

    low, high, golden = np.log(0.05), np.log(50.0), (5**0.5 - 1) / 2
    for _ in range(40):
        left, right = high - golden * (high - low), low + golden * (high - low)
        if loss(left) <= loss(right):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def finished(
    corpus: Corpus, names: tuple[str, ...], given: Labels, found: Scores, *, seed: int, least: int
) -> Model:
    """The model of all rows, as sure as the scores of unseen rows allow."""
    last = fit(corpus, np.arange(len(given)), given, seed=seed, least=least)
    return Model(
        names, corpus.features[last.columns], last.idf, last.weights, last.bias, temperature(found, given), len(given)
    )
