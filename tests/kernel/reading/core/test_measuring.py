"""What is measured is what scikit-learn and the definitions say."""

from __future__ import annotations

import numpy as np
import pytest

from tests.kernel.reading.messages import messages
from wangge.kernel.reading.core import evaluate
from wangge.kernel.reading.core.measuring import bins, of_label
from wangge.kernel.reading.core.training import temperature


def test_a_measurement_has_every_figure_and_is_the_same_for_a_seed() -> None:
    texts, labels = messages(250)
    one = evaluate(texts, labels, folds=5, seed=4)
    assert one.macro_f1 >= 0.9
    assert 0 <= one.ece <= 0.3
    assert one.accuracy <= one.top3 <= 1
    assert (one.rows, sum(row.support for row in one.classes), sum(row.rows for row in one.reliability)) == (250,) * 3
    assert one.macro_f1 == pytest.approx(np.mean([row.f1 for row in one.classes]))
    again = evaluate(texts, labels, folds=5, seed=4)
    assert again[:4] == one[:4]
    assert again.classes == one.classes


def test_labels_that_the_words_do_not_tell_are_not_found() -> None:
    """Nothing leaks from the rows that are asked into the rows that are learned from."""
    texts, _ = messages(300)
    drawn = np.random.default_rng(0).integers(0, 2, len(texts))
    seen = evaluate(texts, [f"类{one}" for one in drawn], folds=5)
    assert 0.35 < seen.accuracy < 0.65
    assert max(row.confidence for row in seen.reliability) < 0.8


def test_the_figures_of_a_label_are_those_of_scikit_learn() -> None:
    from sklearn.metrics import precision_recall_fscore_support

    random = np.random.default_rng(5)
    true, said = random.integers(0, 4, 200), random.integers(0, 4, 200)
    expected = zip(*precision_recall_fscore_support(true, said), strict=True)
    for label, (precision, recall, f1, support) in enumerate(expected):
        found = of_label(str(label), said == label, true == label)
        assert found[1:4] == pytest.approx((precision, recall, f1))
        assert found.support == support
    assert of_label("none", np.zeros(3, bool), np.zeros(3, bool))[1:] == (0.0, 0.0, 0.0, 0)


def test_the_reliability_table_says_how_sure_and_how_right() -> None:
    table = bins(np.array([0.95, 1.0, 0.55, 0.51]), np.array([True, False, True, True]))
    assert [(row.low, row.rows, row.right) for row in table] == [(0.5, 2, 1.0), (0.9, 2, 0.5)]
    assert table[1].confidence == pytest.approx(0.975)


def test_the_temperature_makes_sure_scores_as_sure_as_they_are_right() -> None:
    random = np.random.default_rng(1)
    given = random.integers(0, 3, 3000)
    found = random.normal(size=(3000, 3))
    found[np.arange(3000), given] += 1.0
    assert temperature(found * 10, given) == pytest.approx(temperature(found, given) / 10, rel=1e-3)
    assert temperature(found, given) == pytest.approx(1.0, abs=0.15)
