"""Periods of assessment: a quarter or a month of the place's own days, half-open."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from wangge.base.errors import InvalidInput

_FORM = re.compile(r"(\d{4})(?:Q([1-4])|-(0[1-9]|1[0-2]))")
MOST_PERIODS = 120
_SPAN = {"quarter": 3, "month": 1}


class Period(NamedTuple):
    """`code` such as 2019Q1 or 2019-03; months are numbers `year * 12 + month - 1`."""

    code: str
    kind: str
    first_month: int
    timezone: str

    @property
    def months(self) -> range:
        """The months of the period."""
        return range(self.first_month, self.first_month + _SPAN[self.kind])

    @property
    def first_day(self) -> date:
        """The first day."""
        return _first(self.first_month)

    @property
    def starts(self) -> datetime:
        """The midnight at the place with which it begins."""
        return self._midnight(self.first_day)

    @property
    def ends(self) -> datetime:
        """The midnight at the place at which it is over."""
        return self._midnight(_first(self.months.stop))

    def holds(self, at: datetime) -> bool:
        """Whether a moment falls in it."""
        return self.starts <= at < self.ends

    def day(self, at: datetime) -> date:
        """The day at the place."""
        return at.astimezone(ZoneInfo(self.timezone)).date()

    def month(self, at: datetime) -> int:
        """The month at the place."""
        return month_of(self.day(at))

    def _midnight(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.timezone))


def parse_period(code: str, timezone: str = "Asia/Shanghai") -> Period:
    """2019Q1 or 2019-03. Raises `InvalidInput`."""
    found = _FORM.fullmatch(code)
    if not found or not 1970 <= int(found[1]) < 9999:
        raise InvalidInput("This is no period.", field="period", value=code, expected="such as 2019Q1 or 2019-03")
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInput("This time zone is not known.", field="timezone", value=timezone,
                           expected="an IANA name such as Asia/Shanghai") from None
    year = int(found[1]) * 12
    if found[2]:
        return Period(code, "quarter", year + (int(found[2]) - 1) * 3, timezone)
    return Period(code, "month", year + int(found[3]) - 1, timezone)


def periods_between(text: str) -> list[str]:
    """The codes from one period to another, both included: 2018Q3..2019Q2; one is itself. Raises `InvalidInput`."""
    begins, dots, ends = text.partition("..")
    first = parse_period(begins)
    last = parse_period(ends if dots else begins)
    span = _SPAN[first.kind]
    if last.kind != first.kind or not 0 <= last.first_month - first.first_month <= MOST_PERIODS * span:
        raise InvalidInput("These are no periods in a row.", field="period", value=text,
                           expected=f"such as 2018Q3..2019Q2, at most {MOST_PERIODS}")
    return [_code(number, first.kind) for number in range(first.first_month, last.first_month + 1, span)]


def _code(number: int, kind: str) -> str:
    return month_code(number) if kind == "month" else f"{number // 12:04d}Q{number % 12 // 3 + 1}"


def parse_day(text: str, field: str) -> date:
    """A date such as 2018-07-01. Raises `InvalidInput`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("This is no date.", field=field, value=text, expected="such as 2018-07-01") from None


def month_of(day: date) -> int:
    """The number of a day's month."""
    return day.year * 12 + day.month - 1


def month_code(number: int) -> str:
    """2019-03 of a month's number."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def parse_month(text: str, field: str) -> int:
    """The number of 2018-07. Raises `InvalidInput`."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        raise InvalidInput("This is no month.", field=field, value=text, expected="such as 2018-07")
    return int(text[:4]) * 12 + int(text[5:]) - 1


def starts_period(day: date, kind: str) -> bool:
    """Whether a period of this kind begins on a day."""
    return day.day == 1 and (day.month - 1) % _SPAN[kind] == 0


def _first(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)
