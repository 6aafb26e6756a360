"""Patrols: planned on a zone, walked once at a time, tracked only while under way, and the track let go of."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.patrols.making import HOUR, NOW, POINT, at, plan, started
from tests.town import Town
from wangge.base.errors import Conflict, Forbidden, InvalidInput, Moved, NotFound
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.services import erase
from wangge.kernel.journal.verifying import verify
from wangge.patrols import queries
from wangge.patrols.lifecycle import LONGEST_PATROL, TABLES, TRACK_KEPT, state_pairs
from wangge.patrols.migrations import __name__ as migrations_of
from wangge.patrols.models import Patrol, TrackPoint
from wangge.patrols.services import add_track, drop_patrol, end_patrol, forget_tracks, start_patrol


def test_zones_are_the_areas_of_duties_that_patrol(town: Town) -> None:
    found = {(zone.post, zone.area_path) for zone in queries.zones(town.root, NOW)}
    assert ("officer", town.paths["C1"]) in found
    assert not {post for post, _ in found} & {"grid_worker", "leader", "operator"}


def test_a_patrol_is_planned_started_and_ended(town: Town) -> None:
    row = plan(town, "secretary", person=town.people["officer"], note="重点看早市")
    assert (row.state, row.stops) == ("planned", [town.paths["G11"], town.paths["G12"]])
    row = start_patrol(patrol=row.id, tracked=False, expected_version=1, by=at(town, "officer"))
    row = end_patrol(patrol=row.id, expected_version=2, note="无异常", by=at(town, "officer", 2))
    assert (row.state, row.version, row.points) == ("ended", 3, 0)
    assert [entry.verb for entry in Entry.objects.filter(subject_id=row.id).order_by("seq")] == [
        "plan_patrol", "start_patrol", "end_patrol"]
    assert queries.words([row.id]).of(row.id, "note") == "无异常"
    assert verify().clean


@pytest.mark.parametrize(("given", "field"), [
    ({"planned_to": NOW + LONGEST_PATROL + HOUR}, "planned_to"),
    ({"planned_to": NOW - HOUR}, "planned_to"),
    ({"stops": ("T-G21",)}, "stops"),
    ({"stops": ("T-G11",) * 41}, "stops"),
])
def test_a_plan_that_does_not_fit_is_refused(town: Town, given: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        plan(town, **given)
    assert caught.value.field == field


def test_only_whose_post_patrols_there_is_sent(town: Town) -> None:
    with pytest.raises(InvalidInput):
        plan(town, "secretary", person=town.people["worker"])
    with pytest.raises(InvalidInput):
        plan(town, "leader", person=town.people["officer"], area="T-C2", stops=())
    with pytest.raises(Forbidden):
        plan(town, "worker", area="T-G11", stops=())
    with pytest.raises(NotFound):
        plan(town, area="nowhere")


def test_one_patrol_at_once_and_only_ones_own(town: Town) -> None:
    row = started(town)
    other = plan(town)
    with pytest.raises(Conflict):
        start_patrol(patrol=other.id, tracked=False, expected_version=1, by=at(town, "officer"))
    with pytest.raises(NotFound):
        end_patrol(patrol=row.id, expected_version=2, by=at(town, "leader", 1))
    with pytest.raises(Moved):
        end_patrol(patrol=row.id, expected_version=1, by=at(town, "officer", 1))
    drop_patrol(patrol=other.id, expected_version=1, reason="改日", by=at(town, "secretary"))
    with pytest.raises(Conflict):
        start_patrol(patrol=other.id, tracked=False, expected_version=2, by=at(town, "officer"))
    late = plan(town)
    end_patrol(patrol=row.id, expected_version=2, by=at(town, "officer", 1))
    with pytest.raises(Conflict):
        start_patrol(patrol=late.id, tracked=False, expected_version=1, by=at(town, "officer", 3))


def test_points_come_only_within_a_patrol_with_a_track(town: Town) -> None:
    points = [(NOW + timedelta(minutes=n), POINT) for n in (1, 2)]
    officer = at(town, "officer", 1)
    untracked = started(town)
    with pytest.raises(Conflict):
        add_track(patrol=untracked.id, points=points, by=officer)
    end_patrol(patrol=untracked.id, expected_version=2, by=at(town, "officer"))
    row = started(town, tracked=True)
    assert add_track(patrol=row.id, points=points, by=officer) == 2
    assert add_track(patrol=row.id, points=points, by=officer) == 0
    for wrong in (NOW - HOUR, NOW + 3 * HOUR):
        with pytest.raises(InvalidInput):
            add_track(patrol=row.id, points=[(wrong, POINT)], by=officer)
    with pytest.raises(NotFound):
        add_track(patrol=row.id, points=points, by=at(town, "leader", 1))
    with pytest.raises(Conflict):
        add_track(patrol=row.id, points=[(NOW + 3.5 * HOUR, POINT)], by=at(town, "officer", 3.5))
    assert end_patrol(patrol=row.id, expected_version=2, by=at(town, "officer", 2)).points == 2
    with pytest.raises(Conflict):
        add_track(patrol=row.id, points=points, by=officer)


def test_anothers_track_is_read_on_record_and_goes_after_thirty_days(town: Town) -> None:
    row = started(town, tracked=True)
    add_track(patrol=row.id, points=[(NOW + HOUR, POINT)], by=at(town, "officer", 1))
    row = end_patrol(patrol=row.id, expected_version=2, by=at(town, "officer", 2))
    assert len(queries.track(row, at(town, "officer"))) == 1
    looks = Entry.objects.filter(subject_type="access", verb="read_track")
    assert not looks.exists()
    assert len(queries.track(row, at(town, "secretary"))) == 1
    assert looks.get().actor == town.people["secretary"]
    with pytest.raises(Forbidden):
        queries.track(row, at(town, "worker"))
    job = mandates.job("retention")
    assert forget_tracks(now=NOW + TRACK_KEPT - HOUR, by=job) == 0
    assert forget_tracks(now=NOW + TRACK_KEPT, by=job) == 1
    assert forget_tracks(now=NOW + TRACK_KEPT, by=job) == 0
    row.refresh_from_db()
    assert (row.points, TrackPoint.objects.count()) == (0, 0)
    assert verify().clean


def test_the_database_refuses_points_outside_a_patrol(town: Town) -> None:
    row = started(town)
    with pytest.raises(IntegrityError, match="within a started patrol"), transaction.atomic():
        TrackPoint.objects.create(patrol=row, at=NOW, lon_e7=0, lat_e7=0)
    Patrol.objects.filter(id=row.id).update(tracked=True)
    with pytest.raises(IntegrityError, match="within a started patrol"), transaction.atomic():
        TrackPoint.objects.create(patrol=row, at=NOW + 4 * HOUR, lon_e7=0, lat_e7=0)


@pytest.mark.parametrize("sql", [
    "UPDATE patrols_patrol SET planned_to = planned_to + interval '1 minute'",
    "UPDATE patrols_patrol SET state = 'planned', started_at = NULL",
    "DELETE FROM patrols_patrol",
])
def test_the_database_refuses_to_rewrite_a_patrol(town: Town, sql: str) -> None:
    started(town)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_database_holds_the_tables_of_acts() -> None:
    lives = import_module(f"{migrations_of}.0002_patrol_rules").LIVES
    assert {kind: state_pairs(kind) for kind in TABLES} == {
        kind: lives[f"patrols_{kind}"][1] for kind in TABLES}


def test_words_are_erased_and_the_rest_verifies(town: Town) -> None:
    row = plan(town, note="重点看早市")
    erase(subject_id=row.id, reason_code="request", by=at(town, "admin"))
    assert queries.words([row.id]).of(row.id, "note") == ""
    assert verify().clean


def test_who_sees_a_patrol(town: Town) -> None:
    row = plan(town)
    for who in ("officer", "secretary", "leader", "auditor"):
        assert queries.patrol(row.id, at(town, who)) == row
    for who in ("worker", "secretary2", "admin"):
        with pytest.raises(NotFound):
            queries.patrol(row.id, at(town, who))


def test_a_stand_in_patrols_as_the_post_does(town: Town) -> None:
    by = mandates.console(at=NOW)
    assign(post="officer", area="T-C1", valid_from=NOW - HOUR, kind="acting", person=town.people["worker2"], by=by)
    assert plan(town, "secretary", person=town.people["worker2"]).post_id == "officer"
