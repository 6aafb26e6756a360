from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.base.clock import EPOCH
from wangge.base.ids import id_from, new_id

MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def millis_of(found: UUID) -> int:
    return found.int >> 80


def test_ids_of_one_process_increase_and_differ() -> None:
    ids = [new_id() for _ in range(20_000)]
    assert ids == sorted(set(ids))


def test_ids_of_many_threads_differ() -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = [one for part in pool.map(lambda _: [new_id() for _ in range(500)], range(16)) for one in part]
    assert len(set(ids)) == len(ids)


def test_an_id_says_version_variant_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    # After a test that moved the clock forward, ids of this process run ahead of it.
    monkeypatch.setattr("wangge.base.ids._last", 0)
    before = time.time_ns() // 1_000_000
    found = new_id()
    assert found.version == 7
    assert found.variant == "specified in RFC 4122"
    assert before <= millis_of(found) <= time.time_ns() // 1_000_000 + 1


@given(st.text(max_size=20).filter(lambda text: text.isprintable()), MOMENTS)
def test_the_same_seed_and_time_give_the_same_id(seed: str, at: datetime) -> None:
    found = id_from(seed, at)
    assert found == id_from(seed, at)
    assert found != id_from(seed + "!", at)
    assert (found.version, millis_of(found)) == (7, (at - EPOCH) // timedelta(milliseconds=1))


@given(MOMENTS, MOMENTS)
def test_seeded_ids_follow_their_times(one: datetime, other: datetime) -> None:
    early, late = sorted((one, other))
    if late - early > timedelta(microseconds=1):
        assert id_from("a", early) < id_from("b", late)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        id_from("a", datetime(2026, 1, 1))  # noqa: DTZ001 - meant
