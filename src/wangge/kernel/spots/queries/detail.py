"""One file with everything its page shows: its cases, campaigns and remedies, and what came before and after them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import readable_sql
from wangge.kernel.cases.access import visible_sql as cases_visible_sql
from wangge.kernel.cases.queries.timeline import Moment, timeline
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.spots.access import missing, visible_sql
from wangge.kernel.spots.loading import key_of
from wangge.kernel.spots.queries.listing import ROW, WITH, SpotRow
from wangge.kernel.spots.recurrence import Change, change
from wangge.kernel.spots.services import allowed_actions
from wangge.kernel.spots.sighting import counted_sql

MOST = 500
"""The newest so many cases of a file are shown and looked at."""


class MemberRow(NamedTuple):
    """A case of the file. `counts` is false for one that was voided or joined to another since.

    Words are None where they were erased, and where the reader is not of the circle that reads this class.
    """

    id: UUID
    number: str
    state: str
    reported_at: datetime
    closed_at: datetime | None
    lon_e7: int | None
    lat_e7: int | None
    counts: bool
    description: str | None
    address: str | None


class _Campaign(NamedTuple):
    id: UUID
    seq: int
    at: datetime
    organisation: UUID | None
    organisation_name: str | None
    organisation_name_en: str | None


class _Remedy(NamedTuple):
    id: UUID
    seq: int
    kind: str
    organisation: UUID | None
    organisation_name: str | None
    organisation_name_en: str | None
    post: str | None
    planned_on: date
    begun_at: datetime
    finished_at: datetime | None
    outcome: str | None
    judged_at: datetime | None


class CampaignRow(NamedTuple):
    """A campaign, and what came before and after it."""

    it: _Campaign
    change: Change


class RemedyRow(NamedTuple):
    """A remedy, and what came before and after it was finished."""

    it: _Remedy
    change: Change | None


class SpotDetail(NamedTuple):
    """A file. `cases` are those that the reader may see, `hidden` how many others there are; `story` is its journal."""

    spot: SpotRow
    cases: list[MemberRow]
    hidden: int
    campaigns: list[CampaignRow]
    remedies: list[RemedyRow]
    story: list[Moment]
    allowed: tuple[str, ...]


_NAMED = "o.name, nullif(o.name_en, '')"
_CAMPAIGNS = (
    f"(SELECT json_agg(json_build_array(x.id, x.seq, x.at, x.organisation_id, {_NAMED}) ORDER BY x.at, x.seq)"
    " FROM spots_campaign x LEFT JOIN people_organisation o ON o.id = x.organisation_id WHERE x.spot_id = s.id)"
)
_REMEDIES = (
    f"(SELECT json_agg(json_build_array(x.id, x.seq, x.kind, x.organisation_id, {_NAMED}, x.post_id, x.planned_on,"
    " x.begun_at, x.finished_at, x.outcome, x.judged_at) ORDER BY x.seq)"
    " FROM spots_remedy x LEFT JOIN people_organisation o ON o.id = x.organisation_id WHERE x.spot_id = s.id)"
)


def spot_detail(spot: UUID | str, by: Mandate, *, now: datetime) -> SpotDetail:
    """The file with this id or number, by three statements. Raises `NotFound` where the mandate sees none."""
    row, campaigns, remedies = _row(spot, by)
    members, times = _members(row.id, by, now)
    marks = sorted(one for one in [*(one.at for one in campaigns), *(one.finished_at for one in remedies)] if one)
    return SpotDetail(
        spot=row,
        cases=[one for one, seen in members if seen],
        hidden=sum(not seen for _, seen in members),
        campaigns=[CampaignRow(one, change(times, one.at, now=now, until=_next(marks, one.at))) for one in campaigns],
        remedies=[
            RemedyRow(one, change(times, one.finished_at, now=now, until=_next_finish(remedies, one.finished_at))
                      if one.finished_at else None)
            for one in remedies
        ],
        story=timeline(row.id),
        allowed=allowed_actions(row.state, row.path, by),
    )


def _row(spot: UUID | str, by: Mandate) -> tuple[SpotRow, list[_Campaign], list[_Remedy]]:
    key = key_of(spot)
    visible, values = visible_sql(by)
    with hot_cursor() as cursor:
        found = cursor.execute(
            f"SELECT {ROW}, {_CAMPAIGNS}, {_REMEDIES} FROM spots_spot s {WITH}"
            f" WHERE s.{'id' if isinstance(key, UUID) else 'number'} = %s AND {visible}",
            [key, *values],
            prepare=True,
        ).fetchone()
    if found is None:
        raise missing(spot)
    return (
        SpotRow._make(found[:-2]),
        msgspec.convert(found[-2] or (), list[_Campaign]),
        msgspec.convert(found[-1] or (), list[_Remedy]),
    )


def _members(spot_id: UUID, by: Mandate, now: datetime) -> tuple[list[tuple[MemberRow, bool]], list[datetime]]:
    """The cases, oldest first, each with whether the mandate sees it; the times of those that count, seen or not."""
    visible, values = cases_visible_sql(by)
    readable, read = readable_sql(by)
    with hot_cursor() as cursor:
        rows = cursor.execute(
            f"SELECT c.id, c.number, c.state, c.reported_at, c.closed_at, c.lon_e7, c.lat_e7,"
            f" (c.case_class = s.case_class AND {counted_sql('c')}) AS counts,"
            f" CASE WHEN w.read THEN d.value END, CASE WHEN w.read THEN a.value END,"
            f" ({visible})"
            " FROM spots_member m JOIN spots_spot s ON s.id = m.spot_id JOIN cases_case c ON c.id = m.case_id"
            f" LEFT JOIN cases_class k ON k.id = c.case_class CROSS JOIN LATERAL (SELECT {readable} AS read) w"
            " LEFT JOIN journal_content d ON d.subject_id = c.id AND d.seq = 1 AND d.field = 'description'"
            " LEFT JOIN journal_content a ON a.subject_id = c.id AND a.seq = 1 AND a.field = 'address'"
            f" WHERE m.spot_id = %s ORDER BY c.reported_at DESC, c.id DESC LIMIT {MOST}",
            [*values, *read, spot_id],
        ).fetchall()
    members = [(MemberRow._make(row[:-1]), bool(row[-1])) for row in reversed(rows)]
    return members, [one.reported_at for one, _ in members if one.counts and one.reported_at <= now]


def _next(marks: Sequence[datetime], at: datetime) -> datetime | None:
    return next((one for one in marks if one > at), None)


def _next_finish(remedies: Sequence[_Remedy], at: datetime) -> datetime | None:
    return _next(sorted(one.finished_at for one in remedies if one.finished_at), at)


def words_of(story: Sequence[Moment], seq: int) -> dict[str, Any]:
    """The words of an entry by field, None where they were erased."""
    return next((dict(one.content) for one in story if one.seq == seq), {})
