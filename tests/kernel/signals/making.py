"""What gives signals, made by the services; and the worklists as one of the people reads them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from tests.kernel.spots.making import Seen, make
from tests.town import POINTS, Town
from wangge.base.clock import now
from wangge.base.geometry import Point
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.cases.files import store_file
from wangge.kernel.cases.intake import report_case
from wangge.kernel.cases.models import Case
from wangge.kernel.cases.reporting import NewReport
from wangge.kernel.cases.services import Command, act
from wangge.kernel.indicators.periods import Period, containing, parse
from wangge.kernel.places.queries import atlas
from wangge.kernel.signals.models import Settled
from wangge.kernel.signals.reading import Found, Signal, worklists
from wangge.kernel.signals.settling import Settling, settle

ZONE = "Asia/Shanghai"
SORT = {"case_class": "E0417", "condition": 1}


def this_quarter() -> Period:
    return containing("quarter", now(), ZONE)


def ask(town: Town, who: str = "auditor", *, period: str = "", at: datetime | None = None, **given: Any) -> Found:
    """The worklists of the town in this quarter, or in a period as of a moment."""
    span = parse(period, ZONE) if period else this_quarter()
    return worklists(town.root, span, places=atlas(), by=town.by(who), now=at or now(), **given)


def only(town: Town, kind: str, **given: Any) -> Signal:
    """The one signal of a kind."""
    [one] = ask(town, **given).lists[kind].rows
    return one


def report(town: Town, who: str = "", *, grid: str = "G11", photo: bytes | None = None, **more: Any) -> Case:
    """A report of a resident, or of one of the people, with a photo."""
    by = town.by(who, verb="report") if who else town.public()
    files = ()
    if photo is not None:
        files = (store_file(file_id=new_id(), content=photo, by=by).id,)
    new = NewReport(description="摆摊占道", point=_point(grid), files=files, **more)
    return Case.objects.get(id=report_case(report=new, by=by).case_id)


def _point(grid: str) -> Point:
    return POINTS[grid]


def do(town: Town, case: UUID, who: str, name: str, **inputs: Any) -> Case:
    """One act upon a case by one of the people."""
    row = Case.objects.get(id=case)
    act(case_id=case, command=Command(act=name, **inputs), expected_version=row.version, by=town.by(who))
    return Case.objects.get(id=case)


def solved_at_once(town: Town) -> Case:
    """Reported and handled one act after the other."""
    case = report(town).id
    do(town, case, "acceptor", "accept")
    do(town, case, "acceptor", "confirm")
    do(town, case, "acceptor", "register", **SORT)
    do(town, case, "operator", "dispatch")
    do(town, case, "worker", "sign")
    return do(town, case, "worker", "handle", note="已清")


def refused(town: Town, times: int = 2) -> Case:
    """A manhole cover that the unit gives back, and again."""
    case = report(town).id
    do(town, case, "acceptor", "accept")
    do(town, case, "acceptor", "confirm")
    do(town, case, "acceptor", "register", case_class="P0101", condition=1)
    for _ in range(times):
        do(town, case, "operator", "dispatch", organisation=town.unit)
        do(town, case, "clerk", "return", reason="不归我们管")
    return Case.objects.get(id=case)


def closed_in_june(town: Town, *closed_days_ago: float) -> None:
    """Cases of the unit in the first grid that were closed so many days before 30 June 2026, 10:00 in Shanghai."""
    make(town, *(Seen(days + 1, north=40 * number) for number, days in enumerate(closed_days_ago)))


def settled(
    town: Town, one: Signal, who: str = "auditor", outcome: str = "looked", *, period: str = "",
    at: datetime | None = None, **given: Any
) -> Settled:
    """One of the people settles a signal as it was seen."""
    span = parse(period, ZONE) if period else this_quarter()
    told = {"expected_version": one.version, "latest": one.latest} | given
    return settle(given=Settling(one.kind, one.key, outcome, **told), area_path=town.root, period=span,
                  places=atlas(), by=_at(town.by(who), at), now=at or now())


def _at(by: Mandate, moment: datetime | None) -> Mandate:
    return replace(by, at=moment, recorded_at=moment) if moment else by
