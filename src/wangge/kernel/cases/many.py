"""Many reports at once: the same decision as for one, written by COPY, one transaction a batch.

Keys are honoured as for one report: what was sent before, or stands twice among them, gives the same case.
A report that is refused leaves the others untouched. A batch is decided while the one before it is written, and
its transaction begins by making sure that the places and the reference data are still those it was decided by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import psycopg
from django.db import transaction

from wangge.base import events
from wangge.base.errors import InvalidInput, KeyReused, WanggeError
from wangge.base.mandate import Mandate
from wangge.kernel.cases.bulk import Block, blocks_of, draw, send
from wangge.kernel.cases.events import CaseReported
from wangge.kernel.cases.intake import (
    Receipt,
    Setting,
    place_at,
    prepare,
    receipt_of,
    report_case,
    setting_of,
)
from wangge.kernel.cases.overlapping import in_turn
from wangge.kernel.cases.recording import ReportRow, TermsRow, hot_cursor, rows_of
from wangge.kernel.cases.reporting import NewReport, check_report, root_of
from wangge.kernel.cases.state import Change
from wangge.kernel.places.queries import Atlas, atlas

Result = Receipt | WanggeError
Known = dict[str, tuple[bytes | None, Receipt]]


class _Decided(NamedTuple):
    """A batch as decided: by which versions, what to answer, what to write, and the keys that it makes known."""

    reports: Sequence[NewReport]
    versions: tuple[int, int]
    results: list[Result]
    blocks: list[Block]
    told: list[CaseReported]
    keys: Known


class _MovedError(Exception):
    """The places or the reference data are no longer those that a batch was decided by."""


def report_many(reports: Iterable[NewReport], *, by: Mandate, batch: int = 1000) -> Iterator[Result]:
    """Make cases of reports; one result each, in their order: a receipt, or the error that refuses it."""

    def decide(some: Sequence[NewReport], before: _Decided | None) -> _Decided:
        return _decide(some, by, _versions(), before.keys if before else {})

    def mend(decided: _Decided, error: Exception) -> _Decided | None:
        if not isinstance(error, _MovedError | psycopg.errors.UniqueViolation):
            return None
        return decided._replace(results=_held(decided.reports, by))

    for decided in in_turn(reports, batch, decide=decide, write=_write, mend=mend):
        yield from decided.results


def _held(reports: Sequence[NewReport], by: Mandate) -> list[Result]:
    """The batch once more, with the versions held meanwhile."""
    try:
        with transaction.atomic():
            decided = _decide(reports, by, _versions(hold=True), {})
            _write(decided)
            return decided.results
    except psycopg.errors.UniqueViolation:  # a key of this batch was committed a moment ago by somebody else
        return [_alone(report, by) for report in reports]


def _alone(report: NewReport, by: Mandate) -> Result:
    try:
        return report_case(report=report, by=by)
    except WanggeError as error:
        return error


def _decide(reports: Sequence[NewReport], by: Mandate, versions: tuple[int, int], before: Known) -> _Decided:
    """Decide a batch. `before` holds the keys of the batch that is being written."""
    places = atlas(versions[0])
    known = before | _known([report.key for report in reports if report.key], places)
    results: list[Result] = []
    changes: list[Change] = []
    rows: list[ReportRow] = []
    terms: list[TermsRow] = []
    made: Known = {}
    located = places.locate_many([report.point for report in reports], root_path=root_of(by.scope_path), at=by.at)
    settings: dict[str, Setting] = {}
    numbers = iter(draw("cases_case_number_seq", len(reports)))
    for index, report in enumerate(reports):
        try:
            if report.key and report.key in known:
                results.append(_replayed(report, *known[report.key]))
                continue
            if report.files:
                raise InvalidInput("Files are sent with single reports.", field="files", expected="no files")
            texts = check_report(report)
            place = place_at(report, located[index], places, by)
            if place.path not in settings:
                settings[place.path] = setting_of(place.path, places, versions[1])
            change, row, found = prepare(
                report, texts, by=by, place=place, setting=settings[place.path], drawn=next(numbers)
            )
        except WanggeError as error:
            results.append(error)
            continue
        changes.append(change)
        rows.append(row)
        terms.append(found)
        receipt = receipt_of(change.after, row, place, places)
        results.append(receipt)
        if report.key:
            known[report.key] = made[report.key] = (report.digest, receipt)
    ordinals = draw("journal_entry_ordinal", len(changes))
    blocks = blocks_of(rows_of(changes, ordinals, by=by, reports=rows, terms=terms))
    heard = changes if events.receivers(CaseReported) else []
    told = [CaseReported(one.after.id, one.after.number, one.after.path, one.after.reported_at) for one in heard]
    return _Decided(reports, versions, results, blocks, told, made)


def _write(decided: _Decided) -> None:
    """One transaction. Raises `_MovedError` when the batch was decided by what no longer holds."""
    if not decided.blocks:
        return
    with transaction.atomic():
        if _versions(hold=True) != decided.versions:
            raise _MovedError
        send(decided.blocks)
        for event in decided.told:
            events.publish(event)


def _replayed(report: NewReport, digest: bytes | None, receipt: Receipt) -> Receipt:
    if digest is None or digest != report.digest:
        raise KeyReused(
            "This idempotency key belongs to another report.",
            field="Idempotency-Key",
            value=report.key,
            expected="a new key for a new report",
        )
    return receipt._replace(created=False)


def _versions(*, hold: bool = False) -> tuple[int, int]:
    """The versions of places and reference data; `hold` keeps them until the transaction ends."""
    sql = "SELECT p.n, r.n FROM places_version p, cases_reference_version r" + (" FOR SHARE" if hold else "")
    with hot_cursor() as cursor:
        row = cursor.execute(sql, prepare=True).fetchone()
    assert row is not None
    return row[0], row[1]


def _known(keys: Sequence[str], places: Atlas) -> Known:
    if not keys:
        return {}
    with hot_cursor() as cursor:
        rows: list[tuple[Any, ...]] = cursor.execute(
            "SELECT r.key, r.request_digest, c.id, c.number, c.version, c.state, r.tracking_code, c.path,"
            " c.area IS NULL AND c.lon_e7 IS NOT NULL, c.reported_at"
            " FROM cases_report r JOIN cases_case c ON c.id = r.case_id WHERE r.key = ANY(%s)",
            [list(keys)],
        ).fetchall()
    return {
        key: (
            bytes(digest) if digest is not None else None,
            Receipt(case_id, number, version, state, code, path, places.name(path), False, outside, reported_at),
        )
        for key, digest, case_id, number, version, state, code, path, outside, reported_at in rows
    }
