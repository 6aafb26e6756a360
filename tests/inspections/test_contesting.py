"""Contests: by who answered then, for three working days, decided by somebody who has no part in it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from tests.inspections.making import HOUR, NOW, at, contest, found
from tests.town import ROOT, SINCE, Town
from wangge.assessment.models import FindingRow
from wangge.assessment.services import amend_finding
from wangge.base.errors import Conflict, Forbidden, InvalidInput, Moved, NotFound
from wangge.inspections.contesting import contest_finding, decide_contest
from wangge.inspections.models import Contest
from wangge.kernel.duties import mandates
from wangge.kernel.duties.interests import declare
from wangge.kernel.duties.services import assign
from wangge.kernel.journal.models import Content
from wangge.kernel.journal.verifying import verify

WORKING_DAYS = (0, 24, 48, 72)


def decide(town: Town, row: Contest, who: str = "auditor", points: Any = None, hours: float = 4) -> Contest:
    return decide_contest(contest=row.id, points=points, reason="照片时间早于检查", expected_version=row.version,
                          by=at(town, who, hours))


def test_what_is_granted_cuts_the_finding_for_everybody(town: Town) -> None:
    one = found(town)
    row = decide(town, contest(town, one), points=Decimal("0.20"))
    one.refresh_from_db()
    assert (row.state, row.points, one.points, one.found_points, one.void) == ("granted", 200, 200, 500, False)
    assert Content.objects.get(subject_id=row.id, seq=1).value == "当时已清走"
    assert verify().clean


def test_what_is_refused_leaves_it_and_another_may_still_contest(town: Town) -> None:
    one = found(town)
    decide(town, contest(town, one))
    assert FindingRow.objects.get().points == 500
    with pytest.raises(Conflict, match="contested already"):
        contest(town, one, hours=5)
    assert decide(town, contest(town, one, "grid_leader", 5), points=Decimal(0), hours=6).points == 0
    assert FindingRow.objects.get().void
    assert verify().clean


@pytest.mark.parametrize("days", WORKING_DAYS)
def test_the_time_for_it_is_three_working_days_of_the_calendar(town: Town, days: int) -> None:
    """Told on Monday at ten: until Thursday at ten, to the minute."""
    one = found(town)
    assert contest(town, one, hours=days).until == NOW + 72 * HOUR


def test_a_minute_later_it_is_over(town: Town) -> None:
    with pytest.raises(Conflict, match="three working days"):
        contest(town, found(town), hours=72 + 1 / 60)


def test_only_who_answered_for_the_place_on_that_day_contests(town: Town) -> None:
    one = found(town)
    for who in ("secretary2", "operator", "inspector", "clerk", "worker2"):
        with pytest.raises((Forbidden, NotFound)):
            contest(town, one, who)
    for who in ("secretary", "officer", "leader"):
        with transaction.atomic():
            assert contest(town, one, who).contester_id == town.people[who]
            transaction.set_rollback(True)


def test_who_took_the_post_over_later_does_not_contest(town: Town) -> None:
    later = NOW + HOUR
    one = found(town)
    assign(post="grid_worker", area="T-G12", valid_from=later, person=town.people["worker2"], by=mandates.console())
    other = found(town, "2", area_code="T-G12")
    with pytest.raises((Forbidden, NotFound)):
        contest(town, other, "worker2", 2)
    assert contest(town, one).state == "open"


def test_who_has_a_part_in_it_does_not_decide(town: Town) -> None:
    row = contest(town, found(town, who="inspector"))
    with pytest.raises(Conflict, match="Who found it"):
        decide(town, row, "inspector")
    for who in ("worker", "leader", "secretary", "operator"):
        with pytest.raises(Forbidden):
            decide(town, row, who)
    assert town.unit is not None
    declare(person=town.people["auditor"], organisation=town.unit, kind="kin", by=mandates.console())
    Contest.objects.get()
    with pytest.raises(Conflict, match="declared a relation"):
        decide(town, row, "auditor", hours=24 * 365)


def test_who_answers_now_does_not_decide_either(town: Town) -> None:
    one = found(town, who="inspector")
    row = contest(town, one)
    assign(post="inspector", area=ROOT, valid_from=SINCE, person=town.people["worker"], by=mandates.console())
    both = mandates.for_person(town.people["worker"], channel="desk", verb="decide_contest")
    with pytest.raises(Conflict, match="Who contests"):
        decide_contest(contest=row.id, points=None, reason="x", expected_version=1, by=both)
    assign(post="inspector", area=ROOT, valid_from=SINCE, person=town.people["grid_leader"], by=mandates.console())
    both = mandates.for_person(town.people["grid_leader"], channel="desk", verb="decide_contest")
    with pytest.raises(Conflict, match="answer for themselves"):
        decide_contest(contest=row.id, points=None, reason="x", expected_version=1, by=both)


def test_what_cannot_be_done_is_named(town: Town) -> None:
    one = found(town)
    with pytest.raises(Moved):
        contest_finding(finding=one.id, reason="x", expected_version=9, by=at(town, "worker", 1))
    with pytest.raises(InvalidInput, match="version"):
        contest_finding(finding=one.id, reason="x", expected_version=None, by=at(town, "worker", 1))
    with pytest.raises(InvalidInput, match="few words"):
        contest_finding(finding=one.id, reason=" ", expected_version=1, by=at(town, "worker", 1))
    row = contest(town, one)
    with pytest.raises(Conflict, match="contested already"):
        contest(town, one, "officer")
    for points in (Decimal("0.50"), Decimal("0.60")):
        with pytest.raises(InvalidInput, match="only cut"):
            decide(town, row, points=points)
    with pytest.raises(Moved):
        decide_contest(contest=row.id, points=None, reason="x", expected_version=2, by=at(town, "auditor", 2))
    decided = decide(town, row)
    with pytest.raises(Conflict):
        decide(town, decided)
    with pytest.raises(NotFound):
        decide_contest(contest=one.id, points=None, reason="x", expected_version=1, by=at(town, "auditor", 2))


def test_what_counts_no_more_is_not_contested(town: Town) -> None:
    one = found(town)
    one = amend_finding(finding=one.id, points=Decimal(0), ground="source", expected_version=1, by=at(town, "leader"))
    with pytest.raises(Conflict, match="counts no more"):
        contest(town, one)


@pytest.mark.parametrize("change", [
    "UPDATE inspections_contest SET decider = contester, state = 'refused', decided_at = now()",
    "UPDATE inspections_contest SET filed_at = filed_at - interval '1 day'",
    "UPDATE inspections_contest SET state = 'granted', decided_at = now()",
    "DELETE FROM inspections_contest",
    "UPDATE inspections_contest SET until = filed_at - interval '1 minute'",
])
def test_the_database_refuses_it_too(town: Town, change: str) -> None:
    contest(town, found(town))
    with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
