"""Features are numbers of short runs; what identifies a person is none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.base.masking import HIDDEN
from wangge.kernel.reading.core.grams import LONGEST, counted, grams, prepared


def test_the_same_run_is_the_same_number_wherever_it_stands() -> None:
    one, other = grams("路边烧烤"), grams("烧烤")
    assert one[1][2] == other[1][0]
    assert one[0][2] == other[0][0]


def test_numbers_are_the_same_on_every_machine() -> None:
    assert [int(numbers[0]) for numbers in grams("烧烤")[:2]] == [16672804249495973931, 10397865180545366914]


@given(st.text(alphabet="烧烤油烟路灯", min_size=1, max_size=30))
def test_runs_are_as_many_as_a_text_has_and_different_ones_differ(text: str) -> None:
    for length, numbers in enumerate(grams(text), 1):
        runs = [text[at : at + length] for at in range(len(text) - length + 1)]
        assert len(numbers) == len(runs)
        assert len(set(numbers.tolist())) == len(set(runs))
    numbers, counts = counted(text)
    assert counts.sum() == sum(max(0, len(text) - length + 1) for length in range(1, LONGEST + 1))
    assert (np.diff(numbers.astype(object)) > 0).all()


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    counted(prepared(text))


@pytest.mark.parametrize("detail", ["13800000000", "１３８ ００００ ００００", "110101190001010014", "a@example.org"])
def test_details_of_persons_are_one_hidden_character(detail: str) -> None:
    assert prepared(f"请打{detail}，谢谢") == f"请打{HIDDEN},谢谢"


def test_writing_does_not_matter_where_the_meaning_is_one() -> None:
    assert prepared("ＷＩＦＩ　坏了\n\n第 12 栋") == prepared("wifi 坏了 第 99 栋")
