"""Identifiers: UUID version 7 (RFC 9562 §5.7), increasing within a process, or drawn from a seed."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from datetime import datetime
from uuid import UUID

from wangge.base.clock import to_us

_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62
_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """A new UUIDv7. The 12 bits after the millisecond hold its fraction, so ids of one process increase."""
    global _last
    stamp = time.time_ns()
    millis, rest = divmod(stamp, 1_000_000)
    ticks = (millis << 12) | (rest << 12) // 1_000_000
    with _lock:
        ticks = _last = max(ticks, _last + 1)
    return _compose(ticks, int.from_bytes(os.urandom(8), "big"))


def id_from(seed: str, at: datetime) -> UUID:
    """A UUIDv7 whose time is `at` and whose random part follows from `seed`: the same call, the same id."""
    micros = to_us(at)
    millis, rest = divmod(micros, 1000)
    ticks = (millis << 12) | (rest << 12) // 1000
    return _compose(ticks, int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big"))


def _compose(ticks: int, noise: int) -> UUID:
    millis, fraction = ticks >> 12, ticks & 0xFFF
    return UUID(int=(millis << 80) | _VERSION | (fraction << 64) | _VARIANT | (noise & ((1 << 62) - 1)))
