"""Tracing back over the API: from a place and a day, from a case; each reading on record, and what is refused."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from tests.interfaces.api.world import POINT, Api, World, problem
from wangge.base.clock import now
from wangge.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db


def today() -> str:
    return now().astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()


def test_a_place_and_a_day_are_answered_with_everybody_above(world: World, worker: Api, operator: Api) -> None:
    case = worker.report(case_class="E02").json()
    found = operator.get(f"/answers?area=A1&day={today()}").json()
    assert [one["id"] for one in found["cases"]] == [case["id"]]
    posts = [one["post"] for one in found["holders"]]
    assert posts[0] == "grid_worker"
    assert "leader" in posts
    worked = found["holders"][0]
    assert [one["verb"] for one in worked["did"]] == ["report"]
    assert (worked["person_id"], worked["changed"]) == (str(world.people["worker"]), False)
    assert "grid_leader" in {one["post"] for one in found["vacant"]}
    by_point = operator.get(f"/answers?lon={POINT['lon']}&lat={POINT['lat']}&day={today()}&case_class=E02").json()
    by_case = operator.get(f"/answers?case={case['number']}").json()
    assert by_point["area"] == by_case["area"] == "A1"
    assert by_case["case"] == case["number"]
    readings = Entry.objects.filter(subject_type="tracing")
    assert {entry.actor for entry in readings} == {world.people["operator"]}
    assert readings.count() == 3


def test_what_cannot_be_answered_names_the_field(world: World, worker: Api, operator: Api) -> None:
    for address, status, field in (
        ("/answers", 404, "area"), ("/answers?area=A1", 422, "day"), ("/answers?area=A1&day=2026-13-01", 422, "day"),
        ("/answers?area=none&day=2026-06-01", 404, "area"), ("/answers?lon=x&lat=1&day=2026-06-01", 422, "location"),
        ("/answers?lon=100&lat=10&day=2026-06-01", 404, "lon"), ("/answers?where=A1", 422, "where"),
    ):  # fmt: skip
        told = problem(operator.get(address), status)
        assert told["field"].startswith(field), address
    assert operator.get("/answers?case=1").status_code == 404
    assert worker.get(f"/answers?area=A1&day={today()}").status_code == 403
    assert not Entry.objects.filter(subject_type="tracing").exists()
