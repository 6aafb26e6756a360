"""A shift is handed over once, as it stands, and taken over by another person."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import IntegrityError, transaction

from tests.interfaces.world import World
from wangge.base.clock import now
from wangge.base.errors import Conflict, Forbidden, NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.desk.models import Shift
from wangge.kernel.desk.sheets import sheet
from wangge.kernel.desk.shifts import FIRST, close_shift, shift, shifts_of, take_shift
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.journal.verifying import verify
from wangge.kernel.people.services import create_person


def second(world: World) -> Mandate:
    by = mandates.console()
    person = create_person(name="钱替班", by=by)
    assign(post="operator", area="320499001", valid_from=now() - timedelta(days=1), person=person, by=by)
    return mandates.for_person(person.id, channel="desk")


def test_the_sheet_says_what_came_what_is_open_by_whom_and_what_is_late(world: World) -> None:
    with time_machine.travel(now() - timedelta(days=3)):
        world.bring(world.report("旧的"), "accept", "confirm", "register", "dispatch")
    world.report("新的")
    found = sheet(world.by("operator"), begins=now() - timedelta(hours=8), ends=now())
    assert dict(found.came) == {"resident": 1}
    assert {(one.post, one.state, one.cases, one.late) for one in found.open} == {
        ("grid_worker", None, 1, 1), (None, "reported", 1, 0),
    }  # fmt: skip
    assert [row.description for row in found.late] == ["旧的"]
    assert found.counts["late"] == 1


def test_a_shift_is_written_down_and_the_next_begins_where_it_ended(world: World) -> None:
    world.report("新的")
    made = close_shift(note="两件等回电", by=world.by("operator"))
    assert made.ends - made.begins == FIRST
    [found] = shifts_of(world.by("operator"))
    assert (found.note, found.facts["came"], found.giver_name, found.taker_name) == (
        "两件等回电", {"resident": 1}, "赵模拟", None,
    )  # fmt: skip
    again = close_shift(note="", by=second(world))
    assert again.begins == made.ends
    assert again.facts["came"] == {}
    assert verify().clean


def test_another_person_takes_it_over_once(world: World) -> None:
    made = close_shift(note="", by=world.by("operator"))
    with pytest.raises(Conflict, match="does not take it"):
        take_shift(made.id, by=world.by("operator"))
    other = second(world)
    take_shift(made.id, by=other)
    assert shift(made.id, other).taker_name == "钱替班"
    with pytest.raises(Conflict, match="already"):
        take_shift(made.id, by=other)
    assert verify().clean


def test_who_may_not_is_refused_and_elsewhere_there_is_none(world: World) -> None:
    made = close_shift(note="", by=world.by("operator"))
    with pytest.raises(Forbidden):
        close_shift(note="", by=world.by("inspector"))
    with pytest.raises(NotFound):
        take_shift(UUID(int=1), by=world.by("operator"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Shift.objects.filter(id=made.id).update(taker_id=made.giver_id, taken_at=now())
