"""What is open changes hands when grids are redrawn: told beforehand, moved on the day, each by an entry."""

from __future__ import annotations

from datetime import timedelta

import pytest
from shapely.geometry import LineString

from tests import town as towns
from wangge.base.geometry import Point, e7
from wangge.kernel.cases.intake import report_case
from wangge.kernel.cases.models import Case
from wangge.kernel.cases.moving import would_move
from wangge.kernel.cases.reporting import NewReport
from wangge.kernel.cases.services import Command, act
from wangge.kernel.duties import mandates
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.verifying import verify
from wangge.kernel.places.drawing import merge, split
from wangge.kernel.places.queries import atlas
from wangge.kernel.places.redrawing import carry_out, planned, present, redraw

pytestmark = pytest.mark.django_db
EAST = Point(e7("120.018"), e7("31.010"))


@pytest.fixture
def town() -> towns.Town:
    return towns.build()


def reported(town: towns.Town, point: Point | None, words: str = "路灯不亮") -> Case:
    report = NewReport(description=words, point=point, address="" if point else "某处")
    return Case.objects.get(id=report_case(report=report, by=town.public()).case_id)


def test_on_the_day_an_open_case_goes_where_its_point_lies_and_before_it_is_told(town: towns.Town) -> None:
    west, east = reported(town, towns.POINTS["G11"]), reported(town, EAST)
    by = mandates.console()
    now = present("T-C1", by=by)
    line = LineString([(120.015, 30.99), (120.015, 31.03)])
    drawn = split(list(now.grids.values()), "T-G11", line, "新网格")
    told = planned(now, drawn)
    [(fresh, _)] = told.created
    shapes = [(one.code or fresh.code, one.shape) for one in drawn]
    foretold = would_move(now.area.path, shapes, {}, places=atlas())
    at = by.at + timedelta(days=2)
    made = redraw(community="T-C1", drawn=drawn, at=at, basis=now.basis, by=by)
    held = {case.id: case.area.code for case in Case.objects.select_related("area")}
    assert set(held.values()) == {"T-G11"}
    carry_out(redrawing=made.id, by=mandates.job("redraw", at=at, recorded_at=at))
    held = {case.id: case.area.code for case in Case.objects.select_related("area")}
    assert {one.case.id: one.new for one in foretold} == {one: code for one, code in held.items() if code != "T-G11"}
    assert sorted(held.values()) == sorted(["T-G11", fresh.code])
    east.refresh_from_db()
    west.refresh_from_db()
    moved = east if east.version == 2 else west
    assert moved.path == f"{now.area.path}{fresh.code}/"
    assert moved.born_path == f"{now.area.path}T-G11/"
    assert Entry.objects.get(subject_id=moved.id, seq=2).verb == "move"
    assert verify().faults == []


def test_a_case_that_was_dispatched_goes_with_its_post_to_the_grid_that_takes_over(town: towns.Town) -> None:
    case = reported(town, towns.POINTS["G11"])
    for who, command in (
        ("acceptor", Command(act="accept")), ("acceptor", Command(act="confirm")),
        ("acceptor", Command(act="register", case_class="E0417", condition=1)), ("operator", Command(act="dispatch")),
    ):
        case.refresh_from_db()
        act(case_id=case.id, command=command, expected_version=case.version, by=town.by(who))
    case.refresh_from_db()
    assert (case.post_id, case.post_path) == ("grid_worker", town.paths["G11"])
    by = mandates.console()
    now = present("T-C1", by=by)
    drawn = merge(list(now.grids.values()), ["T-G11"], "T-G12")
    redraw(community="T-C1", drawn=drawn, at=by.at, basis=now.basis, by=by)
    case.refresh_from_db()
    assert (case.path, case.post_path) == (town.paths["G12"], town.paths["G12"])
    worker = town.by("worker")
    assert worker.scope_path == town.paths["G12"]
    act(case_id=case.id, command=Command(act="sign"), expected_version=case.version, by=worker)
    assert verify().faults == []
