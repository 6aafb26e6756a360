"""axe, sizes and the console on every page of the address table: a new page is looked at by itself.

One browser a look and one sign-in; a page is opened as the first post of the demo that may.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import AXE, NARROW, RULES, WIDE, Watched
from tests.interfaces import samples
from tests.interfaces import world as worlds
from tests.interfaces.samples import Samples
from wangge.interfaces.web.access import Route, Who, routes

pytestmark = pytest.mark.browser

LOOKS = [
    pytest.param(WIDE, "zh-CN", "light", id="1440-zh-light"),
    pytest.param(NARROW, "zh-CN", "dark", id="390-zh-dark"),
    pytest.param(NARROW, "en-GB", "light", id="390-en-light"),
    pytest.param(WIDE, "en-GB", "dark", id="1440-en-dark"),
    pytest.param({"width": 720, "height": 450}, "zh-CN", "light", id="1440-at-200-percent"),
]


@pytest.fixture
def known(server: str) -> Samples:
    """The small subdistrict with something to open, committed."""
    return samples.make(worlds.build())


def looked_at() -> Iterator[Route]:
    """The pages that people see: not the API, not allauth's own, not what is no HTML."""
    for route in routes():
        ours = not route.pattern.startswith(("/api/", "/accounts/", "/healthz", "/readyz", "/metrics"))
        if ours and "GET" in route.methods and route.access:
            yield route


def found_on(page: Page) -> list[str]:
    """What axe finds, in words."""
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [f"{one['id']} at {node['target']}" for one in found["violations"] for node in one["nodes"]]


def is_page(known: Samples, role: str, address: str) -> bool:
    """Whether it is a page, and not data, a file or a piece."""
    answer = known.here[role].get(address)
    html = answer.get("Content-Type", "").startswith("text/html")
    return answer.status_code == 200 and html and b"<main" in answer.content


@pytest.mark.parametrize(("size", "locale", "scheme"), LOOKS)
def test_no_page_has_a_violation_or_scrolls_sideways(
    browser: Browser, server: str, known: Samples, watched: Watched, size: dict[str, int], locale: str, scheme: str
) -> None:
    context = browser.new_context(
        base_url=server,
        viewport=size,
        locale=locale,
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    watched.allow(404)
    wrong: dict[str, list[str]] = {}
    axe = AXE.read_text(encoding="utf-8")
    page = watched.watch(context.new_page())
    for route in looked_at():
        address = samples.address(route, known)
        role = samples.who_may(route) if route.access and route.access.who is Who.DUTY else "operator"
        if not is_page(known, role, address):
            continue
        key = known.here[role].cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": key, "url": server}])
        page.goto(address)
        page.evaluate(axe)
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        faults = found_on(page) + ([f"{beyond} px sideways"] if beyond > 0 else [])
        if faults:
            wrong[address] = faults
    context.close()
    assert wrong == {}
