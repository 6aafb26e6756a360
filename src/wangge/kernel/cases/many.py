"""Many reports at once: the same decision as for one, written by COPY, one transaction a batch.

Keys are honoured as for one report: what was sent before, or stands twice in the batch, gives the same case.
A report that is refused leaves the others untouched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import psycopg
from django.db import transaction

from wangge.base import events
from wangge.base.errors import InvalidInput, KeyReused, WanggeError
from wangge.base.mandate import Mandate
from wangge.kernel.cases.bulk import batches, copy_rows, draw, without_collector
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
from wangge.kernel.cases.recording import ReportRow, TermsRow, hot_cursor, rows_of
from wangge.kernel.cases.reporting import NewReport, check_report, root_of
from wangge.kernel.cases.state import Change
from wangge.kernel.places.queries import Atlas, atlas

Result = Receipt | WanggeError


def report_many(reports: Iterable[NewReport], *, by: Mandate, batch: int = 1000) -> Iterator[Result]:
    """Make cases of reports; one result each, in their order: a receipt, or the error that refuses it."""
    for some in batches(reports, batch):
        try:
            with without_collector():
                found = _report_batch(some, by)
        except psycopg.errors.UniqueViolation:  # a key of this batch was committed a moment ago by somebody else
            found = [_alone(report, by) for report in some]
        yield from found


def _alone(report: NewReport, by: Mandate) -> Result:
    try:
        return report_case(report=report, by=by)
    except WanggeError as error:
        return error


def _report_batch(reports: Sequence[NewReport], by: Mandate) -> list[Result]:
    with transaction.atomic():
        places_version, reference_version = _versions()
        places = atlas(places_version)
        known = _known([report.key for report in reports if report.key], places)
        results: list[Result | None] = [None] * len(reports)
        changes: list[Change] = []
        rows: list[ReportRow] = []
        terms: list[TermsRow] = []
        located = places.locate_many([report.point for report in reports], root_path=root_of(by.scope_path), at=by.at)
        settings: dict[str, Setting] = {}
        numbers = iter(draw("cases_case_number_seq", len(reports)))
        for index, report in enumerate(reports):
            try:
                results[index] = _replayed(report, known)
                if results[index] is not None:
                    continue
                if report.files:
                    raise InvalidInput("Files are sent with single reports.", field="files", expected="no files")
                texts = check_report(report)
                place = place_at(report, located[index], places, by)
                if place.path not in settings:
                    settings[place.path] = setting_of(place.path, places, reference_version)
                change, row, found = prepare(
                    report, texts, by=by, place=place, setting=settings[place.path], drawn=next(numbers)
                )
            except WanggeError as error:
                results[index] = error
                continue
            changes.append(change)
            rows.append(row)
            terms.append(found)
            results[index] = receipt = receipt_of(change.after, row, place, places)
            if report.key:
                known[report.key] = (report.digest, receipt._replace(created=False))
        if changes:
            copy_rows(rows_of(changes, draw("journal_entry_ordinal", len(changes)), by=by, reports=rows, terms=terms))
            if events.receivers(CaseReported):
                for change in changes:
                    case = change.after
                    events.publish(CaseReported(case.id, case.number, case.path, case.reported_at))
        return [result for result in results if result is not None]


def _replayed(report: NewReport, known: dict[str, tuple[bytes | None, Receipt]]) -> Receipt | None:
    if not report.key or report.key not in known:
        return None
    digest, receipt = known[report.key]
    if digest is None or digest != report.digest:
        raise KeyReused(
            "This idempotency key belongs to another report.",
            field="Idempotency-Key",
            value=report.key,
            expected="a new key for a new report",
        )
    return receipt


def _versions() -> tuple[int, int]:
    """The versions of places and reference data, held until the batch is written."""
    with hot_cursor() as cursor:
        row = cursor.execute(
            "SELECT p.n, r.n FROM places_version p, cases_reference_version r FOR SHARE", prepare=True
        ).fetchone()
    assert row is not None
    return row[0], row[1]


def _known(keys: Sequence[str], places: Atlas) -> dict[str, tuple[bytes | None, Receipt]]:
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
