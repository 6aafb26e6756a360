"""Importing histories: each row becomes a case, changes one, changes nothing, or stands in the error report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.db import transaction

from wangge.base.errors import InvalidInput, WanggeError
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.cases.bulk import Block, blocks_of, copy_rows, draw, send
from wangge.kernel.cases.history import Stored, decide_amendment, decide_history
from wangge.kernel.cases.importing.mapping import Mapping
from wangge.kernel.cases.importing.reader import Lookups, Reader, Row
from wangge.kernel.cases.loading import lock_many
from wangge.kernel.cases.overlapping import in_turn
from wangge.kernel.cases.recording import ReportRow, TermsRow, hot_cursor, rows_of
from wangge.kernel.cases.reporting import Identity, Place, new_number, search_terms
from wangge.kernel.cases.state import Change
from wangge.kernel.places.queries import AreaInfo, Atlas, atlas

BATCH = 1000


class _Batch(NamedTuple):
    """A batch as decided: how many rows were read, how many cases are new, their rows, and what changed."""

    read: int
    imported: int
    blocks: list[Block]
    changed: list[tuple[Row, Place]]


class Fault(NamedTuple):
    """A line of the error report. `rejected` lines made no case; the others are notes on one that was made."""

    line: int
    external_id: str
    rejected: bool
    field: str | None
    value: str | None
    reason: str


class Outcome(msgspec.Struct):
    """What an import did. `agrees` of `compared` located areas bear the name that the source gives."""

    imported: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    outside: int = 0
    without_point: int = 0
    on_time: int = 0
    due_and_closed: int = 0
    compared: int = 0
    agrees: int = 0
    faults: list[Fault] = msgspec.field(default_factory=list)


def import_histories(
    rows: Iterable[tuple[int, dict[str, str]]],
    mapping: Mapping,
    *,
    by: Mandate,
    lookups: Lookups,
    progress: Callable[[int], None] = lambda count: None,
) -> Outcome:
    """Import a table. Each batch is one transaction; a second run changes nothing.

    The mandate is one of `duties.mandates.imported`. `progress` is told how many rows were read.
    """
    outcome = Outcome()
    root = atlas().by_code(mapping.root)
    if root is None:
        raise InvalidInput(
            "There is no such root area.", field="root", value=mapping.root, expected="the code of an area"
        )
    reader = Reader(mapping, lookups)
    seen: set[str] = set()

    def decide(batch: Sequence[tuple[int, dict[str, str]]], before: _Batch | None) -> _Batch:
        return _decide(len(batch), _parse(batch, reader, seen, outcome), root, by, outcome)

    for done in in_turn(rows, BATCH, decide=decide, write=lambda batch: _write(batch, by)):
        outcome.imported += done.imported
        outcome.changed += len(done.changed)
        progress(done.read)
    return outcome


def _parse(batch: Sequence[tuple[int, dict[str, str]]], reader: Reader, seen: set[str], outcome: Outcome) -> list[Row]:
    rows = []
    for line, row in batch:
        try:
            parsed = reader.read(line, row)
            if parsed.history.external_id in seen:
                raise InvalidInput(
                    "This id stands twice in the file.",
                    field=reader.mapping.columns.id,
                    value=parsed.history.external_id,
                    expected="each id once",
                )
            seen.add(parsed.history.external_id)
            rows.append(parsed)
        except (WanggeError, KeyError) as error:
            outcome.rejected += 1
            external_id = row.get(reader.mapping.columns.id, "")
            if isinstance(error, WanggeError):
                outcome.faults.append(Fault(line, external_id, True, error.field, error.value, error.detail))
            else:
                outcome.faults.append(Fault(line, external_id, True, str(error), None, "The row is too short."))
    return rows


def _decide(read: int, rows: Sequence[Row], root: AreaInfo, by: Mandate, outcome: Outcome) -> _Batch:
    places = atlas()
    known = _known([row.history.external_id for row in rows], rows[0].history.external_source if rows else "")
    moment = max((row.history.created_at for row in rows), default=by.recorded_at)
    areas = places.locate_many([row.point for row in rows], root_path=root.path, at=moment)
    fresh: list[tuple[Row, Place]] = []
    changed: list[tuple[Row, Place]] = []
    for row, area in zip(rows, areas, strict=True):
        _count(row, area, outcome)
        place = Place(area.id, area.path) if area else Place(None, root.path, outside=row.point is not None)
        digest = known.get(row.history.external_id)
        if digest is None:
            fresh.append((row, place))
        elif digest != row.history.digest:
            changed.append((row, place))
        else:
            outcome.unchanged += 1
    made, blocks = _make(fresh, places, root, by, outcome)
    return _Batch(read, made, blocks, changed)


def _write(batch: _Batch, by: Mandate) -> None:
    """One transaction: the new cases by COPY, then the changed ones, which are locked before they are decided."""
    with transaction.atomic():
        send(batch.blocks)
        _amend(batch.changed, by)


def _count(row: Row, area: AreaInfo | None, outcome: Outcome) -> None:
    history = row.history
    if row.point is None:
        outcome.without_point += 1
    elif area is None:
        outcome.outside += 1
        where = f"{row.point.lon_e7 / 1e7:g}, {row.point.lat_e7 / 1e7:g}"
        outcome.faults.append(
            Fault(row.line, history.external_id, False, "location", where, "The point lies outside every area.")
        )
    elif row.area_name:
        outcome.compared += 1
        outcome.agrees += row.area_name.casefold() == area.name.casefold()
    if history.due_at and history.closed_at:
        outcome.due_and_closed += 1
        outcome.on_time += history.closed_at <= history.due_at


def _make(
    fresh: Sequence[tuple[Row, Place]], places: Atlas, root: AreaInfo, by: Mandate, outcome: Outcome
) -> tuple[int, list[Block]]:
    """How many cases the new rows make, and their blocks."""
    if not fresh:
        return 0, []
    zone, serial = ZoneInfo(places.timezone(root.path)), places.code_form(root.path, "case")
    numbers = draw("cases_case_number_seq", len(fresh))
    changes: list[Change] = []
    reports: list[ReportRow] = []
    terms: list[TermsRow] = []
    for (row, place), drawn in zip(fresh, numbers, strict=True):
        history = row.history
        number = new_number(root.region or "000000", history.created_at.astimezone(zone), drawn, serial)
        try:
            change, texts = decide_history(history, place, Identity(new_id(), number, None), by=by)
        except WanggeError as error:
            outcome.rejected += 1
            outcome.faults.append(Fault(row.line, history.external_id, True, error.field, error.value, error.detail))
            continue
        case = change.after.id
        changes.append(change)
        reports.append(
            ReportRow(new_id(), case, None, "\\x" + history.digest.hex(), None, by.channel, history.created_at)
        )
        terms.append(TermsRow(case, search_terms(texts, number)))
    ordinals = draw("journal_entry_ordinal", sum(len(change.acts) for change in changes))
    return len(changes), blocks_of(rows_of(changes, ordinals, by=by, reports=reports, terms=terms))


def _known(ids: Sequence[str], source: str) -> dict[str, bytes | None]:
    """The digests of rows that were imported before, by external id."""
    with hot_cursor() as cursor:
        rows = cursor.execute(
            "SELECT c.external_id, r.request_digest FROM cases_case c JOIN cases_report r ON r.case_id = c.id"
            " WHERE c.external_source = %s AND c.external_id = ANY(%s)",
            [source, list(ids)],
        ).fetchall()
    return {name: bytes(digest) if digest is not None else None for name, digest in rows}


def _amend(changed: Sequence[tuple[Row, Place]], by: Mandate) -> None:
    if not changed:
        return
    stored = _stored([row.history.external_id for row, _ in changed], changed[0][0].history.external_source)
    changes = []
    digests: list[tuple[bytes, UUID]] = []
    for row, place in changed:
        known = stored[row.history.external_id]
        change = decide_amendment(row.history, place, known)
        if change is not None:
            changes.append(change)
        digests.append((row.history.digest, known.state.id))
    if changes:
        copy_rows(rows_of(changes, draw("journal_entry_ordinal", len(changes)), by=by))
    with hot_cursor() as cursor:
        cursor.executemany("UPDATE cases_report SET request_digest = %s WHERE case_id = %s", digests)


def _stored(ids: Sequence[str], source: str) -> dict[str, Stored]:
    found = lock_many("c.external_source = %s AND c.external_id = ANY(%s)", [source, list(ids)])
    return {str(state.external_id): Stored(state, head) for state, head in found}
