"""Pictures of the pages for the README and the guides, taken from a demo that is started for it in a home of its own.

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
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BytesIO
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
    """A page of which pictures are taken: as whom, in which looks for the documentation, and whether below the fold."""

    name: str
    address: str
    user: str = ""
    looks: tuple[str, ...] = ("1440", "390")
    whole: bool = True


ZH, EN = ("1440", "390"), ("1440-en", "390-en")
SHOTS = (
    Shot("report", "/report/", looks=(*ZH, "390-en")),
    Shot("receipt", "{receipt}", looks=("390", "390-en")),
    Shot("track", "/track/", looks=ZH),
    Shot("login", "/accounts/login/", looks=()),
    Shot("queue", "/desk/", "operator", (*ZH, "1440-dark", "1440-en"), whole=False),
    Shot("map", "/desk/map", "operator", (*ZH, "1440-dark"), whole=False),
    Shot("case", "/desk/cases/{handled}", "operator", (*ZH, "1440-en")),
    Shot("case-handling", "/desk/cases/{handling}", "worker", ("390", "390-en")),
    Shot("trace", "/desk/trace/{closed}", "operator", ()),
    Shot("answer", "/desk/answer?case={closed}", "leader", (*ZH, "1440-en")),
    Shot("spots", "/desk/spots", "operator", ()),
    Shot("brief", "/desk/brief", "leader", (*ZH, *EN)),
    Shot("approvals", "/desk/approvals", "leader", ()),
    Shot("tasks", "/desk/tasks", "leader", ZH),
    Shot("figures", "/desk/figures", "leader", ()),
    Shot("insight", "/desk/insight", "leader", (*ZH, "1440-en")),
    Shot("board", "{run}/board", "leader", ()),
    Shot("mine", "/desk/mine", "worker", (*ZH, "390-en")),
    Shot("posts", "/desk/posts", "admin", (*ZH, "1440-en")),
    Shot("grids", "{community}/grids", "admin", (*ZH, "1440-en")),
    Shot("screen", "/screen/", "leader", ("1440", "1440-en"), whole=False),
    Shot("rules", "/desk/rules", "operator", ()),
    Shot("me", "/desk/me", "operator", ()),
    Shot("styleguide", "/desk/styleguide", "operator", ("1440", "1440-dark")),
)
"""The pages, one a line: to show another one, add it here. What stands in braces is looked up in `FINDERS`."""
LONGEST = 1200
"""A page that is longer is shown to here."""


def shoot(browser: Browser, url: str, password: str, out: Path, *, every: bool = False, only: str = "") -> int:
    """Take the pictures of the documentation, or every page in every look; how many. One sign-in a post and look."""
    shots = [shot for shot in SHOTS if not only or shot.name in only.split(",")]
    out.mkdir(parents=True, exist_ok=True)
    taken, known = 0, dict[str, str]()
    for look in LOOKS:
        for user in dict.fromkeys(shot.user for shot in shots):
            wanted = [shot for shot in shots if shot.user == user and (every or look.name in shot.looks)]
            if not wanted:
                continue
            with opened(browser, url, look) as page:
                if user:
                    sign_in(page, user, password)
                for shot in wanted:
                    page.goto(filled(page, shot, known))
                    ready(page)
                    page.evaluate("scrollTo(0, 0)")
                    taken += save(page, out / f"{shot.name}-{look.name}.webp", whole=shot.whole and look.size is WIDE)
    return taken


def filled(page: Page, shot: Shot, known: dict[str, str]) -> str:
    """The address with what its braces name; that is looked up once a post, so that all looks show the same."""
    address = shot.address
    for name in re.findall(r"\{(\w+)\}", address):
        if f"{shot.user} {name}" not in known:
            known[f"{shot.user} {name}"] = FINDERS[name](page) if name in FINDERS else telling(page, name)
        address = address.replace(f"{{{name}}}", known[f"{shot.user} {name}"])
    return address


def telling(page: Page, state: str) -> str:
    """The number of a case in this state: the first with photos before and after, else with a photo, else the first."""
    page.goto(f"/desk/?state={state}")
    addresses = [link.get_attribute("href") or "" for link in page.locator("a.title").all()[:12]]
    if not addresses:
        raise SystemExit(f"The demo has no case that is {state}.")
    for selector in (".compare", ".thumb"):
        for address in addresses:
            page.goto(address)
            if page.locator(selector).count():
                return address.rpartition("/")[2]
    return addresses[0].rpartition("/")[2]


def linked(page: Page, listing: str, selector: str) -> str:
    """The address of the first such link on a page."""
    page.goto(listing)
    return page.locator(selector).first.get_attribute("href") or ""


def receipt(page: Page) -> str:
    """The page that a resident gets for a report."""
    page.goto("/report/")
    page.locator("#description").fill("菜场东门的窨井盖翘起来了，骑车的人差点摔倒。")
    page.locator("[name=address]").fill("青禾路 8 号")
    page.locator("form button.primary").click()
    page.wait_for_url(re.compile(r"/track/[0-9A-Z]{16}$"))
    return page.url


FINDERS: dict[str, Callable[[Page], str]] = {
    "receipt": receipt,
    "community": lambda page: linked(page, "/desk/posts", "tbody th a"),
    "run": lambda page: linked(page, "/desk/runs", "main a[href*='/runs/']"),
}
"""What stands in the braces of an address; every other name is the state of a case."""


def cleared(browser: Browser, url: str, password: str) -> None:
    """Let the photos that wait for it be shown on the screen."""
    with opened(browser, url, LOOKS[0]) as page:
        sign_in(page, "leader", password)
        for _ in range(3):
            page.goto("/desk/wall")
            form = page.locator("form:has(input[type=checkbox])").first
            if not form.count():
                return
            form.locator("input[type=checkbox]").check()
            form.locator("button[type=submit]").first.click()
            page.wait_for_load_state()


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
    taken = page.screenshot(full_page=whole)
    with Image.open(BytesIO(taken)) as picture:
        shown = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, LONGEST)))
        small = shown.quantize(256, dither=Image.Dither.NONE)
    small.convert("RGB").save(path, lossless=True, quality=100, method=6)
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
    parser.add_argument("--only", default="", help="the names of some pages, with commas between")
    given = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with ExitStack() as stack:
        url, password = (given.url, given.password) if given.url else stack.enter_context(demo(8398))
        browser = stack.enter_context(sync_playwright()).chromium.launch(executable_path=chromium, args=SWITCHES)
        if not given.url:
            cleared(browser, url, password)
        print(f"{shoot(browser, url, password, given.out, every=given.all, only=given.only)} pictures in {given.out}")


if __name__ == "__main__":
    main()
