"""How good a model is, measured on texts that it did not learn from: stratified folds, every text asked once.

The temperature of each fold is fitted on the scores of the other folds' texts.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from wangge.kernel.reading.core.corpus import LEAST, Progress, build, silent
from wangge.kernel.reading.core.keeping import packed
from wangge.kernel.reading.core.model import Model, softmax
from wangge.kernel.reading.core.training import SEED, Labels, Scores, coded, finished, temperature, unseen

BINS = 10
Truths = npt.NDArray[np.bool_]


class OfLabel(NamedTuple):
    """The figures of one label; `support` is how many rows have it."""

    label: str
    precision: float
    recall: float
    f1: float
    support: int


class Bin(NamedTuple):
    """Suggestions of about one confidence: how sure they were on average, and the share that was right."""

    low: float
    high: float
    rows: int
    confidence: float
    right: float


class Evaluation(NamedTuple):
    """What was measured. `seconds` is one training on all rows, `size` the bytes of that `model`'s file."""

    macro_f1: float
    accuracy: float
    top3: float
    ece: float
    seconds: float
    size: int
    rows: int
    classes: tuple[OfLabel, ...]
    reliability: tuple[Bin, ...]
    model: Model


def evaluate(
    texts: Sequence[str], labels: Sequence[str], *, folds: int = 5, seed: int = SEED, least: int = LEAST,
    progress: Progress = silent,
) -> Evaluation:
    """Measure by stratified folds, then train on all. Raises `InvalidInput` for rows that no fold can divide.

    `progress` is called twice for each text, and once for each fold and the last training.
    """
    names, given = coded(texts, labels, folds=folds)
    began = time.perf_counter()
    corpus = build(texts, labels=len(names), least=least, progress=progress)
    built = time.perf_counter() - began
    found, fold = unseen(corpus, given, folds, seed=seed, least=least, progress=progress)
    began = time.perf_counter()
    model = finished(corpus, names, given, found, seed=seed, least=least)
    last = time.perf_counter() - began
    progress(1)
    return measured(model, found, fold, given, seconds=built + last)


def measured(model: Model, found: Scores, fold: Labels, given: Labels, *, seconds: float) -> Evaluation:
    """The figures that follow from the scores of unseen rows."""
    chances = np.zeros_like(found)
    for one in np.unique(fold):
        here = fold == one
        chances[here] = softmax(found[here], temperature(found[~here], given[~here]))
    order = np.argsort(-chances, axis=1, kind="stable")
    said, sure = order[:, 0], chances.max(axis=1)
    right = said == given
    classes = tuple(of_label(name, said == at, given == at) for at, name in enumerate(model.labels))
    reliability = bins(sure, right)
    return Evaluation(
        macro_f1=float(np.mean([one.f1 for one in classes])),
        accuracy=float(right.mean()),
        top3=float((order[:, :3] == given[:, None]).any(axis=1).mean()),
        ece=sum(one.rows * abs(one.confidence - one.right) for one in reliability) / len(given),
        seconds=seconds,
        size=len(packed(model)),
        rows=len(given),
        classes=classes,
        reliability=reliability,
        model=model,
    )


def of_label(name: str, said: Truths, true: Truths) -> OfLabel:
    """Precision, recall and F1 of one label; 0 where nothing was said or nothing is true."""
    hits, all_said, all_true = int((said & true).sum()), int(said.sum()), int(true.sum())
    precision, recall = hits / all_said if all_said else 0.0, hits / all_true if all_true else 0.0
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return OfLabel(name, precision, recall, f1, all_true)


def bins(sure: Scores, right: Truths) -> tuple[Bin, ...]:
    """The reliability table: ten equal steps of confidence, those without a row left out."""
    step = np.minimum((sure * BINS).astype(int), BINS - 1)
    return tuple(
        Bin(one / BINS, (one + 1) / BINS, int(here.sum()), float(sure[here].mean()), float(right[here].mean()))
        for one in range(BINS)
        if (here := step == one).any()
    )
