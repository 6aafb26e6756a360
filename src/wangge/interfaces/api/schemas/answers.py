"""Tracing back from a place, a day and a class, or from a case."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct


class AnswerFilters(Struct):
    """Either `case`, or `day` with `area` or with `lon` and `lat`; `case_class` is the beginning of a class code."""

    area: str = ""
    day: str = ""
    case_class: str = ""
    case: str = ""
    lon: str = ""
    lat: str = ""


class AnswerCase(Struct):
    """A case that was open there then; `late`: one of its stages had run over its limit."""

    id: UUID
    number: str
    state: str
    reported_at: datetime
    late: bool


class AnswerSpan(Struct):
    """A stretch of time; no end: to the end of what was asked for."""

    start: datetime
    end: datetime | None


class AnswerInHand(Struct):
    """A stretch of a stage for which the duty answered; `late_seconds`: by how much the stage ran over, in all."""

    case: str
    state: str
    start: datetime
    end: datetime | None
    due_at: datetime | None
    late_seconds: int | None


class AnswerReached(Struct):
    """An entry that reached them. `how`: handed, took_over, meanwhile, came_up, called."""

    case: str
    seq: int
    verb: str
    at: datetime
    how: str


class AnswerDeed(Struct):
    """An entry that they made under this duty."""

    case: str
    seq: int
    verb: str
    at: datetime


class AnswerHolder(Struct):
    """A duty above the place, or one that had a case in hand, the nearest first.

    `changed`: somebody else held the post there in the same time. `first_knew` is null where nothing reached them.
    """

    duty: UUID
    post: str
    kind: str
    area_path: str
    person: str | None
    person_id: UUID | None
    organisation: str | None
    held: list[AnswerSpan]
    changed: bool
    first_knew: datetime | None
    in_hand: list[AnswerInHand]
    reached: list[AnswerReached]
    did: list[AnswerDeed]


class AnswerVacant(Struct):
    """A post that nobody held there or above."""

    post: str
    start: datetime
    end: datetime


class AnswerOut(Struct):
    """Who was answerable, what reached them, what they did. `reading` is the journal's subject that says who read it;
    `more`: there were more cases than these."""

    reading: UUID
    area: str
    path: str
    start: datetime
    end: datetime
    case_class: str | None
    case: str | None
    cases: list[AnswerCase]
    more: bool
    holders: list[AnswerHolder]
    vacant: list[AnswerVacant]
