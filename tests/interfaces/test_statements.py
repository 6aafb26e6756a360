"""What a page may cost: the statements that a request sends, counted on the way that it really takes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.interfaces import samples
from tests.interfaces.api.counting import statements
from tests.interfaces.world import SINCE, World
from wangge.assessment.meeting.services import give_pledge
from wangge.base.clock import now
from wangge.kernel.cases import reference
from wangge.kernel.cases.models import CaseClass
from wangge.kernel.cases.setup import RuleRow, set_routing
from wangge.kernel.duties import mandates
from wangge.kernel.duties.models import Assignment
from wangge.kernel.duties.services import end_assignment
from wangge.kernel.people.services import issue_token
from wangge.kernel.places.queries import area_by_code

Desk = Callable[[str], Client]

BUDGET = {
    "/desk/": 6,
    "/desk/?state=reported": 6,
    "/desk/?area=320499001001&q=路灯&order=due": 6,
    "/desk/?state=registered": 8,
    "/desk/views": 6,
    "/desk/print?state=registered": 6,
    "/desk/shift": 8,
    "/desk/replies": 6,
    "/desk/replies/phrases?act=urge": 6,
    "/desk/bulk/targets": 6,
    "/desk/cases/{number}": 8,
    "/desk/cases/{number}/preview": 6,
    "/desk/trace/{number}": 8,
    "/desk/map": 8,
    "/desk/rules": 6,
    "/desk/routing": 8,
    "/desk/routing?try_class=E0401&try_area=320499001001001": 8,
    "/desk/limits": 6,
    "/desk/parts": 8,
    "/desk/wall": 6,
    "/desk/answer": 6,
    "/desk/check": 6,
    "/desk/report": 6,
    "/desk/pins.json": 8,
    "/desk/areas.json?counts=1": 8,
    "/desk/posts": 8,
    "/desk/posts?rows=grid": 8,
    "/desk/posts/320499001001001/grid_worker": 8,
    "/desk/places": 8,
    "/desk/places/320499001001": 8,
    "/desk/places/320499001001001": 8,
    "/desk/organisations": 8,
    "/desk/figures": 8,
    "/desk/figures?by=organisation&period=2026": 8,
    "/desk/figures?by=class&set=result": 8,
    "/desk/figures/unclosed?part=denominator&row=320499001001": 8,
    "/desk/approvals": 8,
    "/desk/answers?area=320499001001001": 8,
    "/desk/tasks": 6,
    "/api/v1/cases?limit=50": 3,
    "/api/v1/cases?limit=50&area=320499001001": 3,
    "/api/v1/indicators?period=2026": 6,
    "/api/v1/indicators/unclosed/cases?period=2026&by=class": 6,
}
"""The most statements of a page, session, account, duties and versions included."""


def _cost(client: Client, address: str) -> list[str]:
    """The statements of a page that one stays on; the first visit fills snapshots and notes the list in the session."""
    assert client.get(address).status_code == 200
    with statements() as sent:
        assert client.get(address).status_code == 200
    return sent


def _signed_in(world: World, desk: Desk, path: str) -> Client:
    """The operator's browser, or a program of theirs."""
    if not path.startswith("/api/"):
        return desk("operator")
    account = world.accounts["operator"]
    plain = issue_token(account=account, label="test", days=1, by=mandates.console())[1]
    return Client(headers={"authorization": f"Bearer {plain}"})


MOST = 8
"""The most statements of any page of the desk; a new page is counted by itself."""


def test_every_page_of_the_desk_keeps_within_eight_statements(world: World) -> None:
    known = samples.make(world)
    dear = {}
    for route in samples.pages_of_the_desk():
        if route.name in samples.NOTHING_THERE:
            continue
        client = known.here[samples.who_may(route)]
        address = samples.address(route, known)
        client.get(address)
        with statements() as sent:
            answer = client.get(address)
        assert answer.status_code in (200, 302), (address, answer.status_code)
        if len(sent) > MOST:
            dear[address] = [len(sent), *(one[:90] for one in sent)]
    assert dear == {}


@pytest.mark.parametrize("path", BUDGET)
def test_a_page_of_the_desk_keeps_within_its_statements(world: World, desk: Desk, path: str) -> None:
    for number in range(3):
        receipt = world.report(f"路灯不亮 {number}")
    sent = _cost(_signed_in(world, desk, path), path.format(number=receipt.number))
    assert len(sent) <= BUDGET[path], sent


def test_a_change_of_the_filter_is_noted_within_the_statements_of_a_list(world: World, desk: Desk) -> None:
    world.report()
    client = desk("operator")
    client.get("/desk/")
    for address in ("/desk/?state=reported", "/desk/?state=handled", "/desk/?area=320499001001"):
        with statements() as sent:
            assert client.get(address).status_code == 200
        assert not any("UPDATE" in one for one in sent)
        assert len(sent) <= BUDGET["/desk/"], sent
        assert client.cookies["list"].value == address.removeprefix("/desk/")


WAY = ("accept", "confirm", "register", "dispatch", "sign", "handle", "inspect", "close")


@pytest.mark.parametrize("steps", range(len(WAY) + 1))
def test_the_page_of_a_case_keeps_within_its_statements_in_every_state(
    world: World, desk: Desk, steps: int
) -> None:
    receipt = world.report()
    world.bring(receipt, *WAY[:steps])
    for username in ("operator", "worker"):
        sent = _cost(desk(username), f"/desk/cases/{receipt.number}")
        assert len(sent) <= BUDGET["/desk/cases/{number}"], sent


def test_a_case_that_the_rules_give_to_a_unit_keeps_within_its_statements(world: World, desk: Desk) -> None:
    area = area_by_code("320499001")
    set_routing(
        area_id=area.id, area_path=area.path, rules=[RuleRow("E04", organisation=world.unit)], valid_from=SINCE,
        by=mandates.console(),
    )
    receipt = world.report()
    world.bring(receipt, "accept", "confirm", "register")
    sent = _cost(client := desk("operator"), f"/desk/cases/{receipt.number}")
    assert "示例路灯养护单位" in client.get(f"/desk/cases/{receipt.number}").content.decode()
    assert len(sent) <= BUDGET["/desk/cases/{number}"], sent


def test_what_one_may_do_is_asked_anew_for_every_page(world: World, desk: Desk) -> None:
    client = desk("worker")
    assert client.get("/desk/").status_code == 200
    duty = mandates.for_person(world.persons["worker"], channel="desk").duty
    assert duty is not None
    end_assignment(assignment=duty, at=now(), by=mandates.console())
    assert client.get("/desk/").status_code == 403


def test_the_board_of_a_review_keeps_within_eight_with_every_statement_on_file(world: World) -> None:
    known = samples.make(world)
    assert known.run is not None
    seats = Assignment.objects.filter(post_id="secretary", area__code__in=("320499001001", "320499001002"))
    held = dict(seats.values_list("area__code", "person_id"))
    assert len(held) == 2
    for code, person in held.items():
        give_pledge(run_id=known.run.id, area=code, words="整改", by=mandates.for_person(person, channel="desk"))
    address = f"/desk/runs/{known.run.id}/board"
    sent = _cost(known.here["leader"], address)
    assert "整改" in known.here["leader"].get(address).content.decode()
    assert len(sent) <= MOST, sent


def test_the_trace_of_a_closed_circle_keeps_within_eight_with_its_entry(world: World, desk: Desk) -> None:
    case = world.bring(world.report(), "accept", "confirm", "register", "dispatch", "sign", "handle")
    CaseClass.objects.update(confidentiality="confidential")
    reference._snapshots.clear()
    sent = _cost(desk("operator"), f"/desk/trace/{case.number}")
    assert any("INSERT INTO journal_entry" in one for one in sent)
    assert len(sent) <= MOST, sent
