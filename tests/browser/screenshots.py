"""Pictures of the pages for the README, taken from a running demo.

    python -m tests.browser.screenshots --url http://127.0.0.1:8311 --password … --out docs/images

Wide and narrow, Chinese and English, light and dark. Everything shown is the demo's made-up data.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync"]


@dataclass(frozen=True)
class Look:
    """How a page is looked at."""

    name: str
    size: dict[str, int]
    locale: str = "zh-CN"
    scheme: str = "light"


LOOKS = (
    Look("1440", WIDE),
    Look("390", NARROW),
    Look("1440-dark", WIDE, scheme="dark"),
    Look("390-dark", NARROW, scheme="dark"),
    Look("1440-en", WIDE, locale="en-GB"),
    Look("390-en", NARROW, locale="en-GB"),
)


def shoot(browser: Browser, url: str, password: str, out: Path, looks: tuple[Look, ...] = LOOKS) -> int:
    """Take all pictures; how many."""
    out.mkdir(parents=True, exist_ok=True)
    taken = 0
    for look in looks:
        with opened(browser, url, look) as page:
            for name, address in (("report", "/report/"), ("track", "/track/"), ("login", "/accounts/login/")):
                page.goto(address)
                if name == "report":
                    page.locator(".map").scroll_into_view_if_needed()
                    expect(page.locator(".map")).to_have_attribute("data-ready", "")
                taken += save(page, out / f"{name}-{look.name}.png", whole=True)
            sign_in(page, "operator", password)
            for name, address in desk_pages(page):
                page.goto(address)
                ready(page)
                taken += save(page, out / f"{name}-{look.name}.png", whole=name not in ("queue", "map") or look.size is NARROW)
    return taken


def desk_pages(page: Page) -> Iterator[tuple[str, str]]:
    """The list, the map, one's own page, and one case of each stage that the demo has."""
    yield "queue", "/desk/"
    yield "map", "/desk/map"
    yield "me", "/desk/me"
    yield "empty", "/desk/?source=media&q=没有这样的案件"
    for state in ("reported", "registered", "handling", "handled", "closed"):
        page.goto(f"/desk/?state={state}")
        links = page.locator("a.title")
        if links.count():
            address = links.first.get_attribute("href") or ""
            yield f"case-{state}", address
            if state == "closed":
                yield "trace", address.replace("/cases/", "/trace/")


def ready(page: Page) -> None:
    """Maps are drawn, the preview is there."""
    for selector in ("[data-gridmap]", ".mapside [data-map]", "[data-case] [data-map]"):
        if page.locator(selector).count() and page.locator(selector).first.is_visible():
            expect(page.locator(selector).first).to_have_attribute("data-ready", "")
    if page.locator("#preview").count() and page.locator("#preview").is_visible() and page.locator("tr[data-k]").count():
        expect(page.locator("#preview h2")).to_be_visible()


def sign_in(page: Page, user: str, password: str) -> None:
    """Through the door."""
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(user)
    page.locator("input[name=password]").fill(password)
    page.locator("button[type=submit].primary").click()
    page.wait_for_url("**/desk/**")


def save(page: Page, path: Path, *, whole: bool) -> int:
    """One picture."""
    page.screenshot(path=path, full_page=whole)
    return 1


@contextmanager
def opened(browser: Browser, url: str, look: Look) -> Iterator[Page]:
    """A fresh page."""
    context = browser.new_context(base_url=url, viewport=look.size, locale=look.locale, color_scheme=look.scheme)  # type: ignore[arg-type]
    try:
        yield context.new_page()
    finally:
        context.close()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8311")
    parser.add_argument("--password", required=True, help="the demo password that make run prints")
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    given = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        print(f"{shoot(browser, given.url, given.password, given.out)} pictures in {given.out}")


if __name__ == "__main__":
    main()
