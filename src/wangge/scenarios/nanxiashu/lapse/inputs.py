"""What is put in: what the city took off and when, who inspected where, what they found. Nothing here is an outcome.

All of it is invented. Dates are days of the place; places are codes of the demo, grids as (community, number).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from wangge.scenarios.nanxiashu.layout import COMMUNITIES
from wangge.scenarios.nanxiashu.spots import Grid

ZONE = ZoneInfo("Asia/Shanghai")
EVENTS = 600
"""Matters that are simulated beside it, a fiftieth of the article's."""
QUARTERS: Mapping[str, tuple[date, date]] = {
    "2018Q3": (date(2018, 8, 1), date(2018, 10, 1)), "2018Q4": (date(2018, 10, 1), date(2019, 1, 1)),
    "2019Q1": (date(2019, 1, 1), date(2019, 4, 1)), "2019Q2": (date(2019, 4, 1), date(2019, 6, 1)),
}
NEVER = "NXS-14"
"""Nobody inspects here: it is not rated."""
SELDOM = ("2018Q4", "NXS-13", 3)
"""Inspected so often in that quarter: last, and too seldom for a flag."""


class Loss(NamedTuple):
    """What the city took off in a grid."""

    ref: str
    grid: Grid
    at: datetime
    points: Decimal


class Found(NamedTuple):
    """What the subdistrict or the district found in a grid."""

    source: str
    grid: Grid
    at: datetime
    points: Decimal
    code: str


class Look(NamedTuple):
    """An inspection of a community (its code), or of the whole (None)."""

    source: str
    place: str | None
    at: datetime


def at(day: date, hour: int = 10) -> datetime:
    """An hour of a day on the clock of the place."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


def _loss(ref: str, grid: Grid, day: date, points: str) -> Loss:
    return Loss(ref, grid, at(day), Decimal(points))


CITY = (
    _loss("1", ("NXS-01", 1), date(2018, 11, 12), "0.50"), _loss("2", ("NXS-02", 2), date(2018, 11, 28), "0.80"),
    _loss("3", ("NXS-01", 1), date(2018, 12, 5), "0.90"), _loss("4", ("NXS-05", 1), date(2018, 12, 19), "0.15"),
    _loss("5", ("NXS-03", 2), date(2019, 2, 22), "0.60"), _loss("6", ("NXS-04", 1), date(2019, 3, 14), "0.85"),
    _loss("7", ("NXS-06", 1), date(2019, 4, 16), "0.70"), _loss("8", ("NXS-01", 2), date(2019, 5, 20), "0.75"),
)
HANDED_OVER = ("NXS-01", date(2018, 12, 1))
"""The assessor of this community hands over in mid-quarter, between two losses of one grid."""
VACANT = ("NXS-05", date(2018, 10, 1))
"""From then on nobody is assessor of this community."""
BAD_DAY = (("NXS-02", 2), date(2018, 11, 6), 6)
"""So many problems in one grid on one day: three above the limit."""
WORSE: Mapping[tuple[str, str], tuple[int, str]] = {
    ("2018Q4", "NXS-13"): (3, "0.40"), ("2019Q1", "NXS-04"): (3, "0.40"), ("2019Q2", "NXS-06"): (3, "0.40"),
}
"""By quarter and community: problems on each inspection and what each costs; elsewhere at most one of 0.10."""


def looks() -> Iterator[Look]:
    """The subdistrict each Tuesday, the district on the 8th, the city on the 20th of each month; never in one place."""
    for quarter, (first, end) in QUARTERS.items():
        for number in range((end - first).days):
            day = first + timedelta(days=number)
            if day.day == 20:
                yield Look("city", None, at(day, 9))
            for community in COMMUNITIES:
                if community.code == NEVER:
                    continue
                seldom = (quarter, community.code) == SELDOM[:2]
                if day.weekday() == 1 and not (seldom and number // 7 >= SELDOM[2]):
                    yield Look("subdistrict", community.code, at(day, 9))
                if day.day == 8 and not seldom:
                    yield Look("district", community.code, at(day, 14))


def found(seed: int) -> Iterator[Found]:
    """What the subdistrict and the district found on these inspections."""
    luck = Random(f"lapse {seed} found")  # noqa: S311 - a demo, not a secret
    grids = {one.code: one.grids for one in COMMUNITIES}
    for look in looks():
        if look.place is None:
            continue
        quarter = next(code for code, (first, end) in QUARTERS.items() if at(first, 0) <= look.at < at(end, 0))
        number, points = WORSE.get((quarter, look.place), (luck.random() < 0.4, "0.10"))
        for _ in range(number):
            grid = (look.place, luck.randint(1, grids[look.place]))
            yield Found(look.source, grid, look.at + timedelta(minutes=luck.randrange(5, 170)), Decimal(points),
                        luck.choice(("G0101", "G0103", "G0401")))
    grid, day, count = BAD_DAY
    for number in range(count):
        yield Found("subdistrict", grid, at(day, 9 + number), Decimal("0.10"), "G0101")
