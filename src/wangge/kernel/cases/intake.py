"""Taking a report: one read, a pure decision, one write. Nothing is acknowledged before it is committed.

A report is committed before anybody is told. The same key and body give the same case; the same key with
another body or sender is refused. The write is guarded by the version of the places that the decision was
based on; where that has moved, the report is decided again.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from django.db import connection, transaction

from wangge.base import events
from wangge.base.calendar import WorkingCalendar
from wangge.base.errors import InvalidInput, KeyReused, Unavailable
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.base.units import Limit
from wangge.kernel.cases import files
from wangge.kernel.cases.controls import check_controls
from wangge.kernel.cases.events import CaseReported
from wangge.kernel.cases.recording import ReportRow, TermsRow, hot_cursor, record
from wangge.kernel.cases.reference import Reference, reference
from wangge.kernel.cases.reporting import (
    Identity,
    NewReport,
    Place,
    check_report,
    decide_report,
    new_number,
    root_of,
    search_terms,
)
from wangge.kernel.cases.state import CaseState, Change
from wangge.kernel.cases.tracking import new_code
from wangge.kernel.duties.calendars import calendar_for
from wangge.kernel.places.queries import AreaInfo, Atlas, atlas

ATTEMPTS = 5


class Receipt(NamedTuple):
    """What the sender of a report gets. `created` is false for a replay of the same key and body."""

    case_id: UUID
    number: str
    version: int
    state: str
    tracking_code: str | None
    area_path: str
    area_name: str
    created: bool
    outside: bool
    reported_at: datetime


class Known(NamedTuple):
    """What the one read before a report brings back."""

    ordinal: int
    number: int
    places: int
    reference: int
    replay: tuple[Any, ...] | None


_READ = """
SELECT nextval('journal_entry_ordinal'), nextval('cases_case_number_seq'), (SELECT n FROM places_version),
  (SELECT n FROM cases_reference_version), r.request_digest, c.id, c.number, c.version, c.state, r.tracking_code,
  c.path, c.area IS NULL AND c.lon_e7 IS NOT NULL, c.reported_at
FROM (SELECT 1) AS one LEFT JOIN cases_report r ON r.key = %s LEFT JOIN cases_case c ON c.id = r.case_id
"""
_GUARD = "(SELECT n FROM places_version) = %s"


def report_case(*, report: NewReport, by: Mandate) -> Receipt:
    """Make a case of a report, once for each key. Raises `InvalidInput`, `Forbidden` or `KeyReused`."""
    texts = check_report(report)
    for _ in range(ATTEMPTS):
        known = _read(report)
        if known.replay:
            return _replayed(report, known)
        try:
            with transaction.atomic() if _must_be_atomic(report) else nullcontext():
                receipt = _write(report, texts, known, by)
        except psycopg.errors.UniqueViolation as error:
            if error.diag.constraint_name != "cases_report_key_once":
                raise
            continue  # the same key was committed a moment ago: the next read finds it
        if receipt:
            return receipt
    raise Unavailable("The map of places is being changed; send the report again.")


def _must_be_atomic(report: NewReport) -> bool:
    return bool(report.files) or connection.in_atomic_block or bool(events.receivers(CaseReported))


def _read(report: NewReport) -> Known:
    with hot_cursor() as cursor:
        row = cursor.execute(_READ, [report.key], prepare=True).fetchone()
    assert row is not None
    return Known(row[0], row[1], row[2], row[3], row[4:] if row[5] is not None else None)


def _replayed(report: NewReport, known: Known) -> Receipt:
    assert known.replay
    digest, case_id, number, version, state, code, path, outside, reported_at = known.replay
    if report.digest is None or digest is None or bytes(digest) != report.digest:
        raise KeyReused(
            "This idempotency key belongs to another report.",
            field="Idempotency-Key",
            value=report.key,
            expected="a new key for a new report",
        )
    return Receipt(
        case_id,
        number,
        version,
        state,
        code,
        path,
        atlas(known.places).name(path),
        False,
        outside,
        reported_at,
    )


def _write(report: NewReport, texts: dict[str, str], known: Known, by: Mandate) -> Receipt | None:
    places = atlas(known.places)
    place = place_of(report, places, by)
    change, row, terms = prepare(
        report, texts, by=by, place=place, setting=setting_of(place.path, places, known.reference), drawn=known.number
    )
    written = record(
        [change],
        [known.ordinal],
        by=by,
        reports=[row],
        terms=[terms],
        guard=_GUARD,
        guard_values=[known.places],
    )
    if not written:
        return None
    after = change.after
    if report.files:
        files.attach_files(report.files, case_id=after.id, seq=1, roles=dict.fromkeys(report.files, "before"), by=by)
    events.publish(CaseReported(after.id, after.number, after.path, after.reported_at))
    return receipt_of(after, row, place, places)


def receipt_of(case: CaseState, row: ReportRow, place: Place, places: Atlas) -> Receipt:
    """The receipt of a new case."""
    return Receipt(
        case.id,
        case.number,
        1,
        case.state,
        row.tracking_code,
        case.path,
        places.name(case.path),
        True,
        place.outside,
        case.reported_at,
    )


def place_of(report: NewReport, places: Atlas, by: Mandate) -> Place:
    """Where the report belongs: its point's deepest area, the named area, or the reporter's ground, for a
    point outside every boundary and for a mere address. Never guessed."""
    area = None
    if report.point is not None:
        area = places.locate(report.point, root_path=root_of(by.scope_path), at=by.at).area
    return place_at(report, area, places, by)


def place_at(report: NewReport, located: AreaInfo | None, places: Atlas, by: Mandate) -> Place:
    """The same where the area that holds the report's point is known already (None: outside)."""
    named = places.by_code(report.area_code) if report.area_code else None
    if report.area_code and named is None:
        raise InvalidInput(
            "There is no such place.",
            field="area_code",
            value=report.area_code,
            expected="the code of an area",
        )
    if report.point is not None:
        if located is not None:
            return Place(located.id, located.path)
        return Place(None, root_of(by.scope_path) or _ground(by, places), outside=True)
    if named is not None:
        return Place(named.id, named.path)
    return Place(None, _ground(by, places))


def _ground(by: Mandate, places: Atlas) -> str:
    path = by.scope_path or places.default_root
    if not path:
        raise Unavailable("There is no subdistrict yet; import its areas first.")
    return path


class Setting(NamedTuple):
    """What holds at a path: the same for every report that is filed there, until versions move."""

    region: str
    serial: int | None
    zone: ZoneInfo
    calendar: WorkingCalendar
    limits: Mapping[str, Limit]
    reference: Reference


def setting_of(path: str, places: Atlas, reference_version: int) -> Setting:
    """The calendar, limits and number scheme of a path."""
    known = reference(reference_version)
    calendar = calendar_for(path, places.version)
    region = places.root(path).region or "000000"
    serial = places.code_form(path, "case")
    return Setting(region, serial, ZoneInfo(calendar.timezone), calendar, known.stage_limits(path), known)


def prepare(
    report: NewReport, texts: dict[str, str], *, by: Mandate, place: Place, setting: Setting, drawn: int
) -> tuple[Change, ReportRow, TermsRow]:
    """The decided case with its report and search rows; the same step for one report and for a million."""
    info = setting.reference.find_class(report.case_class, place.path) if report.case_class else None
    moment = by.at if by.clock_from_at else by.recorded_at
    if info is not None and setting.reference.controls:
        check_controls(setting.reference, info.code, place.path, moment, field="case_class")
    number = new_number(setting.region, moment.astimezone(setting.zone), drawn, setting.serial)
    near = setting.reference.part_near(report.point, info.code) if info is not None else None
    code = new_code() if report.external_id is None else None
    change = decide_report(
        report,
        texts,
        by=by,
        place=place,
        identity=Identity(new_id(), number, code),
        class_id=info.id if info else None,
        tier=info.tier if info else "grid",
        near=near,
        calendar=setting.calendar,
        limits=setting.limits,
        files=files.digests_of(report.files),
    )
    case = change.after
    digest = None if report.digest is None else "\\x" + report.digest.hex()
    row = ReportRow(new_id(), case.id, report.key, digest, code, by.channel, case.reported_at)
    return change, row, TermsRow(case.id, search_terms(texts, number))
