"""Who may settle a signal, and which months' ends lie in a period. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from wangge.base.errors import Forbidden, InvalidInput
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.duties.roster import Holding
from wangge.kernel.indicators.periods import Period, around

KINDS_OF_PERIOD = ("day", "week", "month", "quarter")
"""A signal is asked over a quarter at most."""
ABOVE = frozenset({"leader", "assessor", "auditor", "inspector", "operator", "acceptor", "admin"})
"""Posts that stand over grids and units and answer for none of them; every other post answers for its ground."""


def check_period(period: Period) -> Period:
    """The period, if signals are asked over it. Raises `InvalidInput`."""
    if period.kind not in KINDS_OF_PERIOD:
        raise InvalidInput("Signals are looked at over a quarter at most.", field="period", value=period.text,
                           expected="a day, week, month or quarter")
    return period


class MonthEnd(NamedTuple):
    """The last days of a month: the month's text, its bounds and where its last days begin, days in and before them."""

    text: str
    begins: datetime
    late: datetime
    ends: datetime
    days: int
    others: int


def month_ends(period: Period, days: int, now: datetime) -> list[MonthEnd]:
    """Of each month whose last `days` days have begun and of which a part lies in the period."""
    found: list[MonthEnd] = []
    zone, day = ZoneInfo(period.timezone), period.first
    while day < period.until:
        month = around("month", day, period.timezone)
        first_late = month.until - timedelta(days=days)
        late = _midnight(first_late, zone)
        if late < min(now, period.end):
            found.append(MonthEnd(month.text, month.start, late, month.end, days, (first_late - month.first).days))
        day = month.until
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def check_apart(
    duties: Iterable[Holding], bound: Collection[UUID], *, path: str, organisation: UUID | None,
    moments: Collection[datetime],
) -> None:
    """Raise `Forbidden` where somebody answers for what a signal is about, or is bound to its unit.

    `duties` are all of theirs; one counts that was held at one of the moments. `bound` are the organisations to which
    they declared a relation. A signal about a unit concerns nobody's grid beside.
    """
    for one in duties:
        if one.post in ABOVE or one.kind == "leave" or not any(_held(one, at) for at in moments):
            continue
        own_unit = organisation is not None and one.organisation_id == organisation
        below = organisation is None and one.area_path.startswith(path)
        own_ground = POSTS[one.post].group != "unit" and (path.startswith(one.area_path) or below)
        if own_unit or own_ground:
            raise Forbidden("Nobody settles a signal about what they answer for.", field="signal", value=path,
                            expected="somebody who has no part in it")
    if organisation is not None and organisation in bound:
        raise Forbidden("Nobody settles a signal about a unit to which they are bound.", field="signal",
                        value=organisation, expected="somebody who has no part in it")


def _held(one: Holding, at: datetime) -> bool:
    return one.valid_from <= at and (one.valid_to is None or at < one.valid_to)
