"""Inspections on record: each a row and an entry, with or without findings. By a score they are what is divided by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from wangge.assessment.core.clauses import COUNTED
from wangge.assessment.models import Inspection
from wangge.assessment.models.inspections import MOST_CHECKS
from wangge.assessment.services import RECORD
from wangge.assessment.tables import moment, read_table, whole
from wangge.base.clock import to_us
from wangge.base.errors import Conflict, InvalidInput, NotFound
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.journal.services import Act, Projection, State, Told, append, project, stepping
from wangge.kernel.places.queries import atlas

SUBJECT = "inspection"
COLUMNS = ("id", "source", "area_code", "at", "checks")
_REF = re.compile(r"[^\s=]{1,64}")
_TOLD = ("source", "ref", "path", "inspected_at", "checks")


@dataclass(frozen=True, slots=True)
class NewInspection:
    """An inspection to be recorded. `ref` is the source's own number; `checks` how many places were looked at."""

    source: str
    ref: str
    area_code: str
    at: datetime
    checks: int = 1


def record_inspections(rows: Sequence[NewInspection], *, by: Mandate) -> int:
    """Record that somebody looked, all or none; how many were new. A number that stands the same is left alone.

    Raises `InvalidInput`, `NotFound`, `Forbidden`, `Conflict` for a number that stands with other values.
    """
    made = [_checked(row) for row in rows]
    for one in made:
        by.require(RECORD, one.area_path)
    known = {(one.source, one.ref): one for one in Inspection.objects.filter(ref__in=[one.ref for one in made])}
    fresh = []
    for one in made:
        stands = known.setdefault((one.source, one.ref), one)
        if stands is one:
            fresh.append(one)
        elif _told(stands) != _told(one):
            raise Conflict("This number stands with other values already.", field="id", value=one.ref,
                           expected="a number once a source")
    try:
        with transaction.atomic():
            append([Act(one.id, SUBJECT, "record", one.area_id, _told(one)) for one in fresh], by=by)
            Inspection.objects.bulk_create(fresh, batch_size=2000)
    except IntegrityError as error:
        if "assessment_inspection_ref_once" not in str(error):
            raise
        raise Conflict("A number of this source is recorded already.", field="id", expected="a number once") from error
    return len(fresh)


def read_inspections(file: Path) -> list[NewInspection]:
    """From a table `id,source,area_code,at,checks`; a time without a zone is the place's own."""
    places, found = atlas(), []
    for line, row in read_table(file, COLUMNS):
        area = places.by_code(row["area_code"])
        at = moment(row["at"], ZoneInfo(places.timezone(area.path)), "at") if area else None
        if area is None or at is None:
            raise InvalidInput(f"Line {line}: an inspection has a place and a time.",
                               field="at" if area else "area_code", value=row["at"] if area else row["area_code"],
                               expected="the code of an area, and a time such as 2019-03-01T10:00")
        found.append(NewInspection(row["source"], row["id"], area.code, at, whole(row["checks"], "checks")))
    return found


def _checked(row: NewInspection) -> Inspection:
    if row.source not in COUNTED:
        raise InvalidInput("This source is not known.", field="source", value=row.source,
                           expected="one of " + ", ".join(COUNTED))
    if not _REF.fullmatch(row.ref) or "\0" in row.ref:
        raise InvalidInput("An inspection needs the number that its source gave it.", field="id", value=row.ref,
                           expected="1 to 64 characters without spaces and =")
    if not 1 <= row.checks <= MOST_CHECKS:
        raise InvalidInput("This is no count of checks.", field="checks", value=row.checks,
                           expected=f"1 to {MOST_CHECKS}")
    area = atlas().by_code(row.area_code)
    if area is None or not area.holds(row.at):
        raise NotFound("There is no area with this code then.", field="area_code", value=row.area_code,
                       expected="the code of an area that was there at the time")
    return Inspection(id=new_id(), version=1, source=row.source, ref=row.ref, area_id=area.id, area_path=area.path,
                      inspected_at=row.at, checks=row.checks)


def _told(one: Inspection) -> dict[str, Any]:
    return {"source": one.source, "ref": one.ref, "path": one.area_path, "inspected_at": to_us(one.inspected_at),
            "checks": one.checks}


def _recorded(state: State, entry: Told) -> None:
    state |= {name: entry.data[name] for name in _TOLD} | {"area": entry.area}


def register() -> None:
    """Tell the journal how an inspection adds up. Called once, when the application is ready."""
    project(Projection(
        subject_type=SUBJECT,
        table="assessment_inspection",
        columns={"area": "s.area", "path": "s.area_path", **{name: f"s.{name}" for name in _TOLD if name != "path"}},
        told=stepping({"record": _recorded}),
        times=frozenset({"inspected_at"}),
        label="ref",
    ))
