"""Handing a post over: at a moment ahead too, with what goes along; leave with who acts; what is refused."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from tests.kernel.duties.conftest import G1, START, People
from wangge.base.errors import Forbidden, InvalidInput
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.duties import mandates, queries
from wangge.kernel.duties.handing import hand_over, take_leave
from wangge.kernel.duties.models import Assignment
from wangge.kernel.duties.services import assign
from wangge.kernel.journal.models import Content, Entry
from wangge.kernel.journal.verifying import verify

pytestmark = pytest.mark.django_db


def held(by: Mandate, person: UUID, post: str = "grid_worker", area: str = "G1") -> Assignment:
    return assign(post=post, area=area, valid_from=START, person=person, by=by)


def test_one_leaves_and_the_next_comes_at_the_same_moment(by: Mandate, people: People) -> None:
    old = held(by, people.wang)
    at = by.at + timedelta(days=9)
    case = new_id()
    new = hand_over(duty=old.id, to=people.li, at=at, by=by, note="钥匙在门卫", cases=[case])
    assert [one.person_id for one in queries.holders(G1, "grid_worker", at - timedelta(seconds=1))] == [people.wang]
    assert [one.person_id for one in queries.holders(G1, "grid_worker", at)] == [people.li]
    entry = Entry.objects.get(subject_id=new.id, seq=1)
    assert entry.data["takes_over"] == str(old.id)
    assert entry.data["cases"] == [str(case)]
    assert Content.objects.get(subject_id=new.id, field="note").value == "钥匙在门卫"
    assert verify().faults == []


def test_an_acting_holder_is_followed_for_the_time_that_was_left(by: Mandate, people: People) -> None:
    end = by.at + timedelta(days=30)
    old = assign(post="grid_worker", area="G1", valid_from=START, valid_to=end, person=people.wang, kind="acting",
                 by=by)
    new = hand_over(duty=old.id, to=people.li, at=by.at + timedelta(days=1), by=by)
    assert (new.kind, new.valid.upper) == ("acting", end)


def test_what_lies_behind_is_not_handed_over(by: Mandate, people: People) -> None:
    old = held(by, people.wang)
    with pytest.raises(InvalidInput, match="now or ahead"):
        hand_over(duty=old.id, to=people.li, at=by.at - timedelta(days=1), by=by)
    with pytest.raises(InvalidInput, match="same person"):
        hand_over(duty=old.id, to=people.wang, at=by.at, by=by)
    old.refresh_from_db()
    assert old.valid.upper is None


def test_a_secretary_fills_the_standard_group_below_and_no_post_of_power(by: Mandate, people: People) -> None:
    assign(post="secretary", area="A", valid_from=START, person=people.zhang, by=by)
    secretary = mandates.for_person(people.zhang, channel="desk")
    old = held(by, people.wang)
    hand_over(duty=old.id, to=people.li, at=secretary.at, by=secretary)
    for post in ("admin", "secretary", "operator", "auditor"):
        with pytest.raises(Forbidden):
            assign(post=post, area="A", valid_from=secretary.at, person=people.zhao, by=secretary)
    with pytest.raises(Forbidden):
        assign(post="grid_worker", area="S", valid_from=secretary.at, person=people.zhao, by=secretary)
    worker = mandates.for_person(people.li, channel="desk")
    with pytest.raises(Forbidden):
        assign(post="grid_worker", area="G1", valid_from=worker.at, person=people.zhao, by=worker)


def test_on_leave_the_one_who_acts_answers_and_then_the_holder_again(by: Mandate, people: People) -> None:
    old = held(by, people.wang)
    since, until = by.at + timedelta(days=1), by.at + timedelta(days=8)
    leave = take_leave(duty=old.id, since=since, until=until, stand_in=people.li, by=by)
    assert leave.acting is not None
    assert [one.person_id for one in queries.holders(G1, "grid_worker", since)] == [people.li]
    assert [one.person_id for one in queries.holders(G1, "grid_worker", until)] == [people.wang]
    with pytest.raises(InvalidInput, match="stands in for themselves"):
        take_leave(duty=old.id, since=until, until=until + timedelta(days=1), stand_in=people.wang, by=by)
