"""Learning is the same for a seed, sure only as far as it is right, and bounded."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from tests.kernel.reading.messages import messages
from wangge.base.errors import InvalidInput
from wangge.kernel.reading.core import Model, evaluate, train
from wangge.kernel.reading.core.corpus import build, choose
from wangge.kernel.reading.core.grams import grams, prepared
from wangge.kernel.reading.core.keeping import packed
from wangge.kernel.reading.core.training import coded, split


@pytest.fixture(scope="module")
def model() -> Model:
    return train(*messages(300))


def test_the_label_of_new_messages_is_suggested_first(model: Model) -> None:
    texts, labels = messages(200, seed=77)
    right = sum(model.suggest(text)[0].label == label for text, label in zip(texts, labels, strict=True))
    assert right >= 190


def test_the_reason_names_words_of_the_text_that_speak_for_the_label() -> None:
    texts = [f"{place}有人{what}，很难受" for place in ("桥头", "东门", "店前", "楼下", "巷口", "院里", "湖边", "站旁")
             for what in ("烧烤冒油烟", "不修路灯")]
    model = train(texts, ["油烟", "照明"] * 8)
    [first, second] = model.suggest("学校旁边有人烧烤冒油烟，很难受")
    assert first.label == "油烟"
    assert any("烧烤" in word or "油烟" in word for word in first.words)
    assert all(word in "学校旁边有人烧烤冒油烟,很难受" for word in (*first.words, *second.words))
    assert first.reason == "".join(f"“{word}”" for word in first.words)


def test_probabilities_sum_to_one_and_suggestions_descend(model: Model) -> None:
    for text in (*messages(20, seed=5)[0], "", "zzzz", "路"):
        chances = model.probabilities(text)
        assert chances.sum() == pytest.approx(1.0)
        assert (chances >= 0).all()
    said = [one.confidence for one in model.suggest(messages(1)[0][0], n=99)]
    assert len(said) == len(model.labels)
    assert said == sorted(said, reverse=True)


@pytest.mark.parametrize("text", ["", " ", "qqqq", "＊＊＊"])
def test_nothing_is_suggested_for_a_text_with_nothing_known(model: Model, text: str) -> None:
    assert model.suggest(text) == []


def test_the_same_seed_gives_the_same_bytes(model: Model) -> None:
    assert packed(train(*messages(300))) == packed(model)


def test_what_fewer_than_five_texts_have_is_no_feature() -> None:
    texts, labels = messages(200)
    named = [f"{text}赵钱孙李的院子" if at < 4 else text for at, text in enumerate(texts)]
    learned = set(train(named, labels).features.tolist())
    assert not set(grams(prepared("赵钱孙李"))[3].tolist()) & learned
    named = [f"{text}赵钱孙李的院子" if at < 5 else text for at, text in enumerate(texts)]
    assert set(grams(prepared("赵钱孙李"))[3].tolist()) <= set(build(named, labels=5).features.tolist())


def test_no_number_of_a_person_becomes_a_feature() -> None:
    texts, labels = messages(60)
    with_phone = [f"{text}电话13800000000" for text in texts]
    other_phone = [f"{text}电话13911112222" for text in texts]
    assert packed(train(with_phone, labels)) == packed(train(other_phone, labels))


def test_features_are_bounded_by_the_commonest() -> None:
    held = np.array([9, 5, 4, 7, 9, 6])
    assert choose(held, least=5, most=3).tolist() == [0, 3, 4]
    assert choose(held, least=5, most=99).tolist() == [0, 1, 3, 4, 5]


def test_folds_hold_every_row_once_and_each_label_evenly() -> None:
    given = np.array([0] * 10 + [1] * 7 + [2] * 5)
    seen = []
    for taught, asked in split(given, 5, seed=3):
        assert not set(taught.tolist()) & set(asked.tolist())
        assert len(taught) + len(asked) == len(given)
        assert {label: int((given[asked] == label).sum()) for label in (0, 2)} == {0: 2, 2: 1}
        seen += asked.tolist()
    assert sorted(seen) == list(range(len(given)))


@pytest.mark.parametrize(
    ("labels", "folds", "said"),
    [(["a"] * 9, 3, "nothing to tell apart"), ([], 3, "nothing to tell apart"), (["a"] * 5 + ["乙"] * 2, 3, "乙"),
     (["a", "b"] * 9, 1, "several folds")],
)
def test_what_cannot_be_divided_is_refused_with_a_reason(labels: list[str], folds: int, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        coded(["路灯不亮"] * len(labels), labels, folds=folds)


def test_texts_with_nothing_in_common_are_refused() -> None:
    texts = [chr(0x4E00 + at) * 2 for at in range(12)]
    with pytest.raises(InvalidInput, match="nothing in common"):
        evaluate(texts, ["a", "b"] * 6, folds=3)


def test_suggesting_needs_no_scikit_learn() -> None:
    told = "import sys, wangge.kernel.reading.core.keeping; print({'sklearn', 'scipy', 'django'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "set()"
