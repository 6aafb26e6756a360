"""Times of a table, all written in one format: read by their parts, and by `strptime` where that does not do."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

_DIGITS = {"Y": 4, "m": 2, "d": 2, "H": 2, "I": 2, "M": 2, "S": 2}
_ORDERS = tuple(
    tuple(f"Ymd{clock}"[:length]) for clock in ("HMS", "IMS") for length in (3, 4, 5, 6)
)  # what datetime() takes, in its order; a clock of twelve hours needs %p as well
_DIRECTIVE = re.compile("%(.)")


def moments(form: str, zone: ZoneInfo) -> Callable[[str], datetime]:
    """A reader of times in this format of `strptime` and zone, as UTC. It raises `ValueError` as `strptime` does.

    What is written with all its digits is read by its parts; the rest (one digit for a month, names of months,
    other directives) is left to `strptime`. The result is the same.
    """
    parts = _parts(form)

    @lru_cache(maxsize=50_000)
    def moment(text: str) -> datetime:
        read = parts(text) if parts else None
        if read is None:
            read = datetime.strptime(text, form)  # noqa: DTZ007 -- the zone follows
        return read.replace(tzinfo=zone).astimezone(UTC)

    return moment


def _parts(form: str) -> Callable[[str], datetime | None] | None:
    """A reader of the format's plain form, or None where the format has more than numbers and AM or PM."""
    named = _DIRECTIVE.findall(form)
    twelve = "p" in named
    order = next((one for one in _ORDERS if sorted([*one, *("p" * twelve)]) == sorted(named)), None)
    if order is None or twelve != ("I" in named):
        return None
    pieces = _DIRECTIVE.split(form)  # text, directive, text, …
    pieces[::2] = map(re.escape, pieces[::2])
    pieces[1::2] = ["(?P<p>AM|PM)" if one == "p" else f"(?P<{one}>[0-9]{{{_DIGITS[one]}}})" for one in named]
    pattern = re.compile("".join(pieces))

    def read(text: str) -> datetime | None:
        found = pattern.fullmatch(text)
        if found is None:
            return None
        numbers = [int(part) for part in found.group(*order)]
        if twelve:
            if not 1 <= numbers[3] <= 12:
                return None
            numbers[3] = numbers[3] % 12 + 12 * (found["p"] == "PM")
        with suppress(ValueError):
            return datetime(*numbers)  # type: ignore[arg-type]  # noqa: DTZ001 -- the zone follows
        return None

    return read
