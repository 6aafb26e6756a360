"""Areas, people and duties of a ground as one workbook, out and in.

Sheets `areas` (without grounds: those are GeoJSON), `people` (id, name) and `duties`; each may be missing. Rows are
taken one by one: what is refused is named with sheet, row, column and value, and good rows are not lost. Contacts never
leave by it. A workbook that was exported and is read again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from wangge.base.errors import InvalidInput, MalformedInput, NotFound, WanggeError
from wangge.base.faults import Fault
from wangge.base.mandate import Mandate
from wangge.base.workbooks import Row, Sheet, read
from wangge.kernel.duties import exporting, importing
from wangge.kernel.duties.models import Assignment
from wangge.kernel.people.models import Person
from wangge.kernel.people.services import correct_person, create_person
from wangge.kernel.places import exporting as areas_out
from wangge.kernel.places import importing as areas_in
from wangge.kernel.places.queries import below

BATCH = 200
"""After so many people it is told how far it is."""
SHEETS: dict[str, tuple[str, ...]] = {
    "areas": areas_out.COLUMNS, "people": ("id", "name"), "duties": importing.COLUMNS,
}
NEEDED: dict[str, tuple[str, ...]] = {
    "areas": ("code", "name"), "people": ("name",), "duties": importing.COLUMNS,
}


@dataclass(slots=True)
class Outcome:
    """By sheet: how many rows were created, changed, left alone; and what was refused, with the row as it came."""

    created: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)
    refused: list[tuple[str, Fault, dict[str, str]]] = field(default_factory=list)

    def note(self, sheet: str, created: int, changed: int, unchanged: int) -> None:
        """Count a sheet."""
        self.created[sheet], self.changed[sheet], self.unchanged[sheet] = created, changed, unchanged


def exported(root_path: str, at: datetime, *, by: Mandate) -> list[Sheet]:
    """The sheets of a ground. People are those who hold a duty there now or later. Raises `Forbidden`."""
    areas = [areas_out.properties(area) for area in areas_out.standing(root_path, at, by=by)]
    duties = exporting.rows(root_path, at, by=by)
    people = Person.objects.exclude(name="").filter(id__in=_holders(root_path, at)).order_by("name", "id")
    return [
        Sheet("areas", SHEETS["areas"], [[row[name] for name in SHEETS["areas"]] for row in areas]),
        Sheet("people", SHEETS["people"], [[str(one.id), one.name] for one in people]),
        Sheet("duties", SHEETS["duties"], [[row[name] for name in SHEETS["duties"]] for row in duties]),
    ]


Progress = Callable[[int, int | None], None]


def imported(content: bytes, *, by: Mandate, progress: Progress = lambda rows, total: None) -> Outcome:
    """Take in a workbook. `progress` is told how many more rows are behind it, and once how many there are.

    Raises `MalformedInput` for no workbook, no known sheet or a missing column.
    """
    sheets = {title: rows for title, rows in read(content).items() if title in SHEETS}
    if not sheets:
        raise MalformedInput("The workbook has none of the sheets.", field="file", expected=", ".join(SHEETS))
    for title, rows in sheets.items():
        missing = [name for name in NEEDED[title] if rows and name not in rows[0].cells]
        if missing:
            raise MalformedInput("A sheet lacks a column.", field="file", value=f"{title}: {', '.join(missing)}",
                                 expected=", ".join(SHEETS[title]))
    outcome = Outcome()
    progress(0, sum(map(len, sheets.values())))
    for title, take in (("areas", _areas), ("people", _people), ("duties", _duties)):
        if sheets.get(title):
            take(sheets[title], outcome, by, lambda rows: progress(rows, None))
    return outcome


def _areas(rows: Sequence[Row], outcome: Outcome, by: Mandate, told: Callable[[int], None]) -> None:
    features = [
        (row.number, {"properties": {name: row.cells.get(name) or None for name in SHEETS["areas"]}, "geometry": None})
        for row in rows
    ]
    # A new area without a start begins now: there is no ground by which it could have stood before.
    found = areas_in.import_features(features, by=by, reading=areas_in.Reading(valid_from=by.at))
    told(len(rows))
    outcome.note("areas", found.created, found.changed, found.unchanged)
    _refuse("areas", rows, found.faults, outcome)


def _people(rows: Sequence[Row], outcome: Outcome, by: Mandate, told: Callable[[int], None]) -> None:
    created = changed = unchanged = 0
    faults = []
    for number, row in enumerate(rows, 1):
        if number % BATCH == 0 or number == len(rows):
            told(BATCH if number % BATCH == 0 else number % BATCH)
        try:
            with transaction.atomic():
                done = _person(row.cells.get("id", ""), row.cells.get("name", ""), by)
        except WanggeError as error:
            faults.append(Fault(row.number, row.cells.get("name", ""), error))
            continue
        created, changed, unchanged = (created + (done == "created"), changed + (done == "changed"),
                                       unchanged + (done == "unchanged"))
    outcome.note("people", created, changed, unchanged)
    _refuse("people", rows, faults, outcome)


def _person(given: str, name: str, by: Mandate) -> str:
    if not given:
        named = list(Person.objects.filter(name=name)[:2]) if name else []
        if len(named) > 1:
            raise InvalidInput("Several people have this name; give the id of one.", field="name", value=name,
                               expected="an id in the column id")
        if named:
            return "unchanged"
        create_person(name=name, by=by)
        return "created"
    try:
        known = Person.objects.filter(id=UUID(given)).first()
    except ValueError as error:
        raise InvalidInput("This is not an id.", field="id", value=given, expected="an id, or nothing") from error
    if known is None:
        raise NotFound("There is no person with this id.", field="id", value=given, expected="an id of the export")
    if known.name == name:
        return "unchanged"
    correct_person(person_id=known.id, name=name, by=by)
    return "changed"


def _duties(rows: Sequence[Row], outcome: Outcome, by: Mandate, told: Callable[[int], None]) -> None:
    given = [(row.number, {name: row.cells.get(name, "") for name in SHEETS["duties"]}) for row in rows]
    found = importing.import_rows(given, by=by, progress=told)
    outcome.note("duties", found.assigned, found.ended, found.unchanged)
    _refuse("duties", rows, found.faults, outcome)


def _refuse(sheet: str, rows: Sequence[Row], faults: Sequence[Fault], outcome: Outcome) -> None:
    by_number = {row.number: row.cells for row in rows}
    outcome.refused += [(sheet, fault, by_number[fault.row]) for fault in faults]


def _holders(root_path: str, at: datetime) -> Any:
    held = Assignment.objects.filter(below(root_path, "area_path"), recorded__upper_inf=True)
    return held.exclude(valid__fully_lt=(at, None)).values("person_id")
