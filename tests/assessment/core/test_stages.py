"""Until when one may contest and appeal, when a statement is final, who may decide."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from wangge.assessment.core.correcting import check_reviewers
from wangge.assessment.core.deposits import DepositState, charged, refunded
from wangge.assessment.core.stages import appeal_until, check_final, contest_until
from wangge.base.calendar import WorkingCalendar
from wangge.base.errors import Conflict, InvalidInput

FRIDAY = datetime(2026, 10, 16, 1, tzinfo=UTC)  # 09:00 in Shanghai
CALENDAR = WorkingCalendar()


def test_windows_are_counted_in_working_days() -> None:
    assert contest_until(FRIDAY, CALENDAR) == datetime(2026, 10, 21, 1, tzinfo=UTC)
    assert appeal_until(FRIDAY, CALENDAR) == datetime(2026, 10, 23, 1, tzinfo=UTC)


def test_a_statement_is_final_when_its_window_is_over_and_nothing_is_open() -> None:
    until = appeal_until(FRIDAY, CALENDAR)
    check_final(FRIDAY, until, CALENDAR, 0)
    for at, open_appeals in ((FRIDAY, 0), (until, 1)):
        with pytest.raises(Conflict):
            check_final(FRIDAY, at, CALENDAR, open_appeals)


def test_two_people_who_do_not_answer_for_it_decide_an_appeal() -> None:
    check_reviewers(["a", "b"], {"c"})
    for reviewers in (["a"], ["a", "a"], ["a", "b", "d"]):
        with pytest.raises(InvalidInput):
            check_reviewers(reviewers, {"c"})
    with pytest.raises(Conflict):
        check_reviewers(["a", "c"], {"c"})


def test_amounts_are_not_below_zero() -> None:
    for act in (charged, refunded):
        with pytest.raises(InvalidInput):
            act(DepositState(1), -1)
