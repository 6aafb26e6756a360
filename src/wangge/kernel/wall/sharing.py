"""One snapshot for all displays: made at most every few seconds, whoever asks, and the same bytes for everybody.

The entity tag is the digest of the bytes, which hold no clock: as long as nothing has changed, a display is told so
and is sent nothing. Who may look is asked with every request, before this.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import NamedTuple, TypeVar

import msgspec
from django.db import connection

from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.kernel.duties import mandates
from wangge.kernel.indicators.periods import containing, parse
from wangge.kernel.places.queries import AreaInfo, Atlas
from wangge.kernel.wall.replaying import replay
from wangge.kernel.wall.slower import slow_of
from wangge.kernel.wall.snapshot import snapshot
from wangge.kernel.wall.watching import require_watch

EVERY = timedelta(seconds=4)
"""A display looks every five seconds."""
SLOWLY = timedelta(seconds=60)
LONG = timedelta(hours=12)
MOST_KEPT = 64
JOB = "wall"

T = TypeVar("T")
Key = tuple[str, ...]


class Body(NamedTuple):
    """What is sent, as JSON, and its entity tag."""

    body: bytes
    tag: str


class Shelf:
    """Values made once for all who ask within their time. The one who waits longest for its turn makes way."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._kept: dict[Key, tuple[float, object]] = {}
        self._making: dict[Key, Lock] = {}
        self._guard = Lock()

    def get(self, key: Key, span: timedelta, make: Callable[[], T]) -> T:
        """The value under this key. One caller makes it while the others wait."""
        if (known := self._fresh(key)) is not None:
            return known[0]  # type: ignore[return-value]
        with self._guard:
            lock = self._making.setdefault(key, Lock())
        with lock:
            if (known := self._fresh(key)) is not None:
                return known[0]  # type: ignore[return-value]
            value = make()
            with self._guard:
                self._kept.pop(key, None)
                self._kept[key] = (time.monotonic() + span.total_seconds(), value)
                for old in list(self._kept)[: -self._most]:
                    del self._kept[old]
                    self._making.pop(old, None)
        return value

    def clear(self) -> None:
        """Forget everything."""
        with self._guard:
            self._kept.clear()

    def _fresh(self, key: Key) -> tuple[object] | None:
        known = self._kept.get(key)
        return (known[1],) if known and known[0] > time.monotonic() else None


SHELF = Shelf()


def present(area: AreaInfo, *, places: Atlas, by: Mandate, now: datetime) -> Body:
    """The snapshot of an area. Raises `Forbidden` for who does not look at it."""
    require_watch(by, area.path)
    name = str(connection.settings_dict["NAME"])

    def made() -> Body:
        job = mandates.job(JOB, at=now)
        slow = SHELF.get(("slow", name, area.path), SLOWLY, lambda: slow_of(area, places=places, by=job, now=now))
        return _body(snapshot(area, places=places, slow=slow, now=now))

    return SHELF.get(("now", name, area.path), EVERY, made)


def past(area: AreaInfo, day: str, *, places: Atlas, by: Mandate, now: datetime) -> Body:
    """A day of the past in frames. Raises `Forbidden`, and `InvalidInput` for what is no day or has not begun."""
    require_watch(by, area.path)
    zone = places.timezone(area.path)
    period = parse(day, zone, field="day")
    if period.kind != "day" or period.start > now:
        raise InvalidInput("Only a day that has begun is replayed.", field="day", value=day,
                           expected="a day such as 2026-06-10")  # fmt: skip
    name = str(connection.settings_dict["NAME"])
    span = LONG if period.end < containing("day", now, zone).start else SLOWLY
    return SHELF.get(
        ("day", name, area.path, period.text), span, lambda: _body(replay(area, period, places=places, now=now))
    )


def _body(value: msgspec.Struct) -> Body:
    body = msgspec.json.encode(value)
    return Body(body, hashlib.sha256(body).hexdigest()[:32])
