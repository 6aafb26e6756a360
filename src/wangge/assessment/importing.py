"""Findings from a sheet. A second run changes nothing; a row that is refused is named with its reason.

Columns `id,source,area_code,class_code,occurred_at,discovered_at,points,note`, and as wanted `lon,lat` (WGS 84). One of
the two times may be empty: it is then the other one. A time without a zone is the place's own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction

from wangge.assessment.core.amounts import points_text
from wangge.assessment.models import FindingRow
from wangge.assessment.services import NewFinding, check_finding, record_findings
from wangge.assessment.tables import moment, number, parse_table
from wangge.base import workbooks
from wangge.base.errors import Conflict, InvalidInput, MalformedInput, NotFound, WanggeError
from wangge.base.geometry import Point, parse_point
from wangge.base.mandate import Mandate
from wangge.kernel.places.queries import atlas

COLUMNS = ("id", "source", "area_code", "class_code", "occurred_at", "discovered_at", "points", "note")
MORE = ("lon", "lat")
BATCH = 500


class Fault(NamedTuple):
    """Why a row was refused."""

    line: int
    source: str
    ref: str
    field: str
    value: str
    reason: str


@dataclass(slots=True)
class Outcome:
    """Counts, and the rows that were refused."""

    recorded: int = 0
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)
    errors: dict[int, WanggeError] = field(default_factory=dict)
    """Why, by line, for who says it in another language."""


def import_findings(file: Path, *, by: Mandate, progress: Callable[[int], None] | None = None) -> Outcome:
    """Record what the file tells; what stands already is left alone, each refused row is named."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InvalidInput("The file cannot be read.", field="file", value=file,
                           expected="a CSV file or a workbook") from error
    return import_rows(rows_of(content, str(file)), by=by, progress=progress)


def rows_of(content: bytes, name: str) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV file, or of a workbook's sheet `findings`, else its first.

    Raises `MalformedInput`, `TooLarge`.
    """
    if not name.lower().endswith(".xlsx"):
        return parse_table(content, name, COLUMNS, MORE)
    sheets = workbooks.read(content)
    rows = sheets.get("findings") or next(iter(sheets.values()), [])
    missing = [column for column in COLUMNS if rows and column not in rows[0].cells]
    if missing or not rows:
        raise MalformedInput(f"The file has no column {', '.join(missing or COLUMNS)}.", field="file", value=name,
                             expected=",".join(COLUMNS))
    return [(row.number, {column: row.cells.get(column, "").strip() for column in (*COLUMNS, *MORE)}) for row in rows]


def import_rows(
    rows: Sequence[tuple[int, dict[str, str]]], *, by: Mandate, progress: Callable[[int], None] | None = None
) -> Outcome:
    """The same of rows that were read."""
    outcome = Outcome()
    for begin in range(0, len(rows), BATCH):
        batch = rows[begin : begin + BATCH]
        with transaction.atomic():
            _batch(batch, outcome, by)
        if progress:
            progress(len(batch))
    outcome.faults.sort()
    return outcome


def _batch(batch: Sequence[tuple[int, dict[str, str]]], outcome: Outcome, by: Mandate) -> None:
    refs = [row["id"] for _, row in batch if "\0" not in row["id"]]
    known = {(one.source, one.ref): one for one in FindingRow.objects.filter(ref__in=refs)}
    fresh: list[tuple[int, dict[str, str], NewFinding]] = []
    for line, row in batch:
        try:
            given = _finding(row)
            would = check_finding(given)
            stands = known.get((would.source, would.ref))
            if stands is None:
                known[would.source, would.ref] = would
                fresh.append((line, row, given))
            else:
                _check_same(stands, would)
                outcome.unchanged += 1
        except WanggeError as error:
            _refuse(outcome, line, row, error)
    _record(fresh, outcome, by)


def _record(fresh: Sequence[tuple[int, dict[str, str], NewFinding]], outcome: Outcome, by: Mandate) -> None:
    """All at once; where that is refused, one after the other."""
    if not fresh:
        return
    try:
        record_findings([given for _, _, given in fresh], by=by)
        outcome.recorded += len(fresh)
    except WanggeError:
        for line, row, given in fresh:
            try:
                record_findings([given], by=by)
                outcome.recorded += 1
            except WanggeError as error:
                _refuse(outcome, line, row, error)


def _finding(row: dict[str, str]) -> NewFinding:
    places = atlas()
    area = places.by_code(row["area_code"])
    if area is None:
        raise NotFound(f"There is no area {row['area_code']}.", field="area_code", value=row["area_code"])
    zone = ZoneInfo(places.timezone(area.path))
    occurred = moment(row["occurred_at"], zone, "occurred_at")
    discovered = moment(row["discovered_at"], zone, "discovered_at") or occurred
    if discovered is None:
        raise InvalidInput("A finding has a time.", field="discovered_at", expected="such as 2019-03-01T10:00")
    return NewFinding(
        row["source"], row["id"], area.code, discovered, number(row["points"], "points"), row["class_code"], occurred,
        _point(row), row["note"],
    )


def _point(row: dict[str, str]) -> Point | None:
    return parse_point(row["lon"], row["lat"]) if row["lon"] or row["lat"] else None


def _check_same(stands: FindingRow, would: FindingRow) -> None:
    """A number that stands with other values is no repetition."""
    for name, column in (("area_path", "area_code"), ("class_code", "class_code"), ("occurred_at", "occurred_at"),
                         ("discovered_at", "discovered_at"), ("lon_e7", "lon"), ("lat_e7", "lat")):
        if getattr(stands, name) != getattr(would, name):
            raise Conflict(f"This number stands with another {column} already.", field=column,
                           value=getattr(would, name), expected=str(getattr(stands, name)))
    if would.found_points not in (stands.found_points, stands.points):
        raise Conflict("This number stands with other points already; they are cut by an amendment, with its ground.",
                       field="points", value=points_text(would.found_points),
                       expected=points_text(stands.found_points))


def _refuse(outcome: Outcome, line: int, row: dict[str, str], error: WanggeError) -> None:
    expected = f" — expected: {error.expected}" if error.expected else ""
    outcome.errors[line] = error
    outcome.faults.append(
        Fault(line, row["source"], row["id"], error.field or "", error.value or "", error.detail + expected))
