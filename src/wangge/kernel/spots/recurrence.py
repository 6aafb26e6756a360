"""How often cases come at a place, before and after something was done: counted from the cases, never typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

PER = 30
"""Rates are cases in so many days."""
WINDOW = timedelta(days=90)
"""So long before and after is looked at, at most."""
_DAY = timedelta(days=1)


class Rate(NamedTuple):
    """So many cases in so many whole days; `per_30` is in tenths of a case, None where it is too early to say."""

    cases: int
    days: int

    @property
    def per_30(self) -> int | None:
        """Cases per 30 days, in tenths, rounded half up; None for less than 30 days."""
        return (self.cases * PER * 20 + self.days) // (2 * self.days) if self.days >= PER else None


class Change(NamedTuple):
    """What came before and after; `back_after` is how many whole days later the first case came, if one did."""

    before: Rate
    after: Rate
    back_after: int | None


def change(times: Sequence[datetime], at: datetime, *, now: datetime, until: datetime | None = None) -> Change:
    """Cases reported at `times`, before and after `at`; what came after `until` belongs to something else.

    Before: from the first case on, but 30 days at least and 90 at most. After: up to now, `until` or 90 days.
    """
    end = min(now, at + WINDOW, until or now)
    first = min((one for one in times if one <= at), default=at)
    start = max(at - WINDOW, min(first, at - timedelta(days=PER)))
    before = sum(start <= one <= at for one in times)
    later = sorted(one for one in times if at < one <= end)
    return Change(
        Rate(before, (at - start) // _DAY),
        Rate(len(later), max(0, (end - at) // _DAY)),
        (later[0] - at) // _DAY if later else None,
    )
