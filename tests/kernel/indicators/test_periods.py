"""Periods in the time of the place: their bounds, their names, and what is none."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kernel.indicators.making import cases, figure
from tests.town import Town
from wangge.base.errors import InvalidInput
from wangge.kernel.indicators.periods import KINDS, around, beside, containing, parse

SHANGHAI, BALTIMORE = "Asia/Shanghai", "America/New_York"


@pytest.mark.parametrize(
    ("text", "first", "until"),
    [
        ("2026-06-10", date(2026, 6, 10), date(2026, 6, 11)),
        ("2026-W24", date(2026, 6, 8), date(2026, 6, 15)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 4)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 4, 1)),
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
def test_a_period_is_named_and_has_its_days(text: str, first: date, until: date) -> None:
    found = parse(text, SHANGHAI)
    assert (found.first, found.until, found.text) == (first, until, text)
    assert found.start == datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-Q5", "2026-W54", "2025-W53", "2026-02-30", "9999", "0000", "june", "2026-6"]
)
def test_what_is_no_period_is_refused_with_the_forms_that_are(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse(text, SHANGHAI)
    assert refused.value.field == "period"
    assert "2026-Q2" in (refused.value.expected or "")


def test_days_have_23_and_25_hours_where_clocks_change() -> None:
    spring, autumn = parse("2026-03-08", BALTIMORE), parse("2026-11-01", BALTIMORE)
    assert (spring.end - spring.start, autumn.end - autumn.start) == (timedelta(hours=23), timedelta(hours=25))


@given(st.sampled_from(KINDS), st.dates(date(1, 2, 1), date(9998, 11, 1)), st.sampled_from([SHANGHAI, BALTIMORE]))
def test_periods_of_a_kind_follow_one_another_and_are_read_as_they_are_written(kind: str, day: date, zone: str) -> None:
    found = around(kind, day, zone)
    assert found.first <= day < found.until
    assert parse(found.text, zone) == found
    after = beside(found, +1)
    assert after is not None
    assert (after.start, beside(after, -1)) == (found.end, found)


def test_the_present_month_is_that_of_the_place() -> None:
    moment = datetime(2026, 6, 30, 17, tzinfo=UTC)  # July in Shanghai, June in Baltimore
    assert containing("month", moment, SHANGHAI).text == "2026-07"
    assert containing("month", moment, BALTIMORE).text == "2026-06"


def test_a_month_ends_at_midnight_of_the_subdistrict(town: Town) -> None:
    midnight = datetime(2026, 6, 30, 16, tzinfo=UTC)  # in Shanghai; eight hours before that of UTC
    cases(town, [{"reported_at": midnight - timedelta(microseconds=1)}, {"reported_at": midnight}])
    assert figure(town, "unclosed") == (1, 1)
    assert figure(town, "unclosed", period=parse("2026-07", SHANGHAI)) == (1, 1)
    assert figure(town, "unclosed", period=parse("2026-06-30", SHANGHAI)) == (1, 1)
    assert figure(town, "unclosed", period=parse("2026", SHANGHAI)) == (2, 2)
