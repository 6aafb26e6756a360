"""Barred functions are off; on only with scene, document, another's approval, and until they expire."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.patrols.making import HOUR, NOW, ask, at, look, started, switched
from tests.town import Town
from wangge.base.errors import Forbidden, InvalidInput
from wangge.base.ids import new_id
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.verifying import verify
from wangge.patrols import queries
from wangge.patrols.lifecycle import FUNCTIONS
from wangge.patrols.models import Switch
from wangge.patrols.services import end_patrol
from wangge.patrols.switchboard import NewSwitch, approve_switch, ask_switch, end_switch, refuse_switch, require_on

DAY = (NOW - HOUR, NOW + 24 * HOUR)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_off_by_default_on_by_two_people_and_off_again(town: Town, function: str) -> None:
    here, there = town.paths["G11"], town.paths["G21"]
    with pytest.raises(Forbidden, match="off"):
        require_on(function, here, NOW)
    row = ask(town, function)
    with pytest.raises(Forbidden):
        require_on(function, here, NOW)
    row = approve_switch(switch=row.id, expected_version=1, by=at(town, "leader"))
    assert require_on(function, here, NOW) == row.id
    for path, moment in ((there, NOW), (here, NOW - HOUR), (here, NOW + 168 * HOUR)):
        with pytest.raises(Forbidden):
            require_on(function, path, moment)
    end_switch(switch=row.id, expected_version=2, by=at(town, "leader", 1))
    with pytest.raises(Forbidden):
        require_on(function, here, NOW + HOUR)
    assert verify().clean


def test_who_asked_does_not_approve_and_a_refusal_stays_off(town: Town) -> None:
    with pytest.raises(Forbidden):
        approve_switch(switch=ask(town).id, expected_version=1, by=at(town, "secretary"))
    new = NewSwitch("online_time", "T-C1", "flood", "苏汛〔2026〕12号", NOW + HOUR, words="防汛")
    own = ask_switch(new=new, by=at(town, "leader"))
    with pytest.raises(Forbidden, match="does not decide"):
        approve_switch(switch=own.id, expected_version=1, by=at(town, "leader"))
    other = ask(town)
    refuse_switch(switch=other.id, expected_version=1, by=at(town, "leader"))
    with pytest.raises(Forbidden):
        require_on("forced_check_in", other.path, NOW)


@pytest.mark.parametrize(("given", "field"), [
    ({"function": "scores"}, "function"), ({"scene": "any"}, "scene"), ({"document": " "}, "document"),
    ({"document": "1\n2345"}, "document"), ({"expires": NOW - HOUR}, "expires"),
    ({"expires": NOW + timedelta(days=31)}, "expires"), ({"words": ""}, "reason"),
])
def test_a_request_without_scene_document_or_expiry_is_refused(town: Town, given: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        ask(town, **given)
    assert caught.value.field == field


@pytest.mark.parametrize("changed", [
    {"document": ""}, {"scene": "any"}, {"function": "scores"}, {"expires": NOW + timedelta(days=31)},
    {"expires": NOW - HOUR}, {"expires": None}, {"state": "on"},
])
def test_the_database_refuses_a_switch_without_them(town: Town, changed: dict[str, Any]) -> None:
    row = Switch.objects.get(id=ask(town).id)
    for name, value in ({"id": new_id()} | changed).items():
        setattr(row, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        Switch.objects.bulk_create([row])


@pytest.mark.parametrize("sql", [
    "UPDATE patrols_switch SET state = 'on'",
    "UPDATE patrols_switch SET state = 'on', approver = asked_by, decided_at = asked_at",
    "UPDATE patrols_switch SET expires = expires + interval '1 day'",
])
def test_the_database_refuses_to_turn_it_on_otherwise(town: Town, sql: str) -> None:
    ask(town)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_check_without_a_patrol_is_a_forced_check_in(town: Town) -> None:
    with pytest.raises(Forbidden, match="off"):
        look(town, None)
    row = switched(town)
    assert look(town, None).switch_id == row.id


def test_counts_of_persons_need_their_switch_and_each_use_is_on_record(town: Town) -> None:
    patrol = started(town)
    look(town, patrol, outcome="present")
    end_patrol(patrol=patrol.id, expected_version=2, by=at(town, "officer", 2))
    path = town.paths["C1"]
    by = at(town, "secretary", 100)
    for count in (queries.by_person, queries.time_out):
        with pytest.raises(Forbidden, match="off"):
            count(path, *DAY, by=by)
    switched(town, "person_ranking")
    switched(town, "online_time")
    assert queries.by_person(path, *DAY, by=by) == [(town.people["worker"], 1, 1)]
    assert queries.time_out(path, *DAY, by=by) == [(town.people["officer"], 120)]
    assert Entry.objects.filter(verb="use_switch").count() == 2
    with pytest.raises(Forbidden):
        queries.by_person(path, *DAY, by=at(town, "worker", 100))


def test_the_database_itself_says_that_it_is_off(town: Town) -> None:
    with (pytest.raises(IntegrityError, match="switched off"), transaction.atomic(),
          connection.cursor() as cursor):
        cursor.execute("SELECT patrols_require('online_time', %s, %s)", [town.root, NOW])
