"""The forms of codes."""

from __future__ import annotations

import pytest

from wangge.base import codes
from wangge.base.errors import InvalidInput


@pytest.mark.parametrize(
    ("kind", "text", "last", "found"),
    [
        ("region", "320412017003", None, {"region": "320412", "subdistrict": "017", "community": "003"}),
        ("grid", "320412017003012", None,
         {"region": "320412", "subdistrict": "017", "community": "003", "grid": "012"}),
        ("grid", "32041201700312", 2, {"region": "320412", "subdistrict": "017", "community": "003", "grid": "12"}),
        ("part", "3205080101000001", None, {"region": "320508", "major": "01", "minor": "01", "serial": "000001"}),
        ("case", "3204122026112600001", None, {"region": "320412", "date": "20261126", "serial": "00001"}),
        ("case", "32041220261126123456", None, {"region": "320412", "date": "20261126", "serial": "123456"}),
    ],
)
def test_a_code_is_read_by_its_segments(kind: str, text: str, last: int | None, found: dict[str, str]) -> None:
    assert codes.read(kind, text, last) == found


@pytest.mark.parametrize(
    ("kind", "text", "last", "expected"),
    [
        ("region", "32041201700", None, "12 digits: region 6, subdistrict 3, community 3"),
        ("grid", "32041201700312", None, "15 digits"),
        ("grid", "320412017003012", 2, "14 digits: region 6, subdistrict 3, community 3, grid 2"),
        ("part", "320508010100001", None, "16 digits: region 6, major 2, minor 2, serial 6"),
        ("part", "32050801010000O1", None, "16 digits"),
        ("part", "３２０５０８０１０１０００００１", None, "16 digits"),
        ("case", "320412202611260001", None, "at least 19 digits"),
        ("case", "3204122026113100001", None, "at least 19 digits"),
        ("case", "3204122026112600001", 6, "at least 20 digits"),
    ],
)
def test_a_code_of_another_form_is_refused_and_the_right_one_named(
    kind: str, text: str, last: int | None, expected: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        codes.read(kind, text, last)
    assert refused.value.value
    assert expected in str(refused.value.expected)


def test_only_lengths_of_the_table_can_be_chosen() -> None:
    assert codes.check_last("grid", 2) == 2
    with pytest.raises(InvalidInput, match="has not 4 digits"):
        codes.check_last("grid", 4)
    with pytest.raises(InvalidInput, match="no such kind"):
        codes.check_last("house", 3)


def test_a_part_names_its_class() -> None:
    assert codes.part_class("3205080101000001") == "P0101"
