"""Reporting over the API: once for each key, typed, bounded, and by few statements."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.interfaces.api.counting import statements
from tests.interfaces.api.world import OUTSIDE, POINT, Api, World, problem
from wangge.base.clock import now
from wangge.kernel.cases.models import Case, Report
from wangge.kernel.duties import mandates
from wangge.kernel.duties.models import Assignment
from wangge.kernel.duties.services import end_assignment

pytestmark = pytest.mark.django_db


def test_a_report_lands_in_its_grid(worker: Api) -> None:
    answer = worker.report("k1", contact={"name": "样例居民", "phone": "138 0000 0000"})
    assert answer.status_code == 201
    found = answer.json()
    assert found["state"] == "reported"
    assert found["version"] == 1
    assert found["number"].startswith("320412")
    assert found["place"] == {"path": "S/A/A1/", "name": "甲一网格", "outside": False}
    assert len(found["tracking_code"]) == 16
    assert answer["Location"] == f"/api/v1/cases/{found['id']}"


def test_the_same_key_and_body_give_the_same_case(worker: Api) -> None:
    first = worker.report("k1")
    again = worker.report("k1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    reordered = b'{ "location": {"lat": 31.705, "lon": 120.002}, "description": "\\u8def\\u8fb9\\u6709\\u5783\\u573e" }'
    assert worker.post("/cases", reordered, Idempotency_Key="k1").json() == first.json()
    assert Case.objects.count() == 1


def test_a_key_stands_for_one_body_of_one_sender(worker: Api, operator: Api) -> None:
    worker.report("k1")
    problem(worker.report("k1", description="别的"), 422, "Idempotency-Key")
    problem(operator.report("k1"), 422, "Idempotency-Key")
    assert Case.objects.count() == 1


def test_without_a_key_each_report_is_a_case(worker: Api) -> None:
    assert worker.report().json()["id"] != worker.report().json()["id"]


def test_a_point_outside_every_boundary_is_answered_as_such(operator: Api) -> None:
    place = operator.report(location=OUTSIDE).json()["place"]
    assert place == {"path": "S/", "name": "样例街道", "outside": True}


def test_an_address_or_a_known_place_will_do(operator: Api) -> None:
    assert operator.report(location=None, address="样例路 1 号").json()["place"]["path"] == "S/"
    assert operator.report(location=None, area_code="A2").json()["place"]["path"] == "S/A/A2/"


def test_who_passes_through_a_neighbouring_grid_reports_there(worker: Api) -> None:
    place = worker.report(location={"lon": 120.007, "lat": 31.705}).json()["place"]
    assert place == {"path": "S/A/A2/", "name": "甲二网格", "outside": False}


def test_a_report_made_earlier_keeps_its_time(worker: Api) -> None:
    earlier = now() - timedelta(hours=3)
    case = worker.report(occurred_at=earlier.isoformat()).json()
    entry = worker.get(f"/cases/{case['id']}/timeline").json()["items"][0]
    assert entry["at"].startswith(earlier.isoformat()[:19])
    assert entry["recorded_at"] > entry["at"]
    problem(worker.report(occurred_at=(now() + timedelta(hours=1)).isoformat()), 422, "occurred_at")
    problem(worker.report(occurred_at=(now() - timedelta(days=7, minutes=1)).isoformat()), 422, "occurred_at")
    assert worker.report(occurred_at=(now() - timedelta(days=6)).isoformat()).status_code == 201


def test_who_holds_no_duty_any_more_reports_nothing_of_the_past(world: World, worker: Api) -> None:
    earlier = (now() - timedelta(hours=2)).isoformat()
    assert worker.report(occurred_at=earlier).status_code == 201
    held = Assignment.objects.get(person=world.people["worker"])
    end_assignment(assignment=held.id, at=now() - timedelta(hours=1), by=mandates.console())
    problem(worker.report(occurred_at=earlier), 403)
    lines = worker.post("/cases/bulk", json.dumps({"key": "late", "description": "x", "occurred_at": earlier}).encode(),
                        "application/x-ndjson")
    problem(lines, 403)
    assert Case.objects.count() == 1


def test_who_may_not_report_is_refused(world: World) -> None:
    problem(Api(world.tokens["auditor"]).report(), 403, "action")
    assert not Case.objects.exists()


def test_a_report_takes_three_statements(worker: Api) -> None:
    worker.report("warm")
    with statements() as sent:
        assert worker.report("counted").status_code == 201
    assert len(sent) == 3, sent


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"description": ""}, "description"),
        ({"description": "x" * 4001}, "description"),
        ({"description": 7}, "description"),
        ({"description": "a\u0000b"}, "description"),
        ({"description": "a\u0007b"}, "description"),
        ({"location": None}, "address"),
        ({"location": {"lon": 120.0}}, "location.lat"),
        ({"location": {"lon": "120", "lat": 31}}, "location.lon"),
        ({"location": {"lon": 31.7, "lat": 120.0}}, "location.lat"),
        ({"location": {"lon": 200.0, "lat": 31.0}}, "location.lon"),
        ({"location": {"lon": 120.0, "lat": 31.0, "crs": "mars"}}, "location.crs"),
        ({"location": {"lon": 120.0, "lat": 31.0, "height": 3}}, "location.height"),
        ({"case_class": "E99"}, "case_class"),
        ({"case_class": "E"}, "case_class"),
        ({"case_class": "'; DROP TABLE x"}, "case_class"),
        ({"area_code": "nowhere", "location": None}, "area_code"),
        ({"source": "rumour"}, "source"),
        ({"contact": {"phone": "call me"}}, "contact_phone"),
        ({"contact": {"name": "x" * 61}}, "contact.name"),
        ({"contact": {"mail": "a@b"}}, "contact.mail"),
        ({"files": ["nothing"]}, "files[0]"),
        ({"files": ["00000000-0000-7000-8000-000000000000"]}, "files"),
        ({"files": ["00000000-0000-7000-8000-000000000000"] * 21}, "files"),
        ({"occurred_at": "yesterday"}, "occurred_at"),
        ({"occurred_at": "2026-01-01T00:00:00"}, "occurred_at"),
        ({"colour": "red"}, "colour"),
    ],
    ids=str,
)
def test_each_bad_value_is_named(worker: Api, fields: dict[str, Any], field: str) -> None:
    found = problem(worker.report("k", **fields), 422, field)
    assert found["detail"]
    assert not Case.objects.exists()
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (b"", 400, "body"),
        (b"{", 400, "body"),
        (b'{"description": "x",}', 400, "body"),
        (b'{"description": "\xff"}', 400, "body"),
        (b'{"description": "\\ud800"}', 400, "body"),
        (b'{"description": NaN}', 400, "body"),
        (b"[]", 422, "body"),
        (b"null", 422, "body"),
        (b"[" * 100_000, 422, "body"),
        (b'{"description": "x", "location": {"lon": 1e999, "lat": 1}}', 422, "location.lon"),
        (b'{"description": "x", "location": {"lon": ' + b"9" * 400 + b', "lat": 1}}', 422, "location.lon"),
        (b'{"description": "' + b"x" * 10_000_000 + b'"}', 413, "body"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_malformed_bodies_are_refused(worker: Api, body: bytes, status: int, field: str) -> None:
    problem(worker.post("/cases", body), status, field)
    assert not Case.objects.exists()


def test_malformed_json_is_refused_with_its_position(worker: Api) -> None:
    assert "byte 11" in problem(worker.post("/cases", b'{"source": ?}'), 400)["detail"]


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE cases_case; --", "<script>alert(1)</script>", "{{ 7*7 }}", "%s %(a)s \\"]
)
def test_sql_and_html_are_words_like_any_other(worker: Api, text: str) -> None:
    case = worker.report(description=text, address=text, contact={"name": text[:60]}).json()
    found = worker.get(f"/cases/{case['id']}").json()
    assert (found["description"], found["place"]["address"]) == (text, text)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/xml"])
def test_another_content_type_is_refused(worker: Api, kind: str) -> None:
    problem(worker.post("/cases", b"description=x", kind), 415, "Content-Type")


@pytest.mark.parametrize("key", ["x" * 201, "", "two words", "键", "tab\tin it", "\x7f"])
def test_a_key_has_a_length(worker: Api, key: str) -> None:
    body = {"description": "x", "location": POINT}
    problem(worker.post("/cases", body, Idempotency_Key=key), 422)


def test_an_answer_is_json_in_utf_8(worker: Api) -> None:
    case = worker.report().json()
    raw = worker.get(f"/cases/{case['number']}").content
    assert "路边有垃圾".encode() in raw
    json.loads(raw)
