"""The desk's page of tracing back: the question, the report, its proofs, and who is refused."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.interfaces.api.counting import statements
from tests.interfaces.world import World
from wangge.base.clock import now
from wangge.kernel.journal.models import Entry

Desk = Callable[[str], Client]
PAGE = "/desk/answer"
FIRST = "320499001001001"


def _local() -> str:
    """Today, on the clock of the subdistrict."""
    return now().astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()


def test_the_report_names_who_had_it_what_they_knew_and_did(world: World, desk: Desk) -> None:
    receipt = world.report("占道烧烤")
    world.bring(receipt, "accept", "confirm", "register", "dispatch", "sign")
    client = desk("secretary")
    answer = client.get(PAGE, {"area": FIRST, "day": _local(), "class": "E04"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    finding = "当时这里有 1 件未结，没有超时限的"
    for said in (finding, "专职网格员", "王示范", "到其手里", "本人所办", receipt.number, "全程空缺"):
        assert said in text, said
    assert "占道烧烤" not in text
    assert Entry.objects.filter(subject_type="tracing", actor=world.persons["secretary"]).count() == 1


def test_a_case_says_its_place_and_time_itself(world: World, desk: Desk) -> None:
    receipt = world.report()
    client = desk("operator")
    assert f"{PAGE}?case={receipt.number}" in client.get(f"/desk/trace/{receipt.number}").content.decode()
    text = client.get(PAGE, {"case": receipt.number}).content.decode()
    assert "当时这里有 1 件未结" in text
    assert "周试样" in text


def test_the_form_alone_reads_nothing(world: World, desk: Desk) -> None:
    assert desk("operator").get(PAGE).status_code == 200
    assert not Entry.objects.filter(subject_type="tracing").exists()


def test_what_cannot_be_asked_is_said_and_not_recorded(world: World, desk: Desk) -> None:
    client = desk("operator")
    for given, status in (
        ({"area": "nowhere", "day": _local()}, 404), ({"area": FIRST, "day": "2026-13-01"}, 422),
        ({"area": FIRST, "day": "2999-01-01"}, 422), ({"case": "999"}, 404),
        ({"lon": "x", "lat": "1", "day": _local()}, 422),
        ({"lon": "100", "lat": "10", "day": _local()}, 404),
    ):  # fmt: skip
        answer = client.get(PAGE, given)
        assert (answer.status_code, 'role="alert"' in answer.content.decode()) == (status, True), given
    assert desk("worker").get(PAGE).status_code == 403
    assert desk("secretary").get(PAGE, {"area": "320499001002", "day": _local()}).status_code == 403
    assert not Entry.objects.filter(subject_type="tracing").exists()


def test_the_report_costs_few_statements(world: World, desk: Desk) -> None:
    for number in range(4):
        world.bring(world.report(f"第 {number} 件"), "accept", "confirm", "register", "dispatch")
    client = desk("operator")
    client.get(PAGE, {"area": FIRST, "day": _local()})
    with statements() as sent:
        client.get(PAGE, {"area": FIRST, "day": _local()})
    assert len(sent) <= 8, sent


def test_a_proof_is_checked_and_a_changed_one_is_found(world: World, desk: Desk) -> None:
    client = desk("operator")
    assert client.get("/desk/check").status_code == 200
    for wrong in (b"", b"nothing of the kind"):
        answer = client.post("/desk/check", {"proof": SimpleUploadedFile("x.proof", wrong)})
        assert answer.status_code == 422
    assert client.post("/desk/check", {}).status_code == 422
    assert desk("worker").get("/desk/check").status_code == 403
