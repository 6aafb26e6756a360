"""Time in the simulation: whole seconds on the clock of the place, since 1970-01-01 there. China has no summer time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

DAY = 86_400
_EPOCH = date(1970, 1, 1)
_AHEAD = timedelta(hours=8)
_START = datetime(1970, 1, 1, tzinfo=UTC) - _AHEAD


def local_seconds(day: date) -> int:
    """Midnight of a day."""
    return (day - _EPOCH).days * DAY


def day_of(seconds: int) -> date:
    """The day on which a moment lies."""
    return _EPOCH + timedelta(days=seconds // DAY)


def moment(seconds: int) -> datetime:
    """The same as an aware UTC datetime."""
    return _START + timedelta(seconds=seconds)


def seconds_of(at: datetime) -> int:
    """The inverse of `moment`; a fraction of a second counts up, so that what is due then is due."""
    span = at - _START
    return span.days * DAY + span.seconds + (span.microseconds > 0)
