from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wangge.base.errors import Forbidden
from wangge.base.mandate import Mandate

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


def mandate(**changes: Any) -> Mandate:
    given: dict[str, Any] = {
        "actor": None, "duty": None, "post": "grid_worker", "organisation": None, "scope_path": "320412017/",
        "may": frozenset({"report", "see"}), "channel": "app", "at": NOON, "recorded_at": NOON,
    }
    return Mandate(**given | changes)


@pytest.mark.parametrize(
    ("verb", "path", "allowed"),
    [
        ("report", "320412017/", True),
        ("report", "320412017/320412017001/", True),
        ("close", "320412017/", False),
        ("report", "320412018/", False),
        ("report", "3204120170/", False),  # a code that begins alike is another place
        ("report", "", False),
    ],
)
def test_a_duty_allows_its_verbs_below_its_place(verb: str, path: str, allowed: bool) -> None:
    assert mandate().allows(verb, path) is allowed
    if allowed:
        mandate().require(verb, path)
    else:
        with pytest.raises(Forbidden):
            mandate().require(verb, path)


def test_an_empty_scope_is_everywhere() -> None:
    mandate(scope_path="").require("see", "320412017/")
    mandate(scope_path="").require("see", "")


def test_a_refused_act_names_the_verbs_that_are_allowed() -> None:
    with pytest.raises(Forbidden) as refused:
        mandate().require("close", "320412017/")
    assert (refused.value.field, refused.value.value) == ("action", "close")
    assert refused.value.expected == "one of report, see"


def test_a_post_without_verbs_is_told_nothing_to_expect() -> None:
    with pytest.raises(Forbidden) as refused:
        mandate(may=frozenset()).require("see", "320412017/")
    assert refused.value.expected is None


def test_a_refused_place_names_the_one_that_is_answered_for() -> None:
    with pytest.raises(Forbidden) as refused:
        mandate().require("see", "320412018/")
    assert refused.value.field == "area"
    assert "320412017/" in (refused.value.expected or "")


def test_a_mandate_for_another_time_is_otherwise_the_same() -> None:
    earlier = mandate().when(NOON - timedelta(hours=1))
    assert earlier.at == NOON - timedelta(hours=1)
    assert earlier.recorded_at == NOON
    assert earlier.when(NOON) == mandate()


def test_a_mandate_cannot_be_widened() -> None:
    with pytest.raises(FrozenInstanceError):
        mandate().scope_path = ""  # type: ignore[misc]
