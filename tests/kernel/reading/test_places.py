"""Places are found by their names in a text, the longest first."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from wangge.kernel.places.atlas import AreaInfo, Atlas
from wangge.kernel.reading.places import SURE, UNSURE, suggest_places

NOW = datetime(2026, 3, 2, tzinfo=UTC)
SINCE, ENDED = datetime(2020, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)


def area(
    code: str, name: str, kind: str, above: str = "", name_en: str = "", until: datetime | None = None
) -> AreaInfo:
    path = f"{above}{code}/"
    return AreaInfo(uuid4(), code, name, name_en, kind, "administrative", None, path, None, None, SINCE, until)


AREAS = [
    area("S", "样例街道", "subdistrict"),
    area("A", "青禾社区", "community", "S/", "Qinghe Community"),
    area("A1", "青禾社区第一网格", "grid", "S/A/"),
    area("A2", "阳光花园", "estate", "S/A/"),
    area("B", "望湖社区", "community", "S/"),
    area("B1", "阳光花园", "estate", "S/B/"),
    area("R", "青禾路", "line", "S/"),
    area("O", "旧村", "village", "S/", until=ENDED),
    area("T", "别处社区", "community"),
]
ATLAS = Atlas(7, AREAS, [])


def found(text: str, n: int = 9) -> list[tuple[str, float]]:
    said = suggest_places(text, ATLAS, root_path="S/", at=NOW, n=n)
    assert all(one.words in text.casefold() for one in said)
    return [(one.area.code, one.confidence) for one in said]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("青禾社区第一网格的路灯坏了", [("A1", SURE)]),
        ("青禾社区的路灯坏了", [("A", SURE)]),
        ("青禾路 12 号门前", [("R", SURE)]),
        ("near Qinghe Community", [("A", SURE)]),
        ("望湖那边有人烧烤", [("B", UNSURE)]),
        ("旧村的井盖", []),
        ("别处社区的井盖", []),
        ("样例街道", []),
        ("", []),
    ],
)
def test_the_longest_name_is_the_place(text: str, places: list[tuple[str, float]]) -> None:
    assert found(text) == places


def test_an_ambiguous_name_is_less_sure_and_the_community_beside_it_decides() -> None:
    assert sorted(found("阳光花园门口")) == [("A2", SURE / 2), ("B1", SURE / 2)]
    said = dict(found("望湖社区阳光花园门口"))
    assert said["B1"] == said["B"] == SURE
    assert said["A2"] < said["B1"] / 3
    assert found("望湖社区阳光花园门口")[0][0] == "B1"  # the deeper one first


def test_no_more_than_asked_for() -> None:
    assert len(found("青禾社区和望湖社区和青禾路", n=2)) == 2
