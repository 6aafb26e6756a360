"""`wangge display`: a link that opens, a list that never holds it, and its end."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.town import Town, build


@pytest.fixture
def town(db: None) -> Town:
    return build()


def told(*arguments: str) -> Any:
    out = StringIO()
    call_command("display", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_link_opens_the_screen_until_it_is_revoked(town: Town) -> None:
    made = told("T-C1", "--days", "2", "--label", "一楼")
    token = made["link"].removeprefix("/screen/#")
    assert Client().post("/screen/enter", {"token": token}).status_code == 204
    [listed] = told()["displays"]
    assert (listed["id"], listed["area"], listed["label"], listed["alive"]) == (made["id"], "T-C1", "一楼", True)
    assert token not in json.dumps(listed)
    assert told("--revoke", made["id"]) == {"revoked": made["id"]}
    assert Client().post("/screen/enter", {"token": token}).status_code == 401


@pytest.mark.parametrize("wrong", [("nowhere",), ("T-C1", "--days", "0"), ("--revoke", "x"),
                                   ("--revoke", "00000000-0000-7000-8000-000000000000")])
def test_what_is_no_display_is_said_in_one_line(town: Town, wrong: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match=r"area|days|display"):
        call_command("display", *wrong)
