"""A browser on a server of its own with the small subdistrict; a page that fails on any error it meets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from tests.interfaces import world as worlds
from tests.interfaces.world import PASSWORD, World

AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def world(server: str) -> World:
    """The small subdistrict, committed, for the server to see."""
    return worlds.build()


class Watched:
    """What went wrong on a page: console errors, failed answers. `allow` lets single statuses pass."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.allowed: set[int] = set()

    def allow(self, *statuses: int) -> None:
        """These answers are what the test is about."""
        self.allowed |= set(statuses)

    def watch(self, page: Page) -> Page:
        """Listen to a page."""
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("response", self._answered)
        return page

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(f"status of {status}" in message.text for status in self.allowed):
            self.faults.append(f"console: {message.text} ({message.location.get('url')})")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.allowed:
            self.faults.append(f"{response.status} {response.url}")


@pytest.fixture
def watched() -> Iterator[Watched]:
    """The faults of all pages of the test; any of them fails it."""
    one = Watched()
    yield one
    assert one.faults == []


Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, server: str, world: World, watched: Watched) -> Iterator[Open]:
    """`open_page(size=…, locale=…, user=…)`: a fresh browser at the server's door, signed in if a user is named."""
    contexts: list[BrowserContext] = []

    def opened(*, size: dict[str, int] = WIDE, locale: str = "zh-CN", user: str = "", **more: Any) -> Page:
        context = browser.new_context(base_url=server, viewport=size, locale=locale, **more)  # type: ignore[arg-type]
        contexts.append(context)
        page = watched.watch(context.new_page())
        if user:
            sign_in(page, user)
        return page

    yield opened
    for context in contexts:
        context.close()


def sign_in(page: Page, user: str) -> None:
    """Through the door, as everybody."""
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(user)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("button[type=submit].primary").click()
    page.wait_for_url("**/desk/**")


def violations(page: Page) -> list[str]:
    """What axe finds on the page, in words."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [
        f"{one['id']}: {one['help']} at {node['target']} {node.get('failureSummary', '')}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until this has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement?.matches(wanted)", wanted):
            return
    raise AssertionError(f"the keys do not lead to {wanted}")
