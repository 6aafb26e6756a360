"""The other cases of a case's place in words: how each ended, and after how many days the next one came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wangge.interfaces.staff.rows import short
from wangge.interfaces.web import words
from wangge.kernel.cases.state import CaseState
from wangge.kernel.spots.queries import Former, nth_within

SHOWN = 8
"""So many stand open; the others behind a press."""
OFTEN = timedelta(days=90)
MUCH = 4
"""From so many within `OFTEN` on the tag is drawn as late, before as soon."""
ENDED: dict[str, Promise] = {
    "forced": gettext_lazy("closed by force"),
    "disposed": gettext_lazy("put right on the spot"),
    "inspected": gettext_lazy("inspected and closed"),
    "closed": gettext_lazy("closed"),
}


class Line(NamedTuple):
    """A case of the place; `since` says after how long the next one came, or that it came after this case."""

    number: str
    short: str
    at: datetime
    ended: str
    since: str


class Place(NamedTuple):
    """What else happened at this place. `often` is the tag (“4th in 90 days”), `kind` its colour; `total` with this."""

    lines: list[Line]
    more: list[Line]
    often: str
    kind: str
    total: int


def place(found: Sequence[Former], case: CaseState, now: datetime) -> Place | None:
    """The other cases of the place, the newest first; None where there are none."""
    if not found:
        return None
    following = _following(found, case)
    lines = [_line(one, following.get(one.number), now) for one in found]
    nth = nth_within(found, case, OFTEN)
    often = _("No. {n} in {days} days").format(n=nth, days=OFTEN.days) if nth > 1 else ""
    return Place(lines[:SHOWN], lines[SHOWN:], often, "late" if nth >= MUCH else "soon", len(found) + 1)


def _following(found: Sequence[Former], case: CaseState) -> dict[str, datetime]:
    """Number of a case → when the next one of the place was reported, this case among them."""
    times = [(one.reported_at, one.number) for one in found] + [(case.reported_at, case.number)]
    return {number: after for (_at, number), (after, _other) in pairwise(sorted(times))}


def _line(one: Former, after: datetime | None, now: datetime) -> Line:
    ended = str(ENDED[one.ended]) if one.ended else str(words.STATES[one.state])
    if one.closed_at is not None:
        ended = _("{how} {moment}").format(how=ended, moment=words.moment(one.closed_at, now=now))
    return Line(one.number, short(one.number), one.reported_at, ended, _since(one, after))


def _since(one: Former, after: datetime | None) -> str:
    """How long it held: from its end to the next report."""
    if one.closed_at is None or after is None:
        return ""
    if after < one.closed_at:
        return _("the next came before it was closed")
    days = (after - one.closed_at) // timedelta(days=1)
    return ngettext("came back after {n} day", "came back after {n} days", days).format(n=days)
