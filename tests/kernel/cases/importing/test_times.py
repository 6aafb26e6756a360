"""Times read by their parts are those that `strptime` reads."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.kernel.cases.importing.times import moments

ZONE = ZoneInfo("America/New_York")
FORMS = ["%m/%d/%Y %I:%M:%S %p", "%Y-%m-%d %H:%M", "%Y%m%d%H%M", "%d.%m.%Y", "%d %b %Y", "%Y-%m-%dT%H:%M:%S%z", "%I %Y"]


def by_strptime(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form).replace(tzinfo=ZONE).astimezone(UTC)
    except ValueError:
        return None


def by_parts(text: str, form: str) -> datetime | None:
    try:
        return moments(form, ZONE)(text)
    except ValueError:
        return None


@given(st.sampled_from(FORMS), st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_every_time_that_a_format_writes_is_read_alike(form: str, moment: datetime) -> None:
    text = moment.strftime(form)
    assert by_parts(text, form) == by_strptime(text, form)


@given(st.sampled_from(FORMS[:4]), st.data())
def test_digits_that_are_no_time_are_refused_alike(form: str, data: st.DataObject) -> None:
    text = form
    for name, most in (("Y", 9999), ("m", 13), ("d", 32), ("H", 25), ("I", 13), ("M", 61), ("S", 62)):
        number = data.draw(st.integers(0, most))
        text = text.replace(f"%{name}", f"{number:04d}" if name == "Y" else f"{number:02d}")
    text = text.replace("%p", data.draw(st.sampled_from(["AM", "PM", "pm", "XM"])))
    assert by_parts(text, form) == by_strptime(text, form)


@pytest.mark.parametrize(
    "text", ["1/2/2024 3:04:05 pm", "01/02/2024  03:04:05 PM", "٠1/02/2024 03:04:05 PM", "", "01/02"]
)
def test_what_is_written_freely_is_left_to_strptime(text: str) -> None:
    assert by_parts(text, FORMS[0]) == by_strptime(text, FORMS[0])


def test_noon_and_midnight() -> None:
    read = moments(FORMS[0], ZONE)
    assert read("07/01/2024 12:00:00 AM") == datetime(2024, 7, 1, 4, tzinfo=UTC)
    assert read("07/01/2024 12:00:00 PM") == datetime(2024, 7, 1, 16, tzinfo=UTC)
