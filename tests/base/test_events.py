from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from wangge.base import events
from wangge.base.events import Event, publish, receivers, subscribe


@dataclass(frozen=True, slots=True)
class Rang(Event):
    times: int


@dataclass(frozen=True, slots=True)
class RangTwice(Rang):
    pass


@pytest.fixture(autouse=True)
def _nobody_listens_afterwards() -> Iterator[None]:
    yield
    for kind in (Rang, RangTwice):
        events._receivers.pop(kind, None)


def test_receivers_are_called_in_the_order_of_subscription() -> None:
    heard: list[tuple[str, int]] = []
    subscribe(Rang, lambda event: heard.append(("first", event.times)))
    subscribe(Rang, lambda event: heard.append(("second", event.times)))
    publish(Rang(3))
    assert heard == [("first", 3), ("second", 3)]


def test_subscribing_twice_is_heard_once() -> None:
    heard: list[Rang] = []
    subscribe(Rang, heard.append)
    subscribe(Rang, heard.append)
    publish(Rang(1))
    assert heard == [Rang(1)]
    assert receivers(Rang) == (heard.append,)


def test_only_events_of_exactly_that_kind_are_heard() -> None:
    heard: list[Rang] = []
    subscribe(Rang, heard.append)
    publish(RangTwice(2))
    assert heard == []


def test_an_event_that_nobody_awaits_is_no_error() -> None:
    publish(Rang(1))
    assert receivers(Rang) == ()


def test_a_receiver_that_raises_stops_the_act() -> None:
    heard: list[Rang] = []

    def refuse(event: Rang) -> None:
        raise RuntimeError("no")

    subscribe(Rang, refuse)
    subscribe(Rang, heard.append)
    with pytest.raises(RuntimeError, match="no"):
        publish(Rang(1))
    assert heard == []
