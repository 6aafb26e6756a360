"""Who works there in the simulated past: seats, leaves with who stands in, sick days, speed. Names are people's."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from wangge.base.calendar import WorkingCalendar
from wangge.base.mandate import Mandate
from wangge.kernel.duties.services import NewDuty, assign_many
from wangge.kernel.people.services import NewPerson, create_people
from wangge.scenarios.nanxiashu.areas import grid_code
from wangge.scenarios.nanxiashu.layout import COMMUNITIES
from wangge.scenarios.nanxiashu.past import assumptions as given
from wangge.scenarios.nanxiashu.past.clockface import local_seconds, moment
from wangge.scenarios.nanxiashu.past.names import Codes
from wangge.scenarios.nanxiashu.people import names
from wangge.scenarios.nanxiashu.rulebook import table

SINCE = moment(local_seconds(date(2018, 7, 1)))
"""From when on the posts are held: a month before the beginning."""
HANDOVER = timedelta(days=30)
"""So much longer than the leave somebody may act, to end what he began."""


class Member(NamedTuple):
    """A seat to be filled: a post on an area (its code), for a unit or none, with the hours of its crew."""

    post: str
    area: str
    crew: given.Crew
    unit: str | None = None


class Habits(NamedTuple):
    """What is drawn for a person: speed, which duty days, days ill, and the first and last day of a leave."""

    speed: float
    rota: int
    ill: frozenset[date]
    leave: tuple[date, date] | None

    @property
    def off(self) -> frozenset[date]:
        """All days on which the person is not there."""
        if self.leave is None:
            return self.ill
        first, last = self.leave
        return self.ill | {first + timedelta(days=number) for number in range((last - first).days + 1)}


class Acting(NamedTuple):
    """One member (by number) stands in for another during the other's leave."""

    absent: int
    stand_in: int


class Staff(NamedTuple):
    """Who is there: members with habits and ids, in one order."""

    members: Sequence[Member]
    habits: Sequence[Habits]
    acting: Sequence[Acting]
    people: Sequence[UUID]


def members(share: float, codes: Codes) -> list[Member]:
    """The seats that are filled, where `share` of all are: of each post every so many, of each unit and desk one
    at least."""
    seats = list(_seats(codes))
    wanted = {kind: max(1, math.floor(total * share + 1e-9)) for kind, total in Counter(map(_kind, seats)).items()}
    totals, seen = Counter(map(_kind, seats)), Counter[str]()
    found = []
    for member in seats:
        kind = _kind(member)
        before = seen[kind] * wanted[kind] // totals[kind]
        seen[kind] += 1
        if seen[kind] * wanted[kind] // totals[kind] > before:
            found.append(member)
    return found


def _kind(member: Member) -> str:
    return f"{member.post} {member.unit or ''}"


def _seats(codes: Codes) -> Iterator[Member]:
    for post, crew in given.ROOT_CREW.items():
        yield from [Member(post, codes.root, crew)] * crew.number
    for row in table("departments.csv"):
        count = given.BUSY_UNITS.get(row["code"], given.UNIT_CREW.number)
        yield from [Member("unit_clerk", codes.root, given.UNIT_CREW, row["code"])] * count
    for community in COMMUNITIES:
        for post, crew in given.COMMUNITY_CREW.items():
            yield from [Member(post, codes.of(community.code), crew)] * crew.number
        for number in range(1, community.grids + 1):
            for post, crew in given.GRID_CREW.items():
                yield from [Member(post, codes.of(grid_code(community.code, number)), crew)] * crew.number
    for community in COMMUNITIES:  # last, so that what is drawn for the others stays
        yield Member("assessor", codes.of(community.code), given.ASSESSOR_CREW)


def habits(count: int, calendar: WorkingCalendar, rng: Random) -> list[Habits]:
    """What is drawn for so many people."""
    days = [given.BEGINS + timedelta(days=number) for number in range((given.ENDS - given.BEGINS).days + 1)]
    workdays = [day for day in days if calendar.is_workday(day)]
    found = []
    for _ in range(count):
        leave = None
        if rng.random() * 100 < given.LEAVE:
            length = rng.randint(*given.LEAVE_DAYS)
            first = rng.randrange(len(workdays) - length)
            leave = (workdays[first], workdays[first + length - 1])
        ill = frozenset(day for day in workdays if rng.random() * 1000 < given.SICK)
        speed = min(1.6, max(0.6, math.exp(rng.gauss(0, given.SPEED))))
        found.append(Habits(speed, rng.randrange(1000), ill, leave))
    return found


def acting(filled: Sequence[Member], drawn: Sequence[Habits]) -> list[Acting]:
    """Who stands in: where a community has one holder of a post, the same post's holder of the next who is there."""
    alone: dict[str, list[int]] = {}
    for number, member in enumerate(filled):
        if given.COMMUNITY_CREW.get(member.post, given.UNIT_CREW).number == 1 and member.area.count("-") == 1:
            alone.setdefault(member.post, []).append(number)
    found = []
    for ring in alone.values():
        for place, absent in enumerate(ring):
            leave = drawn[absent].leave
            others = [ring[(place + step) % len(ring)] for step in range(1, len(ring))]
            free = [other for other in others if not _away(drawn[other], leave)]
            if leave and free:
                found.append(Acting(absent, free[0]))
    return found


def _away(one: Habits, leave: tuple[date, date] | None) -> bool:
    return leave is not None and one.leave is not None and one.leave[0] <= leave[1] and leave[0] <= one.leave[1]


def staff_up(
    units: Mapping[str, UUID], calendar: WorkingCalendar, codes: Codes, *, share: float, seed: int, by: Mandate
) -> Staff:
    """Make the people and assign their duties, leaves and stand-ins."""
    rng = Random(f"past {seed} people")  # noqa: S311 - a simulation, not a secret
    filled = members(share, codes)
    drawn = habits(len(filled), calendar, rng)
    stand_ins = acting(filled, drawn)
    made = [one.id for one in create_people([NewPerson(name) for name in names(len(filled), rng)], by=by)]
    duties: list[NewDuty] = []
    for person, member, own in zip(made, filled, drawn, strict=True):
        unit = units[member.unit] if member.unit else None
        duties.append(NewDuty(member.post, member.area, SINCE, person, unit))
        if own.leave:
            away, back = _range(own.leave)
            duties.append(NewDuty(member.post, member.area, away, person, unit, kind="leave", valid_to=back))
    for absent, stand_in in stand_ins:
        leave = drawn[absent].leave
        assert leave is not None
        away, back = _range(leave)
        duties.append(NewDuty(filled[absent].post, filled[absent].area, away, made[stand_in], kind="acting",
                              valid_to=back + HANDOVER))
    assign_many(duties, by=by)
    return Staff(filled, drawn, stand_ins, made)


def _range(leave: tuple[date, date]) -> tuple[datetime, datetime]:
    return moment(local_seconds(leave[0])), moment(local_seconds(leave[1] + timedelta(days=1)))
