"""`wangge control`: classes that are not to be reported somewhere for a time."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.town import Town, build
from wangge.base.clock import now


@pytest.fixture
def town(db: None) -> Town:
    return build()


def facts(*words: str) -> dict[str, object]:
    out = StringIO()
    call_command("control", *words, "--json", stdout=out)
    found: dict[str, object] = json.loads(out.getvalue().splitlines()[-1])
    return found


def test_a_control_is_set_listed_and_ended(town: Town) -> None:
    until = (now() + timedelta(days=3)).isoformat()
    made = facts("T-C1", "--class", "P01", "--until", until, "--text", "改造中")
    assert [one["class"] for one in made["controls"]] == ["P01"]  # type: ignore[attr-defined]
    assert facts("T-C1")["controls"] == made["controls"]
    assert facts("T-C2")["controls"] == []
    assert facts("T-C1", "--class", "P01", "--end")["controls"] == []
    assert facts("T-C1")["controls"] == []


@pytest.mark.parametrize(
    "words", [("T-C9",), ("T-C1", "--text", "改造中"), ("T-C1", "--text", "改造中", "--until", "tomorrow"),
              ("T-C1", "--text", "改造中", "--until", "2020-01-01T00:00")]
)
def test_what_is_wrong_is_said_in_one_line(town: Town, words: tuple[str, ...]) -> None:
    with pytest.raises((CommandError, SystemExit)):
        facts(*words)
