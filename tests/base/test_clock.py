from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.base.clock import EPOCH, from_us, now, to_us


def test_now_is_utc() -> None:
    assert now().tzinfo is UTC


def test_microseconds_since_the_epoch() -> None:
    assert to_us(EPOCH) == 0
    assert to_us(datetime(2026, 11, 23, 5, 0, 0, 1, tzinfo=UTC)) == 1_795_410_000_000_001
    assert to_us(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)) == -1


@given(st.datetimes(timezones=st.just(UTC)))
def test_there_and_back_loses_nothing(moment: datetime) -> None:
    assert from_us(to_us(moment)) == moment


def test_the_zone_does_not_count() -> None:
    there = timezone(timedelta(hours=8))
    assert to_us(datetime(2026, 11, 23, 13, tzinfo=there)) == to_us(datetime(2026, 11, 23, 5, tzinfo=UTC))


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        to_us(datetime(2026, 1, 1))  # noqa: DTZ001 - meant
