"""The clock of the simulation: one heap of moments, and lives that wait for people or for time. Pure.

A life is a generator. It yields `Work` and is sent the `Seat` of whoever did it, at the moment it was done; or it
yields a `Pause` and goes on after it. What is due at one moment happens in the order of asking: the same inputs give
the same past.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from heapq import heappop, heappush
from typing import NamedTuple

from wangge.scenarios.nanxiashu.past.crews import Person, Seat, Task, Team


class Work(NamedTuple):
    """Minutes of work for one of a team. `rank` orders it among others: what is less is due earlier."""

    team: Team
    minutes: float
    urgent: bool
    rank: int


class Pause(NamedTuple):
    """Nothing until that moment."""

    until: int


Wish = Work | Pause
Life = Generator[Wish, Seat | None, None]
"""What `yield` gives back is a seat after work; None after a pause, and where the work was called off."""


class Thread:
    """A life that is being led, with the task that it waits for."""

    __slots__ = ("life", "task")

    def __init__(self, life: Life) -> None:
        self.life = life
        self.task: Task | None = None


class Engine:
    """Moments in order. `now` is the present one, in local seconds."""

    def __init__(self) -> None:
        self.now = 0
        self._heap: list[tuple[int, int, Callable[[], None]]] = []
        self._serial = 0

    def at(self, moment: int, act: Callable[[], None]) -> None:
        """Do something at a moment, never before now."""
        self._serial += 1
        heappush(self._heap, (max(moment, self.now), self._serial, act))

    def run(self, until: int) -> None:
        """Let time pass up to and with a moment."""
        heap = self._heap
        while heap and heap[0][0] <= until:
            self.now, _, act = heappop(heap)
            act()
        self.now = until

    def lead(self, thread: Thread, seat: Seat | None = None) -> None:
        """Let a life go on to its next wish."""
        thread.task = None
        try:
            wish = thread.life.send(seat)
        except StopIteration:
            return
        if isinstance(wish, Pause):
            self.at(wish.until, lambda: self.lead(thread))
            return
        task = Task(thread, wish.team, wish.minutes, urgent=wish.urgent, rank=wish.rank)
        thread.task = task
        self._offer(task)

    def call_off(self, thread: Thread) -> bool:
        """Take back work that nobody has begun; the life goes on without. False where there is none."""
        if thread.task is None or not thread.task.open:
            return False
        thread.task.open = False
        self.at(self.now, lambda: self.lead(thread))
        return True

    def to_the_front(self, thread: Thread) -> None:
        """Work that waits is taken before all other."""
        task = thread.task
        if task is not None and task.open and not task.front:
            task.front = True
            task.team.put(task)

    # -- people ---------------------------------------------------------------------------------------

    def _offer(self, task: Task) -> None:
        """Into the queue; whoever is free first comes for it, of those who do not come for something else already."""
        task.team.put(task)
        best: tuple[int, int] | None = None
        chosen: Person | None = None
        for seat in task.team.seats:
            person = seat.person
            if person.busy or not seat.counts(self.now):
                continue
            start = person.next_start(self.now, task.urgent)
            if start is None or self.now <= person.wakes <= start:
                continue
            if best is None or (start, person.number) < best:
                best, chosen = (start, person.number), person
        if best is not None and chosen is not None:
            self._wake(chosen, best[0])

    def _wake(self, person: Person, moment: int) -> None:
        if self.now <= person.wakes <= moment:
            return
        person.wakes = moment
        self.at(moment, lambda: self.look(person))

    def look(self, person: Person) -> None:
        """A free person takes the next task that may be done now, or comes back when there is one."""
        if person.busy:
            return
        person.wakes = -1
        best: tuple[tuple[int, int, int, int, int], Task, Seat] | None = None
        later: int | None = None
        for place, seat in enumerate(person.seats):
            if not seat.counts(self.now):
                continue
            for urgent in seat.team.waiting():
                start = person.next_start(self.now, urgent)
                if start is None:
                    continue
                if start > self.now:
                    later = start if later is None else min(later, start)
                    continue
                found = seat.team.first(urgent)
                assert found is not None
                key = (0 if urgent else 1, found[0], found[1], place, found[2])
                if best is None or key < best[0]:
                    best = (key, found[3], seat)
        if best is not None:
            self._begin(person, best[1], best[2])
        elif later is not None:
            self._wake(person, later)

    def _begin(self, person: Person, task: Task, seat: Seat) -> None:
        task.open = False
        person.busy = True
        self.at(person.finish(self.now, task.minutes, task.urgent), lambda: self._done(person, task, seat))

    def _done(self, person: Person, task: Task, seat: Seat) -> None:
        person.busy = False
        self.lead(task.owner, seat)
        self.look(person)
