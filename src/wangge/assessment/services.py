"""Writes of findings. Each is one transaction with one entry for each finding."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from wangge.assessment.core.amounts import milli, points_text
from wangge.assessment.core.clauses import SOURCES
from wangge.assessment.models import FindingRow
from wangge.base.clock import now, to_us
from wangge.base.errors import Conflict, InvalidInput, NotFound
from wangge.base.geometry import Point
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.duties.partaking import partaking
from wangge.kernel.journal.services import Act, append
from wangge.kernel.places.queries import AreaInfo, atlas

RECORD, AMEND = "record_finding", "amend_finding"
SUBJECT = "finding"
GROUNDS = ("contest", "appeal", "source")
"""Why points were cut: contested before the statement, appealed after it, or corrected by whoever found it."""
OWN = ("subdistrict", "sample")
"""Sources of which the subdistrict's own people inspect."""
BARRED = {
    "answers": "Nobody inspects a place that they answer for.",
    "bound": "Nobody inspects where an organisation works to which they declared a relation.",
}
LONGEST_NOTE = 1000
SLACK = timedelta(days=1)
"""So far ahead of ours the clock of a source may be; what lies further ahead is not found yet."""
_REF = re.compile(r"[^\s=]{1,64}")
_CLASS = re.compile(r"[A-Za-z0-9._-]{0,32}")


@dataclass(frozen=True, slots=True)
class NewFinding:
    """A finding to be recorded. `ref` is the source's own number; points as the source took them off."""

    source: str
    ref: str
    area_code: str
    discovered_at: datetime
    points: Decimal
    class_code: str = ""
    occurred_at: datetime | None = None
    point: Point | None = None
    note: str = ""


def record_findings(rows: Sequence[NewFinding], *, by: Mandate) -> list[FindingRow]:
    """Record what was found, all or none. Raises `InvalidInput`, `NotFound`, `Forbidden`, `Conflict`.

    Nobody records an inspection of the subdistrict's own (`OWN`) where they answer for the place on that moment or
    are bound to who works there. What others found is typed in by anybody who may; the entry says what part they had.
    """
    made = [check_finding(row) for row in rows]
    latest = max(now(), by.recorded_at) + SLACK
    for one in made:
        by.require(RECORD, one.area_path)
        if one.discovered_at > latest:
            raise InvalidInput("This time lies ahead.", field="discovered_at", value=one.discovered_at.isoformat(),
                               expected=f"not after {latest.isoformat()}")
    parts = _parts(made, by)
    acts = [
        Act(one.id, SUBJECT, "record", one.area_id, told(one) | ({"recorder": part} if part else {}),
            {"note": row.note.strip()} if row.note.strip() else {})
        for one, row, part in zip(made, rows, parts, strict=True)
    ]
    with transaction.atomic():
        append(acts, by=by)
        try:
            with transaction.atomic():
                return FindingRow.objects.bulk_create(made, batch_size=2000)
        except IntegrityError as error:
            if "assessment_finding_ref_once" not in str(error):
                raise
            raise Conflict("A number of this source is recorded already.", field="id",
                           value=", ".join(one.ref for one in made[:5]), expected="a number once a source") from error


def _parts(made: Sequence[FindingRow], by: Mandate) -> list[str]:
    """What part who records has in each. Raises `Conflict` where they may have none."""
    if by.actor is None:
        return [""] * len(made)
    who = partaking(by.actor, by.recorded_at)
    parts = [who.why(one.area_path, one.discovered_at) for one in made]
    for one, part in zip(made, parts, strict=True):
        if part and one.source in OWN:
            raise Conflict(BARRED[part], field="area_code", value=one.area_path.split("/")[-2],
                           expected="somebody who has no part in it records this")
    return parts


def check_finding(row: NewFinding) -> FindingRow:
    """The row that a finding makes, or `InvalidInput` that names the field; `NotFound` for its area."""
    if row.source not in SOURCES:
        raise InvalidInput("This source is not known.", field="source", value=row.source,
                           expected="one of " + ", ".join(SOURCES))
    if not _REF.fullmatch(row.ref) or "\0" in row.ref:
        raise InvalidInput("A finding needs the number that its source gave it.", field="id", value=row.ref,
                           expected="1 to 64 characters without spaces and =")
    if not _CLASS.fullmatch(row.class_code):
        raise InvalidInput("This is no code of a class.", field="class_code", value=row.class_code,
                           expected="a code such as E0417, or nothing")
    occurred = row.occurred_at or row.discovered_at
    if occurred > row.discovered_at:
        raise InvalidInput("It was discovered before it occurred.", field="occurred_at", value=occurred.isoformat(),
                           expected=f"not after {row.discovered_at.isoformat()}")
    if len(row.note) > LONGEST_NOTE or "\0" in row.note:
        raise InvalidInput("This note cannot be kept.", field="note", expected=f"at most {LONGEST_NOTE} characters")
    area = _area(row.area_code, row.discovered_at)
    points = milli(row.points, "points")
    return FindingRow(
        id=new_id(), version=1, source=row.source, ref=row.ref, area_id=area.id, area_path=area.path,
        class_code=row.class_code, lon_e7=row.point.lon_e7 if row.point else None,
        lat_e7=row.point.lat_e7 if row.point else None, occurred_at=occurred, discovered_at=row.discovered_at,
        found_points=points, points=points,
    )


def _area(code: str, at: datetime) -> AreaInfo:
    area = atlas().by_code(code)
    if area is None:
        raise NotFound(f"There is no area {code}.", field="area_code", value=code, expected="the code of an area")
    if not area.holds(at):
        raise InvalidInput(f"The area {code} does not exist at that time.", field="area_code", value=code,
                           expected=f"a time from {area.valid_from.isoformat()} on"
                           + (f", before {area.valid_to.isoformat()}" if area.valid_to else ""))
    return area


def told(one: FindingRow) -> dict[str, Any]:
    """What the entry of a new finding holds."""
    return {
        "source": one.source, "ref": one.ref, "path": one.area_path, "class_code": one.class_code,
        "lon_e7": one.lon_e7, "lat_e7": one.lat_e7, "occurred_at": to_us(one.occurred_at),
        "discovered_at": to_us(one.discovered_at), "points": one.points,
    }


@transaction.atomic
def amend_finding(
    *, finding: UUID, points: Decimal, ground: str, expected_version: int, by: Mandate,
    content: Mapping[str, str] | None = None,
) -> FindingRow:
    """Cut what a finding costs; 0 voids it. What was found stays beside it; nobody's charge rises by this. `content` is
    what is said about it. Doors go through `inspections.amending`, which asks who has a part in it.

    Raises `InvalidInput`, `NotFound`, `Forbidden`, `Conflict` where it moved on.
    """
    one = _locked(finding, expected_version, by=by)
    if ground not in GROUNDS:
        raise InvalidInput("This ground is not known.", field="ground", value=ground,
                           expected="one of " + ", ".join(GROUNDS))
    amount = milli(points, "points")
    if one.void or (amount >= one.points and amount):
        raise InvalidInput("Points are only cut.", field="points", value=points,
                           expected=f"less than {points_text(one.points)}; 0 voids it, once")
    return _amend(one, amount, ground, by=by, content=content)


@transaction.atomic
def merge_findings(*, finding: UUID, into: UUID, expected_version: int, by: Mandate) -> FindingRow:
    """Say that a finding repeats another one, which then counts once. A finding of the city repeats only one of the
    city: its deduction stands; what is void repeats nothing. Raises `InvalidInput`, `NotFound`, `Forbidden`,
    `Conflict`.
    """
    rows = FindingRow.objects.select_for_update(of=("self",)).filter(id__in=[finding, into]).order_by("id")
    other = {row.id: row for row in rows}.get(into)  # both locked in one order: two merges never wait for each other
    one = _locked(finding, expected_version, by=by)
    if other is None:
        raise NotFound("There is no such finding.", field="into", value=into)
    by.require(AMEND, other.area_path)
    if other.id == one.id or other.merged_into_id or one.merged_into_id or one.duplicates.exists():
        raise InvalidInput("Duplicates are merged into one finding that is no duplicate itself.", field="into",
                           value=f"{other.source}/{other.ref}", expected="another finding, in one step")
    if one.void or other.void:
        raise InvalidInput("What is void is no duplicate, and nothing repeats it.", field="into",
                           value=f"{other.source}/{other.ref}", expected="two findings that count")
    if one.source == "city" and other.source != "city":
        raise InvalidInput("The city's deduction stands.", field="into", value=f"{other.source}/{other.ref}",
                           expected="a finding of the city; or merge the other one into this one")
    one.merged_into = other
    return _advance(one, "merge", {"into": str(other.id)}, by=by)


def cut(one: FindingRow, points: int, ground: str, *, by: Mandate) -> FindingRow:
    """What a contest or two reviewers granted, in thousandths; the caller has seen who decides, and locked the row.

    In the caller's transaction.
    """
    return _amend(one, points, ground, by=by)


def _amend(
    one: FindingRow, points: int, ground: str, *, by: Mandate, content: Mapping[str, str] | None = None
) -> FindingRow:
    """Nothing left voids it: it counts no more, not even toward a day's limit."""
    one.points, one.void = points, not points
    return _advance(one, "amend", {"points": points, "void": one.void, "ground": ground}, by=by, content=content)


def _locked(finding: UUID, expected_version: int, *, by: Mandate) -> FindingRow:
    one = FindingRow.objects.select_for_update(of=("self",)).filter(id=finding).first()
    if one is None:
        raise NotFound("There is no such finding.", field="finding", value=finding)
    by.require(AMEND, one.area_path)
    if one.version != expected_version:
        raise Conflict("The finding has moved on.", field="expected_version", value=expected_version,
                       expected=str(one.version), extra={"present": {"version": one.version}})
    return one


def _advance(
    one: FindingRow, verb: str, data: dict[str, Any], *, by: Mandate, content: Mapping[str, str] | None = None
) -> FindingRow:
    [written] = append([Act(one.id, SUBJECT, verb, one.area_id, data, dict(content or {}), one.version)], by=by)
    one.version = written.seq
    one.save(force_update=True, update_fields=["version", "points", "void", "merged_into"])
    return one
