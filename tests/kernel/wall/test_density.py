"""A grid is loud by its density, not by its count; few cases make nobody loud."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wangge.kernel.wall.density import LOUD_FROM, densities


def test_a_community_of_one_large_grid_is_not_louder_than_the_same_cases_on_less_ground() -> None:
    found = densities({"small": 10, "large": 15, "quiet": 1}, {"small": 0.2, "large": 3.0, "quiet": 1.0})
    assert found.levels["small"] > found.levels["large"]
    assert found.levels == {"small": 4, "large": 2, "quiet": 1}


def test_few_cases_are_never_loud_however_small_the_grid() -> None:
    found = densities({"tiny": LOUD_FROM - 1, "rest": 1}, {"tiny": 0.001, "rest": 5.0})
    assert found.levels["tiny"] == 1


def test_nothing_open_is_level_zero_and_has_no_bounds() -> None:
    assert densities({}, {"a": 1.0, "b": 0.0}) == ({"a": 0, "b": 0}, (0.0, 0.0, 0.0))


@given(st.dictionaries(st.text("abc", min_size=1, max_size=2), st.tuples(st.integers(0, 500), st.floats(0.01, 50))))
def test_more_cases_on_the_same_ground_are_never_quieter(rows: dict[str, tuple[int, float]]) -> None:
    cases = {key: number for key, (number, _) in rows.items()}
    extents = {key: extent for key, (_, extent) in rows.items()}
    found = densities(cases, extents)
    loud = sorted((cases[key] / extents[key], level) for key, level in found.levels.items() if cases[key] >= LOUD_FROM)
    assert [level for _, level in loud] == sorted(level for _, level in loud)
    assert all((level == 0) == (cases[key] == 0) for key, level in found.levels.items())
