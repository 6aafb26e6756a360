"""People at their browsers, over HTTP only: pages are fetched, forms are found in them and sent, as without script."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import requests
from PIL import Image

from tests.faults.system import PASSWORD, System

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Browser:
    """One person's browser. Every answer must be 200 unless the caller says otherwise."""

    def __init__(self, system: System) -> None:
        self.url = system.url
        self.session = requests.Session()
        self.session.headers["Accept-Language"] = "zh-CN"
        self.session.headers["Accept"] = "text/html"

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    def get(self, path: str, status: int = 200) -> requests.Response:
        """A page, redirects followed."""
        answer = self.session.get(self.url + path, timeout=30)
        assert answer.status_code == status, f"{path}: {answer.status_code}"
        return answer

    def send(
        self, page: str, path: str, fields: dict[str, Any], photos: list[bytes] | None = None, status: int = 200
    ) -> requests.Response:
        """Open `page` for its token, send the form to `path`, follow where it leads."""
        found = _TOKEN.search(self.get(page).text)
        assert found, f"{page} has no form"
        files = [("photos", (f"{number}.jpg", data, "image/jpeg")) for number, data in enumerate(photos or [])]
        answer = self.session.post(
            self.url + path, data={"csrfmiddlewaretoken": found.group(1), **fields}, files=files or None,
            headers={"Referer": self.url + page}, timeout=30,
        )
        assert answer.status_code == status, f"{path}: {answer.status_code}"
        return answer

    def sign_in(self, username: str) -> Browser:
        """By user name and password, to the desk."""
        login = {"login": username, "password": PASSWORD}
        assert self.send("/accounts/login/", "/accounts/login/", login).url.startswith(f"{self.url}/desk/")
        return self

    def report(self, photos: list[bytes] | None = None, **fields: str) -> str:
        """A resident's report; its tracking code."""
        [key] = re.findall(r'name="key" value="([^"]+)"', self.get("/report/").text)
        answer = self.send("/report/", "/report/", {"key": key, **fields}, photos)
        found = re.fullmatch(r".*/track/([0-9A-Z]{16})", answer.url)
        assert found, answer.url
        return found.group(1)

    def act(self, number: str, act: str, photos: list[bytes] | None = None, **fields: str) -> requests.Response:
        """One press on the case page, at the version that it shows."""
        page = f"/desk/cases/{number}"
        versions = set(re.findall(r'name="expected_version" value="(\d+)"', self.get(page).text))
        assert len(versions) == 1, versions
        return self.send(page, f"{page}/act", {"act": act, "expected_version": versions.pop(), **fields}, photos)


class Api:
    """A program with a token."""

    def __init__(self, system: System, username: str) -> None:
        self.url = f"{system.url}/api/v1"
        self.headers = {"Authorization": f"Bearer {system.tokens[username]}"}

    def ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        """The JSON of an answer, which must be 200 or 201."""
        headers = {**self.headers, **more.pop("headers", {})}
        answer = requests.request(method, self.url + path, headers=headers, timeout=30, **more)
        assert answer.status_code in (200, 201), f"{path}: {answer.status_code} {answer.text}"
        found: dict[str, Any] = answer.json()
        return found

    def act(self, case: dict[str, Any], action: str, **needs: Any) -> dict[str, Any]:
        """An act on the case as it stands in `case`."""
        body = {"action": action, "expected_version": case["version"], **needs}
        return self.ask("POST", f"/cases/{case['id']}/actions", json=body)


def photo(seed: int, size: tuple[int, int] = (640, 480)) -> bytes:
    """A JPEG like no other."""
    image = Image.effect_noise(size, 64).convert("RGB")
    image.putpixel((0, 0), (seed % 256, seed // 256 % 256, 7))
    out = BytesIO()
    image.save(out, "JPEG", quality=90)
    return out.getvalue()
