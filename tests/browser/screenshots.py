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
from collections.abc import Iterator
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


@dataclass(frozen=True)
class Shot:
    """A page of which pictures are taken: as whom, in which looks for the README, and whether to its end."""

    name: str
    address: str
    user: str = ""
    looks: tuple[str, ...] = ("1440", "390")
    whole: bool = True


#: A case in this state stands for `{state}` in an address: the first with photos before and after.
SHOTS = (
    Shot("report", "/report/", looks=("1440", "390", "390-en")),
    Shot("track", "/track/", looks=()),
    Shot("login", "/accounts/login/", looks=()),
    Shot("queue", "/desk/", "operator", ("1440", "390", "1440-dark", "1440-en"), whole=False),
    Shot("map", "/desk/map", "operator", ("1440", "1440-dark"), whole=False),
    Shot("case-handled", "/desk/cases/{handled}", "operator", ("1440", "390")),
    Shot("case-handling", "/desk/cases/{handling}", "operator", ("390",)),
    Shot("trace", "/desk/trace/{closed}", "operator", ("1440",)),
    Shot("spots", "/desk/spots", "operator"),
    Shot("tasks", "/desk/tasks", "leader", ()),
    Shot("figures", "/desk/figures", "leader"),
    Shot("mine", "/desk/mine", "worker", ()),
    Shot("screen", "/screen/", "leader", ("1440",), whole=False),
    Shot("rules", "/desk/rules", "operator", ()),
    Shot("me", "/desk/me", "operator", ()),
    Shot("styleguide", "/desk/styleguide", "operator", ("1440", "1440-dark")),
)
"""The pages, one a line: to show another one, add it here."""


def shoot(browser: Browser, url: str, password: str, out: Path, *, every: bool = False) -> int:
    """Take the pictures of the README, or every page in every look; how many. One sign-in a post and look."""
    out.mkdir(parents=True, exist_ok=True)
    taken = 0
    for look in LOOKS:
        for user in dict.fromkeys(shot.user for shot in SHOTS):
            wanted = [shot for shot in SHOTS if shot.user == user and (every or look.name in shot.looks)]
            if not wanted:
                continue
            with opened(browser, url, look) as page:
                if user:
                    sign_in(page, user, password)
                for shot in wanted:
                    page.goto(filled(page, shot.address))
                    ready(page)
                    taken += save(page, out / f"{shot.name}-{look.name}.png", whole=shot.whole and look.size is WIDE)
    return taken


def filled(page: Page, address: str) -> str:
    """The address with the number of a telling case in the state that it names."""
    found = re.search(r"\{(\w+)\}", address)
    if not found:
        return address
    page.goto(f"/desk/?state={found[1]}")
    links = [link.get_attribute("href") or "" for link in page.locator("a.title").all()[:12]]
    if not links:
        raise SystemExit(f"The demo has no case that is {found[1]}.")
    number = telling(page, links).rpartition("/")[2]
    return address.replace(found[0], number)


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
    for selector in (
        ".place .map",
        "[data-gridmap]",
        ".mapside [data-map]",
        "[data-case] [data-map]",
        "[data-wall] [data-map]",
    ):
        if page.locator(selector).count() and page.locator(selector).first.is_visible():
            page.locator(selector).first.scroll_into_view_if_needed()
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
        print(f"{shoot(browser, url, password, given.out, every=given.all)} pictures in {given.out}")


if __name__ == "__main__":
    main()
