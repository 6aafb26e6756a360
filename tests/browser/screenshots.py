"""Pictures of the pages for the README, taken from a demo that is started for it in a home of its own.

    python -m tests.browser.screenshots                                  (that is: make screenshots)
    python -m tests.browser.screenshots --url http://127.0.0.1:8311 --password …     of a running one

Wide and narrow, Chinese and English, light and dark. Everything shown is the demo's made-up data.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


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


README = frozenset(
    {
        "queue-1440",
        "queue-1440-dark",
        "queue-1440-en",
        "queue-390",
        "case-handled-1440",
        "case-handling-390",
        "map-1440",
        "map-1440-dark",
        "report-1440",
        "report-390",
        "report-390-en",
        "trace-1440",
    }
)
"""The pictures that the README and the guides show."""


def shoot(
    browser: Browser,
    url: str,
    password: str,
    out: Path,
    looks: tuple[Look, ...] = LOOKS,
    wanted: Collection[str] | None = None,
) -> int:
    """Take all pictures, or only the wanted ones; how many."""
    out.mkdir(parents=True, exist_ok=True)
    taken = 0
    for look in looks:
        with opened(browser, url, look) as page:
            for name, address in (("report", "/report/"), ("track", "/track/"), ("login", "/accounts/login/")):
                if wanted is not None and f"{name}-{look.name}" not in wanted:
                    continue
                page.goto(address)
                if name == "report":
                    page.locator(".map").scroll_into_view_if_needed()
                    expect(page.locator(".map")).to_have_attribute("data-ready", "")
                taken += save(page, out / f"{name}-{look.name}.png", whole=look.size is WIDE)
            sign_in(page, "operator", password)
            for name, address in desk_pages(page):
                if wanted is not None and f"{name}-{look.name}" not in wanted:
                    continue
                page.goto(address)
                ready(page)
                taken += save(
                    page, out / f"{name}-{look.name}.png", whole=look.size is WIDE and name not in ("queue", "map")
                )
    return taken


def desk_pages(page: Page) -> Iterator[tuple[str, str]]:
    """The list, the map, one's own page, and one case of each stage that the demo has."""
    yield "queue", "/desk/"
    yield "map", "/desk/map"
    yield "spots", "/desk/spots"
    yield "rules", "/desk/rules"
    yield "me", "/desk/me"
    yield "empty", "/desk/?source=media&q=没有这样的案件"
    for state in ("reported", "registered", "handling", "handled", "closed"):
        page.goto(f"/desk/?state={state}")
        links = page.locator("a.title")
        if links.count():
            address = telling(page, [link.get_attribute("href") or "" for link in links.all()[:12]])
            yield f"case-{state}", address
            if state == "closed":
                yield "trace", address.replace("/cases/", "/trace/")


def telling(page: Page, addresses: list[str]) -> str:
    """The first case with photos before and after, else the first with a photo, else the first."""
    for selector in (".compare", ".thumb"):
        for address in addresses:
            page.goto(address)
            if page.locator(selector).count():
                return address
    return addresses[0]


def ready(page: Page) -> None:
    """Maps are drawn, the preview is there."""
    for selector in ("[data-gridmap]", ".mapside [data-map]", "[data-case] [data-map]"):
        if page.locator(selector).count() and page.locator(selector).first.is_visible():
            expect(page.locator(selector).first).to_have_attribute("data-ready", "")
    if (
        page.locator("#preview").count()
        and page.locator("#preview").is_visible()
        and page.locator("tr[data-k]").count()
    ):
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
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
    return 1


@contextmanager
def opened(browser: Browser, url: str, look: Look) -> Iterator[Page]:
    """A fresh page."""
    context = browser.new_context(base_url=url, viewport=look.size, locale=look.locale, color_scheme=look.scheme)  # type: ignore[arg-type]
    try:
        yield context.new_page()
    finally:
        context.close()


@contextmanager
def demo(port: int) -> Iterator[tuple[str, str]]:
    """A fresh demo: its address and the password that it printed. Everything is thrown away afterwards."""
    with tempfile.TemporaryDirectory(prefix="wangge-pictures-") as home:
        Path(home).chmod(0o711)
        environment = {**os.environ, "WANGGE_HOME": home, "WANGGE_ENV_FILE": os.devnull}
        command = [sys.executable, "-m", "wangge", "up", "--demo", "--port", str(port)]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as running:
            assert running.stdout is not None
            password = ""
            try:
                for line in running.stdout:
                    if found := re.search(r"all with the password\s+(\S+)", line):
                        password = found.group(1)
                    if "Ctrl-C" in line:
                        break
                if not password:
                    raise SystemExit("The demo did not start; see what it printed above.")
                yield f"http://127.0.0.1:{port}", password
            finally:
                running.send_signal(signal.SIGINT)
                running.wait(60)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="a running demo; without it one is started")
    parser.add_argument("--password", default="", help="the demo password that make run prints")
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    parser.add_argument("--all", action="store_true", help="every page in every look, not only those of the README")
    given = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with ExitStack() as stack:
        url, password = (given.url, given.password) if given.url else stack.enter_context(demo(8398))
        browser = stack.enter_context(sync_playwright()).chromium.launch(executable_path=chromium, args=SWITCHES)
        wanted = None if given.all else README
        print(f"{shoot(browser, url, password, given.out, wanted=wanted)} pictures in {given.out}")


if __name__ == "__main__":
    main()
