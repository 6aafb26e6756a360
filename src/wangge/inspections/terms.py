"""How long putting right takes (整改期限): the terms are data, in working days of the place's calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from wangge.assessment.core.clauses import SOURCES
from wangge.base.calendar import WorkingCalendar
from wangge.base.errors import InvalidInput
from wangge.base.units import Limit, LimitUnit

FILE = Path(__file__).parent / "data" / "terms.yaml"


class Terms(NamedTuple):
    """Working days by source, of each further round, and the most that may be set."""

    limits: Mapping[str, int]
    further: int
    longest: int


def parse(text: str) -> Terms:
    """The terms of a file. Raises `InvalidInput` naming the key."""
    raw = yaml.safe_load(text)
    if not isinstance(raw, dict) or set(raw) != {"limits", "further", "longest"} or not isinstance(raw["limits"], dict):
        raise InvalidInput("These are no terms.", field="terms", expected="limits, further, longest")
    given = {**raw["limits"], "further": raw["further"], "longest": raw["longest"]}
    for name, days in given.items():
        if type(days) is not int or not 1 <= days <= 250 or days > given["longest"]:
            raise InvalidInput("This is no term.", field=str(name), value=days, expected="1 to 250 working days")
    if set(raw["limits"]) != set(SOURCES):
        raise InvalidInput("Each source has its term.", field="limits", value=", ".join(map(str, raw["limits"])),
                           expected=", ".join(SOURCES))
    return Terms(raw["limits"], raw["further"], raw["longest"])


@cache
def shipped() -> Terms:
    """The terms that ship."""
    return parse(FILE.read_text(encoding="utf-8"))


def due(source: str, number: int, at: datetime, calendar: WorkingCalendar) -> datetime:
    """Until when the round of this number has to be done, if nobody says otherwise."""
    days = shipped().limits[source] if number == 1 else shipped().further
    return calendar.due(at, Limit(days, LimitUnit.WORKING_DAY))


def check(due_at: datetime, at: datetime, calendar: WorkingCalendar) -> datetime:
    """The deadline that somebody sets, if it may be set. Raises `InvalidInput`."""
    latest = calendar.due(at, Limit(shipped().longest, LimitUnit.WORKING_DAY))
    if not at < due_at <= latest:
        raise InvalidInput("This deadline does not fit.", field="due_at", value=due_at.isoformat(),
                           expected=f"after {at.isoformat()}, until {latest.isoformat()}")
    return due_at
