"""The sheet of a shift in words: as it stands now, and as it was written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from wangge.interfaces.staff import lists, rows, standing
from wangge.interfaces.staff.rows import Row, english, short
from wangge.interfaces.web import words
from wangge.kernel.desk.sheets import Sheet
from wangge.kernel.desk.shifts import Record
from wangge.kernel.people.queries import organisation_names
from wangge.kernel.places.queries import atlas


class Who(NamedTuple):
    """Who has open cases, or at which stage of the desk they stand: how many, how many of them late."""

    name: str
    cases: int
    late: int


class LateCase(NamedTuple):
    """A late case: its number, and its line where the sheet is of now."""

    number: str
    short: str
    row: Row | None


class Drawn(NamedTuple):
    """A sheet for a page. `finding` says it in a sentence."""

    begins: datetime
    ends: datetime
    finding: str
    came: list[tuple[str, int]]
    who: list[Who]
    late: list[LateCase]
    late_in_all: int
    waits: list[tuple[str, int]]


def drawn(found: Sheet, now: datetime) -> Drawn:
    """The sheet as it stands."""
    say = standing.speaker(atlas())
    who = [
        Who(_called((one.name_en if english() else None) or one.name, one.post, one.state), one.cases, one.late)
        for one in found.open
    ]
    late = [
        LateCase(row.case.number, short(row.case.number), rows.row(row, now=now, say=say)) for row in found.late
    ]
    return _drawn(found.begins, found.ends, found.came, who, late, found.counts["late"], found.counts)


def stored(found: Record) -> Drawn:
    """The sheet as it was written down; organisations by their present names, one statement."""
    facts = found.facts
    names = organisation_names({UUID(row[0]) for row in facts["open"] if row[0]})
    who = [Who(_called(_name(names, row[0]), row[1], row[2]), row[3], row[4]) for row in facts["open"]]
    late = [LateCase(number, short(number), None) for number in facts["late"]]
    return _drawn(found.begins, found.ends, facts["came"], who, late, facts["late_in_all"], facts["waits"])


def _name(names: Mapping[UUID, tuple[str, str]], key: str | None) -> str | None:
    if key is None:
        return None
    name, name_en = names.get(UUID(key), ("", ""))
    return (name_en if english() else "") or name or None


def _called(organisation: str | None, post: str | None, state: str | None) -> str:
    if organisation:
        return organisation
    return standing.post_name(post) if post else str(words.STATES.get(state or "", state or ""))


def _drawn(
    begins: datetime, ends: datetime, came: Mapping[str, int], who: Sequence[Who], late: list[LateCase], in_all: int,
    waits: Mapping[str, int],
) -> Drawn:
    came_in = sum(came.values())
    finding = _("{came} came in, {open} are open, {late} of them late.").format(
        came=came_in, open=sum(one.cases for one in who), late=in_all
    )
    return Drawn(
        begins,
        ends,
        finding,
        [(str(words.SOURCES.get(source, source)), number) for source, number in came.items()],
        list(who),
        late,
        in_all,
        [(str(lists.WAITS[name]), waits[name]) for name in lists.WAITS if waits.get(name)],
    )
