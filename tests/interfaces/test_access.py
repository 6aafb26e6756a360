"""Who may open what: every address says it, the page in the docs shows it, and every address answers so."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from tests.interfaces import samples
from tests.interfaces.samples import Samples
from tests.interfaces.world import World
from wangge.interfaces.web.access import DEMO_ROLES, Route, Who, cell, routes, table
from wangge.interfaces.web.navigation import ENTRIES

PAGE = Path(__file__).parents[2] / "docs" / "access.md"
OURS = [route for route in routes() if not route.pattern.startswith(("/accounts/", "/api/v1/"))]


@pytest.fixture
def known(world: World) -> Samples:
    return samples.make(world)


def outcome(client: Client, method: str, address: str) -> str:
    """`yes` let in (whatever came of it), `—` refused, `door` led to sign in, `none` no such thing."""
    answer = client.post(address) if method == "POST" else client.get(address)
    if method == "POST" and answer.status_code == 302 and answer["Location"].startswith("/desk/"):
        answer = client.get(answer["Location"])  # what was refused is told there
    assert answer.status_code in (503, *range(500)), (address, answer.status_code)
    if answer.status_code == 302 and answer["Location"].startswith("/accounts/login/"):
        return "door"
    return {401: "—", 403: "—", 404: "none", 405: "not taken"}.get(answer.status_code, "yes")


def asked() -> list[tuple[Route, str]]:
    return [(route, method) for route in OURS if route.access.who is not Who.MACHINE for method in route.methods]  # type: ignore[union-attr]


def test_the_page_in_the_docs_is_the_one_of_the_code() -> None:
    assert table() in PAGE.read_text(encoding="utf-8"), "wangge access --write docs/access.md"


def test_every_address_answers_each_post_as_the_table_says(known: Samples) -> None:
    wrong = []
    for route, method in asked():
        address = samples.address(route, known)
        for role in DEMO_ROLES:
            said, came = cell(route, method, role), outcome(known.here[role], method, address)
            fine = {"yes": {"yes"}, "own": {"yes", "none"}, "—": {"—", "none"}, "link": {"—"}}[said]
            if said == "yes" and route.name in samples.NOTHING_THERE:
                fine = {"none"}
            if came not in fine:
                wrong.append(f"{method} {address} {role}: the table says {said}, the answer was {came}")
    assert wrong == []


def test_a_thing_of_another_ground_is_not_there_for_any_post(known: Samples) -> None:
    wrong = []
    for route, method in asked():
        if not route.parameters or route.access.who is not Who.DUTY or route.name in samples.NOT_OF_A_GROUND:  # type: ignore[union-attr]
            continue
        address = samples.address(route, known)
        wrong += [
            f"{method} {address} {role}: {came}"
            for role in DEMO_ROLES
            if (came := outcome(known.other[role], method, address)) not in ("none", "—")
        ]
    assert wrong == []


def test_who_is_not_signed_in_is_led_to_the_door(known: Samples) -> None:
    expected = {
        Who.ANYONE: "yes", Who.CODE: "yes", Who.ACCOUNT: "door", Who.DUTY: "door", Who.NOBODY: "none",
        Who.LINK: "—", Who.DISPLAY: "—",
    }  # fmt: skip
    wrong = [
        (route.pattern, method, came)
        for route, method in asked()
        if (came := outcome(Client(), method, samples.address(route, known))) != expected[route.access.who]  # type: ignore[union-attr]
    ]
    assert wrong == []


def test_what_is_not_taken_is_refused(known: Samples) -> None:
    for route in OURS:
        if route.methods == ("POST",):
            assert outcome(known.here["operator"], "GET", samples.address(route, known)) in ("not taken", "—")


def test_the_pages_that_are_offered_are_open_to_whom_they_are_offered() -> None:
    by_name = {route.name: route for route in routes()}
    for entry in ENTRIES:
        route = by_name.get(entry.url)
        if route and route.access and route.access.who is Who.DUTY:
            if entry.key == "queue":  # it leads on whoever sees no cases
                assert not route.access.verbs
                continue
            if entry.key == "styleguide":  # open to all, listed for who looks after the pages
                assert not route.access.verbs
                continue
            assert route.access.verbs == entry.verbs, f"{entry.key}: the same verbs in navigation.py and in its view"
