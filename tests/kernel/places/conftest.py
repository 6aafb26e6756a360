"""A small subdistrict: two communities side by side, two grids in the first."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import shapely

from wangge.base.mandate import Mandate
from wangge.kernel.duties import mandates
from wangge.kernel.places.rules import NewArea
from wangge.kernel.places.services import create_areas

START = datetime(2024, 1, 1, tzinfo=UTC)


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """A rectangle, in thousandths of a degree from 120.0, 31.7."""
    return shapely.box(120 + west / 1000, 31.7 + south / 1000, 120 + east / 1000, 31.7 + north / 1000)


@pytest.fixture
def by(db: None) -> Mandate:
    """Setting up."""
    return mandates.console()


@pytest.fixture
def world(by: Mandate) -> None:
    """S ⊃ A (grids A1 west, A2 east), B; A has an estate over both grids."""
    create_areas(
        [
            NewArea("A1", "甲一网格", "grid", START, "A", boundary=box(0, 0, 5, 10)),
            NewArea("S", "样例街道", "subdistrict", START, boundary=box(0, 0, 20, 10), region="320412",
                    timezone="Asia/Shanghai"),
            NewArea("A", "甲社区", "community", START, "S", boundary=box(0, 0, 10, 10)),
            NewArea("B", "乙社区", "community", START, "S", boundary=box(10, 0, 20, 10), timezone="Asia/Urumqi"),
            NewArea("A2", "甲二网格", "grid", START, "A", boundary=box(5, 0, 10, 10)),
            NewArea("A-E", "甲家园", "estate", START, "A", boundary=box(4, 4, 6, 6)),
        ],
        by=by,
    )
