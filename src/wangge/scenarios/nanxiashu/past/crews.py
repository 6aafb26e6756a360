"""People at work: when they are there, how fast they are, and the queues that they take their work from. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import date
from heapq import heappop, heappush
from typing import Any
from uuid import UUID

from wangge.base.mandate import Mandate
from wangge.scenarios.nanxiashu.past import assumptions as given
from wangge.scenarios.nanxiashu.past.clockface import DAY, day_of

FAR = 400
"""Days that are looked ahead for somebody who is there; whoever never comes has no next hour."""


class Task:
    """Work of some minutes for one of a team. `front` work is taken first, then by `rank`."""

    __slots__ = ("front", "minutes", "open", "owner", "rank", "team", "urgent")

    def __init__(self, owner: Any, team: Team, minutes: float, *, urgent: bool, rank: int) -> None:
        self.owner = owner
        self.team = team
        self.minutes = minutes
        self.urgent = urgent
        self.rank = rank
        self.front = False
        self.open = True


class Person:
    """Somebody with hours, speed and days off, who does one thing at a time."""

    __slots__ = (
        "_days", "busy", "hours", "number", "off", "on_call", "rota", "seats", "share", "speed", "wakes", "workdays",
    )

    def __init__(
        self, number: int, crew: given.Crew, *, speed: float, off: frozenset[date], rota: int,
        workdays: Mapping[int, bool],
    ) -> None:
        self.number = number
        self.hours = given.HOURS[crew.hours]
        self.on_call = crew.on_call
        self.share = crew.share / 100
        self.speed = speed
        self.off = off
        self.rota = rota
        self.workdays = workdays
        self.seats: list[Seat] = []
        self.busy = False
        self.wakes = -1
        self._days: dict[tuple[int, bool], given.Windows] = {}

    def windows(self, day: int, urgent: bool) -> given.Windows:
        """Minutes of this day (its number since 1970) at which work of this kind is done."""
        key = (day, urgent)
        found = self._days.get(key)
        if found is None:
            found = self._days[key] = self._lay_out(day, urgent)
        return found

    def _lay_out(self, day: int, urgent: bool) -> given.Windows:
        if day_of(day * DAY) in self.off:
            return ()
        if urgent and self.on_call:
            return given.ON_CALL
        if self.workdays.get(day, False):
            return self.hours.workday
        return self.hours.duty if (day + self.rota) % self.hours.one_in == 0 else ()

    def next_start(self, at: int, urgent: bool) -> int | None:
        """The first moment from `at` on at which such work is done; None where there is none in a year."""
        first = at // DAY
        for day in range(first, first + FAR):
            for start, end in self.windows(day, urgent):
                if day * DAY + end * 60 > at:
                    return max(at, day * DAY + start * 60)
        return None

    def finish(self, at: int, minutes: float, urgent: bool) -> int:
        """When so many minutes of work are done that begin at `at`, beside one's own work unless it is urgent."""
        left = max(1, round(minutes * 60 / (self.speed if urgent else self.speed * self.share)))
        moment: int | None = at
        while True:
            moment = self.next_start(moment, urgent) if moment is not None else None
            if moment is None:
                return at + FAR * DAY
            ends = self._window_end(moment, urgent)
            if moment + left <= ends:
                return moment + left
            left -= ends - moment
            moment = ends

    def _window_end(self, at: int, urgent: bool) -> int:
        day = at // DAY
        windows = self.windows(day, urgent)
        starts = [day * DAY + start * 60 for start, _ in windows]
        return day * DAY + windows[bisect_right(starts, at) - 1][1] * 60


class Seat:
    """A person's place in a team, with the mandate of the duty. An acting seat counts on the days `during` only."""

    __slots__ = ("during", "mandate", "person", "team")

    def __init__(self, person: Person, team: Team, mandate: Mandate, during: range | None = None) -> None:
        self.person = person
        self.team = team
        self.mandate = mandate
        self.during = during
        person.seats.append(self)
        team.seats.append(self)

    def counts(self, at: int) -> bool:
        """Whether work is taken from this seat on that day."""
        return self.during is None or at // DAY in self.during


class Team:
    """Those who hold a post on an area, or work for a unit, with the work that waits for them."""

    __slots__ = ("by_arrival", "key", "normal", "seats", "serial", "urgent")

    def __init__(self, key: tuple[str, str | UUID], *, by_arrival: bool) -> None:
        self.key = key
        self.by_arrival = by_arrival
        self.seats: list[Seat] = []
        self.normal: list[tuple[int, int, int, Task]] = []
        self.urgent: list[tuple[int, int, int, Task]] = []
        self.serial = 0

    def put(self, task: Task) -> None:
        """Into the queue. A task that is put again with `front` is found at its new place first."""
        self.serial += 1
        rank = self.serial if self.by_arrival else task.rank
        heap = self.urgent if task.urgent else self.normal
        heappush(heap, (0 if task.front else 1, rank, self.serial, task))

    def first(self, urgent: bool) -> tuple[int, int, int, Task] | None:
        """The next of its kind that still waits, left where it is."""
        heap = self.urgent if urgent else self.normal
        while heap and not heap[0][3].open:
            heappop(heap)
        return heap[0] if heap else None

    def waiting(self) -> Iterator[bool]:
        """The kinds of work that wait."""
        for urgent in (True, False):
            if self.first(urgent) is not None:
                yield urgent
