"""Cases at a place and a time, as an import leaves them; the files that they make, as text to compare."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from tests.town import POINTS, Town
from wangge.base.geometry import Point
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.cases.bulk import draw
from wangge.kernel.cases.history import History, decide_history
from wangge.kernel.cases.recording import record
from wangge.kernel.cases.reference import reference
from wangge.kernel.cases.reporting import Identity, Place
from wangge.kernel.duties import mandates
from wangge.kernel.spots.models import Member, Spot
from wangge.kernel.spots.sweeping import Done, look, look_back

NOW = datetime(2026, 6, 30, 2, tzinfo=UTC)
METRE = 10_000_000 / 111_195
"""Units of 1e-7 degree of latitude in a metre on the mean sphere."""


class Seen(NamedTuple):
    """A case to be made: how many days before `NOW` it was reported, how far north of the middle of the grid in metres,
    whether it was closed (a day later), and of which class and grid it is."""

    days: float
    north: float = 0
    closed: bool = True
    code: str = "E0417"
    void: bool = False
    grid: str = "G11"


def days(count: float) -> timedelta:
    return timedelta(days=count)


def place(grid: str = "G11", north: float = 0) -> Point:
    """So many metres north of the middle of a grid."""
    return Point(POINTS[grid].lon_e7, POINTS[grid].lat_e7 + round(north * METRE))


def make(town: Town, *seen: Seen) -> list[UUID]:
    """The cases, open ones as sent to the unit; ids in the order given."""
    by = mandates.imported("test", town.root)
    changes = []
    for number, one in zip(draw("cases_case_number_seq", len(seen)), seen, strict=True):
        created, point = NOW - days(one.days), place(one.grid, one.north)
        closed = created + days(1) if one.closed or one.void else None
        history = History(
            external_source="test", external_id=str(new_id()), description="样例", organisation=town.unit,
            void=one.void,
            class_id=reference().find_class(one.code, town.paths[one.grid]).id, created_at=created, closed_at=closed,
            lon_e7=point.lon_e7, lat_e7=point.lat_e7,
        )
        case = Identity(new_id(), f"32049920260630{number:06d}", None)
        changes.append(decide_history(history, Place(town.areas[one.grid], town.paths[one.grid]), case, by=by)[0])
    record(changes, draw("journal_entry_ordinal", sum(len(one.acts) for one in changes)), by=by)
    return [one.after.id for one in changes]


def job(before: float = 0) -> Mandate:
    """The job's mandate so many days before `NOW`."""
    moment = NOW - days(before)
    return mandates.job("spots", at=moment, clock_from_at=True)


def sweep(before: float = 0) -> Done:
    """Look through everything as so many days before `NOW`."""
    return look_back(by=job(before))


def glance(before: float = 0) -> Done:
    """Look at what was acted on since the last look."""
    return look(by=job(before))


def files() -> dict[str, set[UUID]]:
    """The cases of each file."""
    found: dict[str, set[UUID]] = {number: set() for number in Spot.objects.values_list("number", flat=True)}
    for number, case in Member.objects.values_list("spot__number", "case_id"):
        found[number].add(case)
    return found


def opened(town: Town) -> Spot:
    """The file of a place that three cases opened, the last of them today."""
    make(town, Seen(20), Seen(10), Seen(0.5, closed=False))
    assert sweep().opened == 1
    return Spot.objects.get()


def groups() -> Sequence[set[UUID]]:
    """The cases of each file, without the files' numbers."""
    return sorted(files().values(), key=min)
