"""Periods of figures: a day, week, month, quarter or year of the place's own calendar. Pure.

Written 2026-06-10, 2026-W24 (weeks of ISO 8601, from Monday), 2026-06, 2026-Q2, 2026. Half-open, from midnight to
midnight in the time zone of the place, whatever the length of its days.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from wangge.base.errors import InvalidInput

EXPECTED = "a day (2026-06-10), week (2026-W24), month (2026-06), quarter (2026-Q2) or year (2026)"


class Period(NamedTuple):
    """A period: its text, its kind, first day and the day after the last, and both as moments in UTC."""

    text: str
    kind: str
    first: date
    until: date
    start: datetime
    end: datetime
    timezone: str


KINDS = ("day", "week", "month", "quarter", "year")
_FORMS: tuple[tuple[str, re.Pattern[str], Callable[..., date]], ...] = (
    ("day", re.compile(r"(\d{4})-(\d\d)-(\d\d)"), date),
    ("week", re.compile(r"(\d{4})-W(\d\d)"), lambda year, week: date.fromisocalendar(year, week, 1)),
    ("month", re.compile(r"(\d{4})-(\d\d)"), lambda year, month: date(year, month, 1)),
    ("quarter", re.compile(r"(\d{4})-Q([1-4])"), lambda year, quarter: date(year, 3 * quarter - 2, 1)),
    ("year", re.compile(r"(\d{4})"), lambda year: date(year, 1, 1)),
)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def parse(text: str, timezone: str, *, field: str = "period") -> Period:
    """The period that a text names, in a time zone. Raises `InvalidInput`."""
    for kind, form, first in _FORMS:
        if match := form.fullmatch(text.strip()):
            try:
                return _made(kind, first(*map(int, match.groups())), timezone)
            except (ValueError, OverflowError):
                break
    raise InvalidInput("There is no such period.", field=field, value=text, expected=EXPECTED)


def containing(kind: str, moment: datetime, timezone: str) -> Period:
    """The period of this kind in which a moment lies."""
    return around(kind, moment.astimezone(ZoneInfo(timezone)).date(), timezone)


def around(kind: str, day: date, timezone: str) -> Period:
    """The period of this kind that holds a day. Raises `InvalidInput` for a kind that is none."""
    if kind == "week":
        day -= timedelta(days=day.weekday())
    elif kind in _MONTHS:
        months = _MONTHS[kind]
        day = day.replace(month=(day.month - 1) // months * months + 1, day=1)
    elif kind != "day":
        raise InvalidInput("There is no such kind of period.", field="kind", value=kind, expected=", ".join(KINDS))
    return _made(kind, day, timezone)


def beside(period: Period, step: int) -> Period | None:
    """The period before (-1) or after (+1), None at the end of the calendar."""
    try:
        return around(period.kind, period.until if step > 0 else period.first - timedelta(days=1), period.timezone)
    except (OverflowError, ValueError):
        return None


def _made(kind: str, first: date, timezone: str) -> Period:
    if kind in _MONTHS:
        months = first.month - 1 + _MONTHS[kind]
        until = date(first.year + months // 12, months % 12 + 1, 1)
    else:
        until = first + timedelta(days=7 if kind == "week" else 1)
    zone = ZoneInfo(timezone)
    start, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (first, until))
    return Period(_text(kind, first), kind, first, until, start, end, timezone)


def _text(kind: str, first: date) -> str:
    if kind == "week":
        year, week, _ = first.isocalendar()
        return f"{year:04d}-W{week:02d}"
    if kind == "quarter":
        return f"{first.year:04d}-Q{(first.month + 2) // 3}"
    return first.isoformat()[: {"day": 10, "month": 7, "year": 4}[kind]]
