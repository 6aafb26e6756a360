"""Putting right: a deadline by the terms, done by whom it is addressed to, checked again by another, in rounds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.inspections.making import HOUR, NOW, at, check, done, found, order
from tests.town import ROOT, SINCE, Town
from wangge.assessment.core.clauses import SOURCES
from wangge.assessment.services import amend_finding
from wangge.base.calendar import WorkingCalendar
from wangge.base.errors import Conflict, Forbidden, InvalidInput, Moved, NotFound
from wangge.inspections import terms
from wangge.inspections.lifecycle import RECTIFICATION_STATES, overdue
from wangge.inspections.models import Rectification
from wangge.inspections.rectifying import drop_rectification, recheck, rectify
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.journal.verifying import verify

CALENDAR = WorkingCalendar(timezone="Asia/Shanghai")


def test_it_goes_its_way_in_rounds(town: Town) -> None:
    one = found(town)
    row = order(town, one)
    assert (row.round, row.state, row.due_at) == (1, "ordered", NOW + HOUR + timedelta(days=7))
    failed = check(town, done(town, row, hours=1.25), hours=1.5, passed=False, words="仍有堆物")
    assert failed.state == "failed"
    second = Rectification.objects.get(round=2)
    assert (second.state, second.post_id) == ("ordered", "grid_worker")
    assert second.due_at == NOW + 1.5 * HOUR + timedelta(days=2)
    assert check(town, done(town, second, hours=4), hours=5).state == "passed"
    assert order(town, one, hours=6).round == 3
    assert verify().clean


@pytest.mark.parametrize(("source", "days"), [("city", 3), ("district", 3), ("subdistrict", 7), ("sample", 7)])
def test_the_term_is_that_of_the_source_in_working_days(town: Town, source: str, days: int) -> None:
    """Five working days from a Monday end the Monday after."""
    assert order(town, found(town, source=source)).due_at == NOW + HOUR + timedelta(days=days)


@given(st.sampled_from(SOURCES), st.integers(1, 4), st.integers(0, 60 * 24 * 30))
def test_a_term_lies_ahead_and_within_the_longest(source: str, number: int, minutes: int) -> None:
    start = datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    due = terms.due(source, number, start, CALENDAR)
    assert terms.check(due, start, CALENDAR) == due
    with pytest.raises(InvalidInput):
        terms.check(start, start, CALENDAR)
    with pytest.raises(InvalidInput):
        terms.check(start + timedelta(days=200), start, CALENDAR)


@pytest.mark.parametrize("text", [
    "[]", "limits: {}\nfurther: 1\nlongest: 5\n", "limits: {city: 1}\nfurther: 1\nlongest: 5\n",
    "limits: {city: 0, district: 1, subdistrict: 1, sample: 1, self: 1}\nfurther: 1\nlongest: 5\n",
    "limits: {city: 9, district: 1, subdistrict: 1, sample: 1, self: 1}\nfurther: 1\nlongest: 5\n",
    "limits: {city: 1, district: 1, subdistrict: 1, sample: 1, self: 1}\nfurther: x\nlongest: 5\n",
])
def test_terms_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        terms.parse(text)


@given(st.sampled_from(RECTIFICATION_STATES), st.integers(-3, 3))
def test_only_what_was_not_done_in_time_is_overdue(state: str, minutes: int) -> None:
    assert overdue(state, NOW, NOW + timedelta(minutes=minutes)) == (state == "ordered" and minutes > 0)


def test_it_is_addressed_to_a_post_that_is_held_or_a_unit_that_serves(town: Town) -> None:
    one = found(town)
    for wrong in ({"post": None}, {"post": "grid_worker", "organisation": town.unit}, {"post": "cleaner"},
                  {"post": "auditor"}, {"post": "nobody"}, {"post": None, "organisation": town.areas["C1"]},
                  {"due_at": NOW}, {"due_at": NOW + timedelta(days=200)}):
        with pytest.raises(InvalidInput):
            order(town, one, **wrong)
    row = order(town, one, post=None, organisation=town.unit, due_at=NOW + timedelta(days=1))
    with pytest.raises((Forbidden, NotFound)):
        done(town, row, "worker")
    assert done(town, row, "clerk").state == "reported"
    with pytest.raises(Conflict, match="already"):
        order(town, found(town, "2", who="inspector"), hours=1) and order(town, one, hours=3)


def test_only_who_may_orders_and_does(town: Town) -> None:
    one = found(town)
    for who in ("worker", "auditor", "operator"):
        with pytest.raises(Forbidden):
            order(town, one, who)
    row = order(town, one, "leader")
    for who in ("officer", "worker2", "clerk", "auditor"):
        with pytest.raises((Forbidden, NotFound)):
            done(town, row, who)
    with pytest.raises(InvalidInput, match="few words"):
        rectify(rectification=row.id, words=" ", expected_version=1, by=at(town, "worker", 2))
    with pytest.raises(Moved):
        rectify(rectification=row.id, words="好了", expected_version=3, by=at(town, "worker", 2))


def test_who_did_it_or_answers_for_the_place_does_not_check_it(town: Town) -> None:
    row = done(town, order(town, found(town)))
    assign(post="inspector", area=ROOT, valid_from=SINCE, person=town.people["worker"], by=mandates.console())
    assign(post="assessor", area=ROOT, valid_from=SINCE, person=town.people["officer"], by=mandates.console())
    both = mandates.for_person(town.people["worker"], channel="desk", verb="recheck")
    with pytest.raises(Conflict, match="put it right"):
        recheck(rectification=row.id, passed=True, words="", expected_version=2, by=both)
    both = mandates.for_person(town.people["officer"], channel="desk", verb="recheck")
    with pytest.raises(Conflict, match="answer for themselves"):
        recheck(rectification=row.id, passed=True, words="", expected_version=2, by=both)
    for who in ("leader", "secretary", "operator"):
        with pytest.raises(Forbidden):
            check(town, row, who)
    with pytest.raises(InvalidInput, match="few words"):
        check(town, row, passed=False)
    with pytest.raises(Conflict):
        check(town, order(town, found(town, "2")))


def test_it_is_given_up_with_a_reason_and_rests_where_the_finding_is_void(town: Town) -> None:
    one = found(town)
    row = order(town, one)
    one = amend_finding(finding=one.id, points=Decimal(0), ground="source", expected_version=1, by=at(town, "leader"))
    with pytest.raises(Conflict, match="counts no more"):
        done(town, row)
    given_up: dict[str, Any] = {"rectification": row.id, "expected_version": 1}
    with pytest.raises(Forbidden):
        drop_rectification(**given_up, words="x", by=at(town, "worker", 2))
    with pytest.raises(InvalidInput):
        drop_rectification(**given_up, words="", by=at(town, "leader", 2))
    assert drop_rectification(**given_up, words="派错了", by=at(town, "leader", 2)).state == "dropped"
    with pytest.raises(Conflict, match="counts no more"):
        order(town, one, hours=3)
    assert verify().clean


@pytest.mark.parametrize("change", [
    "UPDATE inspections_rectification SET state = 'passed', checked_by = done_by, checked_at = now()",
    "UPDATE inspections_rectification SET due_at = due_at + interval '1 day'",
    "UPDATE inspections_rectification SET state = 'ordered'",
    "UPDATE inspections_rectification SET state = 'failed'",
    "UPDATE inspections_rectification SET organisation = (SELECT id FROM people_organisation LIMIT 1)",
    "DELETE FROM inspections_rectification",
])
def test_the_database_refuses_it_too(town: Town, change: str) -> None:
    done(town, order(town, found(town)))
    with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
