"""Handing a shift over (交接班): the sheet as it stands is written down once, with a note; another takes it over.

Source: the command centres work in shifts around the clock; who comes on must know what came in, what is open by whom
and what is late, and that they were told is on record.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction

from wangge.base.clock import to_us
from wangge.base.errors import Conflict, Forbidden, NotFound
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.cases.reporting import check_text
from wangge.kernel.desk.models import SHIFT, Shift
from wangge.kernel.desk.sheets import sheet
from wangge.kernel.journal.services import Act, append
from wangge.kernel.places.queries import atlas

CLOSE, TAKE = "close_shift", "take_shift"
FIRST = timedelta(hours=12)
"""The first shift on record is taken to have begun so long ago."""
LONGEST = timedelta(days=7)
"""What came in is told for so long at most; an older shift was not handed over."""
SHIFT_COLUMNS = ("area", "area_path", "post", "begins", "ends", "giver", "taker", "taken_at", "facts")


class Record(NamedTuple):
    """A shift on record with the names of who gave and took it, and its note (None where it was erased)."""

    id: UUID
    version: int
    area_path: str
    post: str
    begins: datetime
    ends: datetime
    giver: UUID
    giver_name: str
    taker_name: str | None
    taken_at: datetime | None
    facts: dict[str, Any]
    note: str | None


_SELECT = """
SELECT s.id, s.version, s.area_path, s.post_id, s.begins, s.ends, s.giver_id, g.name, t.name, s.taken_at, s.facts,
  n.value
FROM desk_shift s JOIN people_person g ON g.id = s.giver_id LEFT JOIN people_person t ON t.id = s.taker_id
LEFT JOIN journal_content n ON n.subject_id = s.id AND n.seq = 1 AND n.field = 'note'
WHERE s.area_path = %s AND {where} ORDER BY s.ends DESC LIMIT 30
"""


def shifts_of(by: Mandate) -> list[Record]:
    """The last shifts of the mandate's post on its ground, the newest first."""
    return _read("s.post_id = %s", by, by.post)


def shift(key: UUID, by: Mandate) -> Record:
    """One shift of the ground. Raises `NotFound`, `Forbidden`."""
    by.require(CLOSE, by.scope_path)
    found = _read("s.id = %s", by, key)
    if not found:
        raise NotFound("There is no such shift on your ground.", field="shift", value=str(key))
    return found[0]


def begin_of(latest: Record | None, now: datetime) -> datetime:
    """When the present shift began: where the last one ended, if that is not too long ago."""
    return max(latest.ends, now - LONGEST) if latest else now - FIRST


def close_shift(*, note: str, by: Mandate) -> Shift:
    """Write the present sheet down and end the shift. Raises `Forbidden`, `InvalidInput`, `Conflict`."""
    by.require(CLOSE, by.scope_path)
    check_text("note", note)
    place = atlas().by_path.get(by.scope_path)
    if by.actor is None or place is None:
        raise Forbidden("A shift is of a post on an area.", field="shift", expected="a duty on an area")
    now = by.recorded_at
    latest = next(iter(shifts_of(by)), None)
    found = sheet(by, begins=begin_of(latest, now), ends=now)
    made = Shift(
        id=new_id(), version=1, area_id=place.id, area_path=place.path, post_id=by.post, begins=found.begins,
        ends=found.ends, giver_id=by.actor, facts=found.facts(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            content = {"note": note.strip()} if note.strip() else {}
            append([Act(made.id, SHIFT, CLOSE, place.id, {"set": _told(made)}, content)], by=by)
            made.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("Somebody closed this shift a moment ago.", field="shift", expected="the next one") from error
    return made


def take_shift(key: UUID, *, by: Mandate) -> None:
    """Say that one was told, and goes on from here. Raises `NotFound`, `Forbidden`, `Conflict`."""
    by.require(TAKE, by.scope_path)
    with transaction.atomic():
        found = Shift.objects.select_for_update(of=("self",)).filter(id=key, area_path=by.scope_path).first()
        if found is None:
            raise NotFound("There is no such shift on your ground.", field="shift", value=str(key))
        if found.taker_id is not None:
            raise Conflict("This shift was taken over already.", field="shift", value=str(key), expected="the next one")
        if by.actor is None or by.actor == found.giver_id:
            raise Conflict("Who hands a shift over does not take it.", field="shift", expected="another person")
        found.taker_id, found.taken_at = by.actor, by.recorded_at
        data = {"set": {"taker": str(by.actor), "taken_at": to_us(by.recorded_at)}}
        [written] = append([Act(found.id, SHIFT, TAKE, found.area_id, data, version=found.version)], by=by)
        found.version = written.seq
        found.save(update_fields=["version", "taker", "taken_at"])


def _told(one: Shift) -> dict[str, Any]:
    return {
        "area": str(one.area_id), "area_path": one.area_path, "post": one.post_id, "begins": to_us(one.begins),
        "ends": to_us(one.ends), "giver": str(one.giver_id), "taker": None, "taken_at": None, "facts": one.facts,
    }  # fmt: skip


def _read(where: str, by: Mandate, value: UUID | str) -> list[Record]:
    with hot_cursor() as cursor:
        rows = cursor.execute(_SELECT.format(where=where), [by.scope_path, value]).fetchall()
    return [Record._make((*row[:10], msgspec.json.decode(row[10]), row[11])) for row in rows]
