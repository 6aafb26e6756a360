"""The answer to "who was answerable here then, what did they know, what did they do", as values."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from wangge.kernel.cases.queries import Held, Trace
from wangge.kernel.places.queries import AreaInfo

HOW = ("handed", "took_over", "meanwhile", "came_up", "called")
"""How an entry reached somebody: it put the case into their hands; they took over who had it; it was written while they
had it; it raised the case to their tier; it called their organisation to the spot."""


class Reached(NamedTuple):
    """An entry of a case that reached somebody, when, and how."""

    number: str
    case: UUID
    seq: int
    verb: str
    at: datetime
    how: str


class Deed(NamedTuple):
    """An entry that somebody made under the duty."""

    number: str
    case: UUID
    seq: int
    verb: str
    at: datetime


class InHand(NamedTuple):
    """A stretch of a case's stage for which the duty answered; `late` is by how much the stage ran over
    in all, where it had by the end of what was asked for."""

    number: str
    case: UUID
    state: str
    from_: datetime
    to: datetime | None
    due_at: datetime | None
    late: timedelta | None


class Holder(NamedTuple):
    """A duty that stood above the place, or had a case in hand: when it was held then, what reached it and what it did.

    `changed` says that somebody else held the same post there in the same time.
    """

    held: Held
    stretches: tuple[tuple[datetime, datetime | None], ...]
    in_hand: tuple[InHand, ...]
    reached: tuple[Reached, ...]
    deeds: tuple[Deed, ...]
    changed: bool

    @property
    def first_knew(self) -> datetime | None:
        """When the first entry of any of the cases reached it, or it made one."""
        times = [*(one.at for one in self.reached), *(one.at for one in self.deeds)]
        return min(times) if times else None


class Vacant(NamedTuple):
    """A post that nobody held, at the place or above it, in a stretch of the time asked for."""

    post: str
    from_: datetime
    to: datetime


class Answer(NamedTuple):
    """Everything: the question, the cases with their traces, who answered from the place up to the leader, vacancies.

    `reading` is the subject of the journal that says who read this; `more` says that there were more cases than are
    told; `late` are the numbers of those that had run over a limit.
    """

    reading: UUID
    area: AreaInfo
    start: datetime
    end: datetime
    class_prefix: str
    number: str
    traces: tuple[Trace, ...]
    more: bool
    late: tuple[str, ...]
    holders: tuple[Holder, ...]
    vacant: tuple[Vacant, ...]
