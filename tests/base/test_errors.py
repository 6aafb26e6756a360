from __future__ import annotations

from wangge.base import errors
from wangge.base.errors import InvalidInput, WanggeError

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, WanggeError)]


def test_every_kind_has_a_code_a_status_and_a_title_for_people() -> None:
    assert all(400 <= kind.status < 600 for kind in KINDS)
    assert all(kind.title and not kind.title.endswith(".") for kind in KINDS)
    codes = [kind.code for kind in KINDS if "code" in vars(kind)]
    assert len(codes) == len(set(codes))


def test_an_error_carries_what_was_wrong_and_what_would_be_right() -> None:
    error = InvalidInput("Too far.", field="location.lat", value=91, expected="up to 90", extra={"more": 1})
    assert str(error) == error.detail == "Too far."
    assert (error.field, error.value, error.expected, error.extra) == ("location.lat", "91", "up to 90", {"more": 1})


def test_a_long_value_is_shortened() -> None:
    value = InvalidInput("Long.", value="路" * 500).value
    assert value is not None
    assert len(value) == 80
    assert value.endswith("…")


def test_no_value_is_no_text() -> None:
    error = WanggeError("Bare.")
    assert (error.field, error.value, error.expected, error.extra) == (None, None, None, {})


def test_a_false_value_is_still_shown() -> None:
    assert (InvalidInput("Zero.", value=0).value, InvalidInput("Empty.", value="").value) == ("0", "")
