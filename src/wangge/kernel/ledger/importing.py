"""Opening balances from a CSV file: `owner_kind,owner,purpose,unit,area_code,balance,floor,as_of`.

Each row opens an account, if it does not stand yet, and posts what it had against the account `opening` of its root
area. `owner` is a name or an id of a person, the code of an organisation or of an area; `balance` and `floor` are exact
decimal numbers of the unit (points, yuan, minutes). An account has one opening balance: a second run changes nothing,
another amount is refused. Every refused row is named.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from wangge.base.errors import InvalidInput, KeyReused, MalformedInput, NotFound, WanggeError
from wangge.base.mandate import Mandate
from wangge.kernel.ledger.recording import stored
from wangge.kernel.ledger.rules import OWNER_KINDS, UNITS, from_smallest, to_smallest
from wangge.kernel.ledger.services import Line, NewAccount, NewPosting, Posted, open_accounts, post_many
from wangge.kernel.people.models import Person
from wangge.kernel.people.queries import organisations_by_code
from wangge.kernel.places.queries import Atlas, ancestors, atlas

COLUMNS = ("owner_kind", "owner", "purpose", "unit", "area_code", "balance", "floor", "as_of")
OPENING = "opening"
"""The purpose of a root area's account against which opening balances are posted."""
BATCH = 500
_HEADER = ("line", "owner", "field", "value", "reason")


class Fault(NamedTuple):
    """A refused row: its line in the file, whose account, and what was wrong."""

    line: int
    owner: str
    field: str
    value: str
    reason: str


@dataclass(slots=True)
class Outcome:
    """Counts, and the refused rows in the order of the file."""

    posted: int = 0
    empty: int = 0
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)


class _Row(NamedTuple):
    """A row that could be read."""

    line: int
    owner: str
    account: NewAccount
    amount: int
    at: datetime
    root: str


def import_balances(
    file: Path, *, by: Mandate, dry_run: bool = False, progress: Callable[[int], None] | None = None
) -> Outcome:
    """Open and post what the file says, each row by itself; with `dry_run` only say what would become of it.

    Raises `MalformedInput` or `InvalidInput` where the file is no such table at all.
    """
    outcome, rows = Outcome(), _read(file)
    with transaction.atomic():
        reader = _Reader(outcome)
        for begin in range(0, len(rows), BATCH):
            batch = rows[begin : begin + BATCH]
            _store(reader.rows(batch), outcome, by)
            if progress:
                progress(len(batch))
        if dry_run:
            transaction.set_rollback(True)
    outcome.faults.sort()
    return outcome


def write_faults(path: Path, faults: Iterable[Fault]) -> None:
    """The error report as CSV. Cells that a spreadsheet would take for a formula get an apostrophe."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_HEADER)
        for fault in faults:
            writer.writerow([fault.line, *("'" + cell if cell[:1] in "=+-@\t\r" and cell else cell
                                           for cell in fault[1:])])


class _Reader:
    """Rows as accounts and amounts; keeps what is known for the length of an import."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.places: Atlas = atlas()
        self.people: dict[str, list[UUID]] = defaultdict(list)
        self.organisations: dict[str, UUID] = {}
        self.seen: set[tuple[UUID, str, str]] = set()

    def rows(self, batch: Sequence[tuple[int, dict[str, str]]]) -> list[_Row]:
        """Those of the batch that can be read; the others become faults."""
        self._look_up(batch)
        found = []
        for line, cells in batch:
            try:
                found.append(self._row(line, cells))
            except WanggeError as error:
                self.outcome.faults.append(_fault(line, cells["owner"], error))
        return found

    def _look_up(self, batch: Sequence[tuple[int, dict[str, str]]]) -> None:
        """The owners of a batch, by two statements."""
        names = {cells["owner"] for _, cells in batch if cells["owner_kind"] == "person"} - self.people.keys()
        for person, name in Person.objects.filter(name__in=names - {""}).values_list("id", "name"):
            self.people[name].append(person)
        codes = {cells["owner"] for _, cells in batch if cells["owner_kind"] == "organisation"}
        found = organisations_by_code(codes - self.organisations.keys())
        self.organisations |= {code: one.id for code, one in found.items()}

    def _row(self, line: int, cells: dict[str, str]) -> _Row:
        kind, unit = cells["owner_kind"], cells["unit"]
        for name, known in (("owner_kind", OWNER_KINDS), ("unit", UNITS)):
            if cells[name] not in known:
                raise InvalidInput(f"There is no such {name.replace('_', ' ')}.", field=name, value=cells[name],
                                   expected="one of " + ", ".join(known))
        code = cells["area_code"] or (cells["owner"] if kind == "area" else "")
        area = self.places.by_code(code)
        if area is None:
            raise NotFound(f"There is no area {code}.", field="area_code", value=code)
        amount = to_smallest(cells["balance"], unit, field="balance")
        floor = to_smallest(cells["floor"], unit, field="floor") if cells["floor"] else None
        if floor is not None and floor > 0:
            raise InvalidInput("A floor is at most 0.", field="floor", value=cells["floor"],
                               expected="0, or how far the account may go below")
        if floor is not None and amount < floor:
            raise InvalidInput("The balance lies below the floor.", field="balance", value=cells["balance"],
                               expected=f"at least {cells['floor']}")
        at = _moment(cells["as_of"], ZoneInfo(self.places.timezone(area.path)))
        owner = self._owner(kind, cells["owner"])
        key = (owner, cells["purpose"], unit)
        if key in self.seen:
            raise InvalidInput("This account stands in an earlier row.", field="owner", value=cells["owner"])
        self.seen.add(key)
        root = self.places.by_path[ancestors(area.path)[0]].code
        account = NewAccount(kind, owner, cells["purpose"], unit, area.code, floor)
        return _Row(line, cells["owner"], account, amount, at, root)

    def _owner(self, kind: str, text: str) -> UUID:
        if kind == "area":
            area = self.places.by_code(text)
            found = [area.id] if area else []
        elif kind == "organisation":
            found = [self.organisations[text]] if text in self.organisations else []
        else:
            found = self.people[text] or _as_id(text)
        if len(found) > 1:
            raise InvalidInput(f"{len(found)} people have this name; give the id of one.", field="owner", value=text)
        if not found:
            raise NotFound(f"There is no {kind} {text}.", field="owner", value=text)
        return found[0]


def _store(rows: Sequence[_Row], outcome: Outcome, by: Mandate) -> None:
    """All at once; where that is refused, one after the other."""
    try:
        with transaction.atomic():
            _count(rows, _post(rows, by), outcome)
    except WanggeError as error:
        if len(rows) == 1:
            outcome.faults.append(_fault(rows[0].line, rows[0].owner, error))
            return
        for row in rows:
            _store([row], outcome, by)


def _post(rows: Sequence[_Row], by: Mandate) -> list[Posted]:
    opened = open_accounts([row.account for row in rows], by=by)
    counters = _counters(rows, by)
    keys = [f"{OPENING}:{account.id}" for account in opened]
    postings = [
        NewPosting(key, (Line(account.id, row.amount), Line(counters[row.root, account.unit], -row.amount)),
                   policy=OPENING, at=row.at)
        for row, account, key in zip(rows, opened, keys, strict=True) if row.amount
    ]
    nothing = [key for row, key in zip(rows, keys, strict=True) if not row.amount]
    if nothing and stored(keys=nothing):
        raise InvalidInput("This account has another opening balance already.", field="balance", value="0")
    try:
        return post_many(postings, by=by)
    except KeyReused as error:
        raise InvalidInput("This account has another opening balance already, or at another time.", field="balance",
                           value=from_smallest(rows[0].amount, rows[0].account.unit)) from error


def _counters(rows: Sequence[_Row], by: Mandate) -> dict[tuple[str, str], UUID]:
    """By root and unit the account against which opening balances are posted."""
    places = atlas()
    wanted = sorted({(row.root, row.account.unit) for row in rows})
    roots = {code: area.id for code, _ in wanted if (area := places.by_code(code)) is not None}
    opened = open_accounts([NewAccount("area", roots[code], OPENING, unit, code) for code, unit in wanted], by=by)
    return {pair: account.id for pair, account in zip(wanted, opened, strict=True)}


def _count(rows: Sequence[_Row], made: Sequence[Posted], outcome: Outcome) -> None:
    outcome.posted += sum(one.fresh for one in made)
    outcome.unchanged += sum(not one.fresh for one in made)
    outcome.empty += len(rows) - len(made)


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


def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(f"“{text}” is no time.", field="as_of", value=text, expected="such as 2026-01-01") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _as_id(text: str) -> list[UUID]:
    try:
        return [UUID(text)]
    except ValueError:
        return []


def _fault(line: int, owner: str, error: WanggeError) -> Fault:
    said = f"{error.detail} Expected: {error.expected}." if error.expected else error.detail
    return Fault(line, owner, error.field or "", error.value or "", said)
