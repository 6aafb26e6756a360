"""A version is asked for, or agreed on for a while."""

from __future__ import annotations

from itertools import count
from threading import Thread

import pytest

from wangge.base.versions import Version


def test_it_is_asked_for_each_time() -> None:
    numbers = count(1)
    version = Version("places", lambda: next(numbers))
    assert [version.now(), version.now()] == [1, 2]


def test_within_a_block_it_is_what_was_fixed_and_afterwards_asked_for_again() -> None:
    version = Version("places", lambda: 9)
    with version.fixed(3):
        assert version.now() == 3
        with version.fixed(4):
            assert version.now() == 4
        assert version.now() == 3
    assert version.now() == 9
    with pytest.raises(KeyError), version.fixed(3):
        raise KeyError
    assert version.now() == 9


def test_what_one_thread_fixed_no_other_sees() -> None:
    version, seen = Version("places", lambda: 9), []
    with version.fixed(3):
        thread = Thread(target=lambda: seen.append(version.now()))
        thread.start()
        thread.join()
    assert seen == [9]
