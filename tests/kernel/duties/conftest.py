"""A subdistrict with one community and two grids, and four people."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

import pytest

from wangge.base.mandate import Mandate
from wangge.kernel.duties import mandates
from wangge.kernel.people.services import NewPerson, create_people
from wangge.kernel.places.rules import NewArea
from wangge.kernel.places.services import create_areas

START = datetime(2024, 1, 1, tzinfo=UTC)
G1 = "S/A/G1/"


class People(NamedTuple):
    """王示范, 李样例, 张演示, 赵测试."""

    wang: UUID
    li: UUID
    zhang: UUID
    zhao: UUID


def areas(by: Mandate) -> None:
    """S ⊃ A ⊃ G1, G2."""
    create_areas(
        [
            NewArea("S", "样例街道", "subdistrict", START, region="320412", timezone="Asia/Shanghai"),
            NewArea("A", "甲社区", "community", START, "S"),
            NewArea("G1", "一网格", "grid", START, "A"),
            NewArea("G2", "二网格", "grid", START, "A"),
        ],
        by=by,
    )


def four(by: Mandate) -> People:
    """Four people."""
    rows = [NewPerson(name) for name in ("王示范", "李样例", "张演示", "赵测试")]
    return People(*[person.id for person in create_people(rows, by=by)])


@pytest.fixture
def by(db: None) -> Mandate:
    return mandates.console()


@pytest.fixture
def people(by: Mandate) -> People:
    areas(by)
    return four(by)
