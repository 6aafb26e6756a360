"""How a lower room tells an upper one: typed events, published inside the transaction.

The upper room subscribes in its `AppConfig.ready()`. A receiver writes its own rows or defers a job in
the same transaction; if it raises, the act that it was told of is rolled back with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar


class Event:
    """Base of all typed events: frozen dataclasses of ids, codes and times, never of names or text."""

    __slots__ = ()


E = TypeVar("E", bound=Event)
_receivers: dict[type[Event], list[Callable[..., None]]] = defaultdict(list)


def subscribe(kind: type[E], receiver: Callable[[E], None]) -> None:
    """Call `receiver` for each published event of exactly this kind. Subscribing twice changes nothing."""
    if receiver not in _receivers[kind]:
        _receivers[kind].append(receiver)


def publish(event: Event) -> None:
    """Call every receiver in the order of subscription, in the caller's transaction."""
    for receiver in _receivers.get(type(event), ()):
        receiver(event)


def receivers(kind: type[Event]) -> tuple[Callable[..., None], ...]:
    """Who listens to this kind (tests make each of them raise)."""
    return tuple(_receivers.get(kind, ()))
