"""The table of posts: filled, acting, on leave, vacant and since when; and conflicts of interest."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.kernel.duties.conftest import START, People
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.duties.board import board, candidates, past_of
from wangge.kernel.duties.conflicts import Interest, conflicts
from wangge.kernel.duties.handing import take_leave
from wangge.kernel.duties.queries import duties_below
from wangge.kernel.duties.services import assign, end_assignment
from wangge.kernel.people.services import create_organisation, create_person
from wangge.kernel.places.queries import atlas

pytestmark = pytest.mark.django_db
WORKER = ("S/A/", "grid_worker")


def test_a_seat_is_vacant_since_the_last_one_left_or_ever_since(by: Mandate, people: People) -> None:
    duty = assign(post="grid_worker", area="A", valid_from=START, person=people.wang, by=by)
    assign(post="grid_worker", area="A", valid_from=START, person=people.li, kind="deputy", by=by)
    left = by.at + timedelta(days=2)
    end_assignment(assignment=duty.id, at=left, by=by)
    before = board(atlas(), "S/", by.at)
    assert not before.seats[WORKER].vacant
    after = board(atlas(), "S/", left + timedelta(days=23))
    seat = after.seats[WORKER]
    assert seat.since == left
    assert [one.person_id for one in seat.deputies] == [people.li]
    assert after.seats["S/A/", "cleaner"].since == START
    assert len(after.vacant) == 11


def test_who_is_on_leave_leaves_a_vacancy_unless_somebody_acts(by: Mandate, people: People) -> None:
    duty = assign(post="grid_worker", area="A", valid_from=START, person=people.wang, by=by)
    since, until = by.at + timedelta(days=1), by.at + timedelta(days=9)
    take_leave(duty=duty.id, since=since, until=until, by=by)
    seat = board(atlas(), "S/", since + timedelta(days=1)).seats[WORKER]
    assert (seat.since, seat.back) == (since, until)
    assign(post="grid_worker", area="A", valid_from=since, valid_to=until, person=people.li, kind="acting", by=by)
    seat = board(atlas(), "S/", since + timedelta(days=1)).seats[WORKER]
    assert not seat.vacant
    assert [one.person_id for one in seat.acting] == [people.li]
    assert [one.person_id for one in seat.away] == [people.wang]


def test_who_inspects_where_he_handles_stands_aside_and_elsewhere_not(by: Mandate, people: People) -> None:
    assign(post="inspector", area="A", valid_from=START, person=people.wang, by=by)
    assign(post="grid_worker", area="G1", valid_from=START, person=people.wang, by=by)
    assign(post="inspector", area="G2", valid_from=START, person=people.li, by=by)
    assign(post="cleaner", area="G1", valid_from=START, person=people.li, by=by)
    found = conflicts(duties_below("S/", by.at))
    assert [(one.duty.person_id, one.duty.post, one.why) for one in found] == [(people.wang, "inspector", "inspects")]
    assert found[0].other is not None
    assert found[0].other.post == "grid_worker"


def test_a_declared_relation_matters_where_the_organisation_works(by: Mandate, people: People) -> None:
    firm = create_organisation(code="firm", name="示例保洁", kind="contractor", by=by)
    assign(post="contractor", area="S", valid_from=START, organisation=firm, by=by)
    assign(post="property_manager", area="A", valid_from=START, person=people.wang, by=by)
    assign(post="volunteer", area="A", valid_from=START, person=people.li, by=by)
    declared = [Interest(new_id(), person, firm.id, "kin") for person in (people.wang, people.li, people.zhao)]
    found = conflicts(duties_below("S/", by.at), declared)
    assert [(one.duty.person_id, one.why, one.organisation_id) for one in found] == [(people.wang, "kin", firm.id)]


def test_candidates_are_told_apart_by_what_they_do_and_the_past_keeps_notes(by: Mandate, people: People) -> None:
    twin = create_person(name="王示范", by=by)
    first = assign(post="grid_worker", area="A", valid_from=START, person=people.wang, by=by)
    assign(post="cleaner", area="G1", valid_from=START, person=twin, by=by)
    found = candidates("S/", by.at)
    assert {(one.person_id, one.post) for one in found} == {(people.wang, "grid_worker"), (twin.id, "cleaner")}
    assert candidates("Z/", by.at) == []
    [past] = past_of("S/A/", "grid_worker")
    assert (past.held.assignment_id, past.recorded, past.note) == (first.id, True, "")
