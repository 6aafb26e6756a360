"""Bad input to a real server: each gets a clear refusal that names the field, and leaves no trace but a log line."""

from __future__ import annotations

import struct
import zlib
from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.faults.system import System
from tests.journeys.people import Api, Browser, photo

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("up")]
HOSTILE = "'; DROP TABLE cases_case; -- <script>alert(1)</script> {{ 7*7 }} \u202e"
POINT = {"lon": 119.905, "lat": 31.605}


def _bomb() -> bytes:
    """A PNG of a few kilobytes that says it is 30,000 pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 5_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def _record(system: System) -> list[str]:
    """What the record holds: nothing of this may move."""
    return system.query(
        "SELECT (SELECT count(*) FROM journal_entry), (SELECT count(*) FROM journal_content),"
        " (SELECT count(*) FROM cases_case), (SELECT count(*) FROM cases_report), (SELECT count(*) FROM cases_file)"
    )


def _body(**fields: Any) -> dict[str, Any]:
    return {"json": {"description": "路边有垃圾", "location": POINT, **fields}}


REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    "malformed JSON": ({"data": b'{"description": '}, 400, ""),
    "no JSON at all": ({"data": b"\x00\xff"}, 400, ""),
    "no field": ({"json": {}}, 422, "description"),
    "an unknown field": (_body(surname="x"), 422, "surname"),
    "off the globe": (_body(location={"lon": 199.0, "lat": 31.6}), 422, "lon"),
    "swapped": (_body(location={"lon": 31.6, "lat": 119.9}), 422, "lat"),
    "not a number": ({"data": b'{"description":"x","location":{"lon":NaN,"lat":1}}'}, 400, ""),
    "an unknown class": (_body(case_class="Z99"), 422, "case_class"),
    "ten megabytes": (_body(description="长" * 3_500_000), 413, ""),
    "too many characters": (_body(description="长" * 4001), 422, "description"),
    "a control character": (_body(address="a\x00b"), 422, "address"),
    "SQL for a code": (_body(area_code="S'; DROP TABLE x"), 422, "area_code"),
    "HTML for a phone": (_body(contact={"phone": "<b>1</b>"}), 422, "contact_phone"),
    "another's file": (_body(files=[str(uuid4())]), 422, "files"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_bad_report_is_refused_by_name_and_leaves_nothing(system: System, what: str) -> None:
    given, status, field = REFUSED[what]
    before = _record(system)
    headers = {"Authorization": f"Bearer {system.tokens['operator']}", "Content-Type": "application/json"}
    answer = requests.post(f"{system.url}/api/v1/cases", headers=headers, timeout=30, **given)
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert field in answer.json().get("field", "")
    assert answer.json()["detail"]
    assert _record(system) == before


def test_a_bomb_is_refused_at_either_door(system: System) -> None:
    before = _record(system)
    token = {"Authorization": f"Bearer {system.tokens['operator']}"}
    answer = requests.put(f"{system.url}/api/v1/files/{uuid4()}", data=_bomb(), headers=token, timeout=30)
    assert answer.status_code == 422
    assert answer.json()["field"] == "file"
    with Browser(system) as resident:
        page = resident.send("/report/", "/report/", {"key": str(uuid4()), "description": "说不清", "address": "门口"},
                             [_bomb()], status=422)
        assert "说不清" in page.text
    assert _record(system) == before


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer wg_wrong", "Basic b3BlcmF0b3I6eA==", "Bearer " + "x" * 4000])
def test_a_wrong_token_opens_nothing(system: System, token: str) -> None:
    answer = requests.get(f"{system.url}/api/v1/cases", headers={"Authorization": token}, timeout=30)
    assert answer.status_code == 401
    assert answer.json()["field"] == "Authorization"


def test_hostile_words_are_words_in_every_field_and_on_every_page(system: System) -> None:
    with Browser(system) as resident, Browser(system) as operator:
        code = resident.report([photo(31)], description=HOSTILE, address=HOSTILE)
        resident.send(f"/track/{code}", f"/track/{code}/say", {"note": HOSTILE})
        operator.sign_in("operator")
        [number] = system.query("SELECT number FROM cases_case c JOIN cases_report r ON r.case_id = c.id"
                                f" WHERE tracking_code = '{code}'")
        operator.act(number, "accept", note=HOSTILE)
        pages = [resident.get(f"/track/{code}"), operator.get(f"/desk/cases/{number}"), operator.get("/desk/"),
                 operator.get("/desk/", 200), operator.get(f"/desk/?q={requests.utils.quote(HOSTILE)}")]
    for page in pages:
        assert "<script>alert" not in page.text
        assert "49" not in page.text.partition("&lt;script")[2][:60]
    assert "&lt;script&gt;alert(1)" in pages[1].text
    case = Api(system, "operator").ask("GET", f"/cases/{number}")
    assert case["description"] == HOSTILE.strip()


def test_another_areas_case_is_not_there(system: System) -> None:
    with Browser(system) as resident, Browser(system) as elsewhere:
        code = resident.report(description="邻格的事", lon="119.905", lat="31.605")
        [number] = system.query("SELECT number FROM cases_case c JOIN cases_report r ON r.case_id = c.id"
                                f" WHERE tracking_code = '{code}'")
        elsewhere.sign_in("elsewhere").get(f"/desk/cases/{number}", 404)
    headers = {"Authorization": f"Bearer {system.tokens['elsewhere']}"}
    answer = requests.get(f"{system.url}/api/v1/cases/{number}", headers=headers, timeout=30)
    assert answer.status_code == 404
    assert "邻格的事" not in answer.text
