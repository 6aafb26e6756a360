"""Duties from a CSV file: `post,person,organisation,kind,area_code,valid_from,valid_to`. A second run changes nothing.

`person` is an id or a name: a name that nobody has yet makes a new person, one that several have is refused.
`organisation` is a code. `kind` is regular (also when empty), acting, deputy or leave. Times are ISO 8601; a date
means its midnight at the place; `valid_to` is the first moment no longer held. Every refused row is named.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from wangge.base.errors import InvalidInput, MalformedInput, NotFound, WanggeError
from wangge.base.faults import Fault
from wangge.base.mandate import Mandate
from wangge.kernel.duties.models import Assignment
from wangge.kernel.duties.services import NewDuty, assign_many, end_assignment
from wangge.kernel.people.models import Person
from wangge.kernel.people.queries import organisations_by_code
from wangge.kernel.people.services import create_person
from wangge.kernel.places.queries import Atlas, atlas

COLUMNS = ("post", "person", "organisation", "kind", "area_code", "valid_from", "valid_to")
BATCH = 500


@dataclass(slots=True)
class Outcome:
    """Counts, and by line of the file why it was refused."""

    assigned: int = 0
    ended: int = 0
    unchanged: int = 0
    new_people: int = 0
    rejected: list[tuple[int, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def refuse(self, line: int, label: str, error: WanggeError) -> None:
        """Name a row that is refused."""
        self.rejected.append((line, error.detail))
        self.faults.append(Fault(line, label, error))


def import_duties(file: Path, *, by: Mandate, progress: Callable[[int], None] | None = None) -> Outcome:
    """Assign what the file says, each row by itself; rows that stand already are left alone."""
    return import_rows(_read(file), by=by, progress=progress)


def import_rows(
    rows: Sequence[tuple[int, dict[str, str]]], *, by: Mandate, progress: Callable[[int], None] | None = None
) -> Outcome:
    """The same for rows with the numbers of their lines. Good rows are kept though others are refused."""
    outcome = Outcome()
    reader = _Reader(outcome, by)
    for begin in range(0, len(rows), BATCH):
        batch = rows[begin : begin + BATCH]
        with transaction.atomic():
            fresh = [(line, duty) for line, row in batch if (duty := reader.duty(line, row)) is not None]
            _assign(fresh, outcome, by)
        if progress:
            progress(len(batch))
    outcome.rejected.sort()
    outcome.faults.sort(key=lambda fault: fault.row)
    return outcome


class _Reader:
    """Rows as duties; keeps what is known of places, people and organisations for the length of an import."""

    def __init__(self, outcome: Outcome, by: Mandate) -> None:
        self.outcome = outcome
        self.by = by
        self.places: Atlas = atlas()
        self.people: dict[str, list[UUID]] = defaultdict(list)
        for person_id, name in Person.objects.exclude(name="").values_list("id", "name"):
            self.people[name].append(person_id)
        self.known = set(Person.objects.values_list("id", flat=True))
        self.organisations: dict[str, UUID] = {}

    def duty(self, line: int, row: dict[str, str]) -> NewDuty | None:
        """The row as a duty to assign; None where nothing is to be done or the row is refused."""
        try:
            with transaction.atomic():
                return self._settled(self._duty(row))
        except WanggeError as error:
            self.outcome.refuse(line, f"{row['post']} {row['area_code']}", error)
            return None

    def _duty(self, row: dict[str, str]) -> NewDuty:
        area = self.places.by_code(row["area_code"])
        if area is None:
            raise NotFound(f"There is no area {row['area_code']}.", field="area_code", value=row["area_code"])
        zone = ZoneInfo(self.places.timezone(area.path))
        begins, ends = _moment(row, "valid_from", zone), _moment(row, "valid_to", zone)
        if begins is None:
            raise InvalidInput("A duty has a beginning.", field="valid_from", value="", expected="such as 2024-01-01")
        person, organisation = row["person"], row["organisation"]
        return NewDuty(
            row["post"], area.code, begins, self._person(person) if person else None,
            self._organisation(organisation) if organisation else None, row["kind"] or "regular", ends,
        )

    def _settled(self, duty: NewDuty) -> NewDuty | None:
        same = Assignment.objects.filter(
            Q(person_id=duty.person) if duty.person else Q(person__isnull=True),
            Q(organisation_id=duty.organisation) if duty.organisation else Q(organisation__isnull=True),
            post_id=duty.post, area__code=duty.area, kind=duty.kind, valid__startswith=duty.valid_from,
            recorded__upper_inf=True,
        ).first()
        if same is None:
            return duty
        if duty.valid_to == same.valid.upper:
            self.outcome.unchanged += 1
        elif duty.valid_to is None:
            raise InvalidInput(f"This duty ended on {same.valid.upper.date()} already.", field="valid_to")
        else:
            end_assignment(assignment=same.id, at=duty.valid_to, by=self.by)
            self.outcome.ended += 1
        return None

    def _person(self, text: str) -> UUID:
        try:
            given = UUID(text)
        except ValueError:
            pass
        else:
            if given not in self.known:
                raise NotFound("There is no person with this id.", field="person", value=text)
            return given
        named = self.people[text]
        if len(named) > 1:
            raise InvalidInput(f"{len(named)} people have this name; give the id of one.", field="person",
                               value=text, expected="an id")
        if not named:
            person = create_person(name=text, by=self.by)
            named.append(person.id)
            self.known.add(person.id)
            self.outcome.new_people += 1
        return named[0]

    def _organisation(self, code: str) -> UUID:
        if code not in self.organisations:
            found = organisations_by_code([code]).get(code)
            if found is None:
                raise NotFound(f"There is no organisation {code}.", field="organisation", value=code)
            self.organisations[code] = found.id
        return self.organisations[code]


def _assign(rows: list[tuple[int, NewDuty]], outcome: Outcome, by: Mandate) -> None:
    """All at once; where that is refused, one after the other."""
    if not rows:
        return
    try:
        assign_many([duty for _, duty in rows], by=by)
        outcome.assigned += len(rows)
    except WanggeError:
        for line, duty in rows:
            try:
                assign_many([duty], by=by)
                outcome.assigned += 1
            except WanggeError as error:
                outcome.refuse(line, f"{duty.post} {duty.area}", error)


def _read(file: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InvalidInput("The file cannot be read.", field="file", value=file, expected="a CSV file") from error
    except UnicodeDecodeError as error:
        raise MalformedInput("The file is not UTF-8.", field="file", value=file, expected="CSV in UTF-8") from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise MalformedInput(f"The file has no column {', '.join(missing)}.", field="file", value=file,
                                 expected=",".join(COLUMNS))
        return [(reader.line_num, {name: (row.get(name) or "").strip() for name in COLUMNS}) for row in reader]
    except csv.Error as error:
        raise MalformedInput(f"The file is no table: {error}.", field="file", value=file,
                             expected=",".join(COLUMNS)) from error


def _moment(row: dict[str, str], column: str, zone: ZoneInfo) -> datetime | None:
    text = row[column]
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(f"“{text}” is no time.", field=column, value=text,
                           expected="such as 2024-01-01") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
