"""The time limit of a case as a sum: what was granted, what each day used, what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wangge.base.calendar import Step
from wangge.interfaces.web import words
from wangge.kernel.cases.clocks import ClockEvent, ClockSum
from wangge.kernel.cases.lifecycle import Clock
from wangge.kernel.cases.queries import CaseDetail
from wangge.kernel.cases.state import CaseState

MOST_LINES = 6
"""Longer sums fold their middle days into one line."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a sum: what was granted (+), what was used (−), or when the clock stood, which counts nothing."""

    words: str
    length: timedelta
    sign: str = "−"


@dataclass(frozen=True, slots=True)
class ClockWords:
    """The time limit as a sum; the result under the rule is `left`."""

    head: str
    total: timedelta
    more: tuple[Line, ...]
    lines: tuple[Line, ...]
    result: str
    left: timedelta
    kind: str
    note: str


def clock_words(detail: CaseDetail, now: datetime) -> ClockWords | None:
    """The handling limit as a sum, or nothing where there is no due time yet."""
    clock = detail.clock
    if clock.due_at is None or clock.left is None:
        return None
    stop = clock.stopped_at or now
    start = clock.start or detail.case.reported_at
    limit = words.limit(detail.case.limit_amount, detail.case.limit_unit)
    more: list[Line] = []
    if clock.steps:
        total = sum((timedelta(seconds=step.seconds) for step in clock.steps), timedelta())
        lines = _by_day(clock.steps, stop)
        total, more = _granted(clock, total, now)
        head = _("Registered {at}, limit {limit}").format(at=words.moment(start, now=now), limit=limit)
    else:
        total = clock.due_at - start
        lines = [Line(_("used"), min(stop, clock.due_at) - start)] if stop > start else []
        head = _("Due time given by the source")
    late = clock.left < timedelta()
    result = _("Late (was due {at})") if late else _("Left (due {at})")
    return ClockWords(
        head=head,
        total=total,
        more=tuple(more),
        lines=tuple(_folded(lines)),
        left=clock.left,
        note=_note(detail.case, now),
        kind="late" if late else "done" if clock.on_time else "",
        result=result.format(at=words.moment(clock.due_at, now=now)),
    )


def _granted(clock: ClockSum, total: timedelta, now: datetime) -> tuple[timedelta, list[Line]]:
    """The limit itself, and as lines what was added to it and when the clock stood."""
    extended = [event for event in clock.events if event.kind == Clock.EXTEND.value]
    each = total / (len(extended) + 1)
    lines = [
        Line(_("Extended {at}, one more limit").format(at=words.moment(event.at, now=now)), each, "+")
        for event in extended
    ]
    since: ClockEvent | None = None
    for event in clock.events:
        if event.kind in (Clock.PAUSE.value, Clock.STOP.value):
            since = event
        elif event.kind in (Clock.CONTINUE.value, Clock.RESUME.value) and since is not None:
            lines.append(Line(_stood(since, event, now), timedelta(), ""))
            since = None
    return each, lines


def _stood(since: ClockEvent, until: ClockEvent, now: datetime) -> str:
    """From when to when the clock stood, and why."""
    if since.kind == Clock.PAUSE.value:
        said = _("Suspended {start} – {end}: the clock stood")
    else:
        said = _("Handed back {start}, sent back {end}: the clock stood")
    return said.format(start=words.moment(since.at, now=now), end=words.moment(until.at, now=now))


def _note(case: CaseState, now: datetime) -> str:
    """Why the clock does not run, where it does not."""
    if case.state == "suspended" and case.suspended_at:
        said, at = _("Suspended {at}; the clock stands until it goes on."), case.suspended_at
    elif case.self_disposed and case.handled_at:
        said, at = _("Put right on the spot {at}; the clock stands."), case.handled_at
    elif case.handled_at:
        said, at = _("Handed back {at}; the clock stands."), case.handled_at
    elif case.forced and case.closed_at:
        said, at = _("Closed by force {at}, not handed back; the clock stands."), case.closed_at
    elif case.closed_at:
        said, at = _("Closed {at}; the clock stands."), case.closed_at
    else:
        return ""
    return said.format(at=words.moment(at, now=now))


def _by_day(steps: Sequence[Step], stop: datetime) -> list[Line]:
    """One line a day: its stretches until `stop`, and what they used together."""
    zone, lines = timezone.get_current_timezone(), []
    for day, stretches in groupby(steps, key=lambda step: step.day):
        passed = [step for step in stretches if step.from_ < stop]
        if passed:
            spans = ", ".join(_stretch(step, stop, zone) for step in passed)
            lines.append(Line(f"{day:%m-%d} {spans}", sum((_used(step, stop) for step in passed), timedelta())))
    return lines


def _folded(lines: list[Line]) -> list[Line]:
    if len(lines) <= MOST_LINES:
        return lines
    middle = lines[2:-2]
    text = ngettext("{n} day between", "{n} days between", len(middle)).format(n=len(middle))
    return [*lines[:2], Line(text, sum((line.length for line in middle), timedelta())), *lines[-2:]]


def _used(step: Step, stop: datetime) -> timedelta:
    return timedelta(seconds=step.seconds) if stop >= step.to else stop - step.from_


def _stretch(step: Step, stop: datetime, zone: tzinfo) -> str:
    return f"{step.from_.astimezone(zone):%H:%M}–{min(step.to, stop).astimezone(zone):%H:%M}"
