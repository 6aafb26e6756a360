"""Provisional, then final: a finding can be contested for three working days, a charge appealed for five.

A statement is final when its windows are over and nothing is open; final ones never change.
"""

from __future__ import annotations

from datetime import datetime

from wangge.base.calendar import WorkingCalendar
from wangge.base.errors import Conflict
from wangge.base.units import Limit, LimitUnit

CONTEST = Limit(3, LimitUnit.WORKING_DAY)
APPEAL = Limit(5, LimitUnit.WORKING_DAY)
"""The least time for an appeal, and the time within which its reviewers answer."""


def contest_until(notified: datetime, calendar: WorkingCalendar) -> datetime:
    """Until when a finding can be contested."""
    return calendar.due(notified, CONTEST)


def appeal_until(published: datetime, calendar: WorkingCalendar, days: int = APPEAL.amount) -> datetime:
    """Until when a charge can be appealed: the policy's time, five working days at least."""
    return calendar.due(published, Limit(max(days, APPEAL.amount), LimitUnit.WORKING_DAY))


def check_final(published: datetime, at: datetime, calendar: WorkingCalendar, open_appeals: int,
                days: int = APPEAL.amount) -> None:
    """Raise `Conflict` while the statement cannot become final."""
    until = appeal_until(published, calendar, days)
    if at < until:
        raise Conflict("The charges can still be appealed.", field="stage", value=at.isoformat(),
                       expected=f"not before {until.isoformat()}")
    if open_appeals:
        raise Conflict("Appeals are open.", field="stage", value=open_appeals, expected="a decision on each")
