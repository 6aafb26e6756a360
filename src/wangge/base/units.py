"""Limits of time as rules state them: a whole number of a unit, calendar or working.

Calendar units (`紧急工作时`, `紧急工作日`) run on through nights, weekends and holidays. Working units
(`小时`, `天`, `工作日`) count only the windows of a working calendar; a working day is the sum of the windows
of a standard day (8 hours by default).
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from wangge.base.errors import InvalidInput

_LONGEST_MINUTES = 10_000 * 24 * 60


class LimitUnit(StrEnum):
    CALENDAR_MINUTE = "calendar_minute"
    CALENDAR_HOUR = "calendar_hour"
    CALENDAR_DAY = "calendar_day"
    WORKING_MINUTE = "working_minute"
    WORKING_HOUR = "working_hour"
    WORKING_DAY = "working_day"

    @property
    def is_calendar(self) -> bool:
        """Whether it runs on outside working windows."""
        return self in _CALENDAR


_CALENDAR = frozenset({LimitUnit.CALENDAR_MINUTE, LimitUnit.CALENDAR_HOUR, LimitUnit.CALENDAR_DAY})
_MINUTES = {
    LimitUnit.CALENDAR_MINUTE: 1, LimitUnit.CALENDAR_HOUR: 60, LimitUnit.CALENDAR_DAY: 24 * 60,
    LimitUnit.WORKING_MINUTE: 1, LimitUnit.WORKING_HOUR: 60, LimitUnit.WORKING_DAY: 24 * 60,
}


class _Limit(NamedTuple):
    amount: int
    unit: LimitUnit


class Limit(_Limit):
    """A time limit such as 4 working hours. Immutable and hashable.

    `amount` is positive and at most some 27 years (10,000 days). Raises `InvalidInput` otherwise, and for an
    unknown unit; a unit may be given as its text.
    """

    __slots__ = ()

    def __new__(cls, amount: int, unit: LimitUnit | str) -> Limit:
        try:
            known = LimitUnit(unit)
        except ValueError:
            raise InvalidInput(
                "This unit of time is not known.", field="unit", value=unit,
                expected="one of " + ", ".join(LimitUnit),
            ) from None
        if type(amount) is not int or not 0 < amount <= _LONGEST_MINUTES // _MINUTES[known]:
            raise InvalidInput(
                "A time limit must be a positive whole number.", field="amount", value=amount,
                expected=f"1 to {_LONGEST_MINUTES // _MINUTES[known]} {known}s",
            )
        return super().__new__(cls, amount, known)

    def seconds(self, standard_day: int) -> int:
        """Its length in seconds, where a working day lasts `standard_day` seconds."""
        if self.unit is LimitUnit.WORKING_DAY:
            return self.amount * standard_day
        return self.amount * _MINUTES[self.unit] * 60
