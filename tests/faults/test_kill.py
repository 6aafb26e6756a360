"""kill -9 of whatever serves, while reports come in: what was acknowledged is there, once, and the journal verifies."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator

import pytest

from tests.faults.stream import Stream, check_record
from tests.faults.system import System, running, until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("up")]


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running(tmp_path_factory.mktemp("kill")) as made:
        yield made


def test_what_was_acknowledged_outlives_every_kill(system: System) -> None:
    stream = Stream(system, most=600)
    stream.start()
    stream.wait_for(30)
    victims: tuple[Callable[[], int], ...] = (
        system.web_worker, system.web_master, system.job_worker, system.postmaster,
    )
    for victim in victims:
        os.kill(victim(), signal.SIGKILL)
        stream.wait_for(30)
    system.end(signal.SIGKILL)  # all of it
    system.up()
    stream.wait_for(20)
    stream.finish()
    assert stream.again > 0, "no client ever noticed: nothing was killed in the stream"
    assert len(stream.acknowledged) >= 150
    until(system.ready, 60, "not ready after the kills")
    check_record(stream)
    for said in ("The database ended; starting it again", "the web server ended", "the worker ended"):
        assert said in system.said().decode()
