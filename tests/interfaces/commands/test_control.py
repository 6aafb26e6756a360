"""`wangge control`: classes that are not to be reported somewhere for a time."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.town import ROOT, Town, build
from wangge.base.clock import now


@pytest.fixture
def town(db: None) -> Town:
    return build()


def facts(*words: str) -> dict[str, object]:
    out = StringIO()
    call_command("control", *words, "--json", stdout=out)
    found: dict[str, object] = json.loads(out.getvalue().splitlines()[-1])
    return found


def shown(*words: str) -> str:
    out = StringIO()
    call_command("control", *words, stdout=out)
    return out.getvalue()


def test_times_are_read_and_printed_in_the_places_own_time(town: Town) -> None:
    year = now().year + 1
    said = shown("T-C1", "--class", "P01", "--until", f"{year}-12-31T18:00", "--text", "改造中")
    assert f"to {year}-12-31 18:00 Asia/Shanghai" in said
    [one] = facts("T-C1")["controls"]  # type: ignore[misc, attr-defined]
    assert one["until"] == f"{year}-12-31T18:00:00+08:00"


def test_what_is_to_come_and_what_holds_from_above_is_listed(town: Town) -> None:
    year = now().year + 1
    shown(ROOT, "--class", "E", "--until", f"{year}-06-01T00:00", "--text", "全街道暂停")
    said = shown("T-C1", "--class", "P01", "--from", f"{year}-01-01T00:00", "--until", f"{year}-02-01T00:00",
                 "--text", "明年改造")  # fmt: skip
    later, above = sorted(said.splitlines(), key=lambda line: "明年" not in line)
    assert "(not begun)" in later
    assert f"(set on {ROOT}, above)" in above
    assert "明年改造" not in shown("T-C2")
    assert "全街道暂停" in shown("T-C2")


def test_what_has_not_begun_is_called_off_and_what_was_set_above_is_ended_there(town: Town) -> None:
    year = now().year + 1
    shown("T-C1", "--class", "P01", "--from", f"{year}-01-01T00:00", "--until", f"{year}-02-01T00:00",
          "--text", "明年改造")  # fmt: skip
    assert "Nothing is under control here, now or later." in shown("T-C1", "--class", "P01", "--end")
    shown(ROOT, "--class", "E", "--until", f"{year}-06-01T00:00", "--text", "全街道暂停")
    with pytest.raises((CommandError, SystemExit)):
        shown("T-C1", "--class", "E", "--end")
    assert "全街道暂停" in shown("T-C1")
    assert "全街道暂停" not in shown(ROOT, "--class", "E", "--end")


def test_ending_what_is_not_there_is_refused(town: Town) -> None:
    with pytest.raises((CommandError, SystemExit)):
        facts("T-C1", "--class", "P01", "--end")


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


@pytest.mark.parametrize("words", [("--until", "2040-01-01"), ("--from", "2040-01-01"), ("--text", "a", "--end")])
def test_half_a_control_is_not_taken_for_a_question(town: Town, words: tuple[str, ...]) -> None:
    with pytest.raises((CommandError, SystemExit)):
        facts("T-C1", *words)
