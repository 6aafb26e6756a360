"""Findings, from what the queries return to what goes out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wangge.assessment.core.amounts import points_text
from wangge.assessment.core.counting import moment
from wangge.assessment.core.stages import contest_until
from wangge.assessment.models import FindingRow
from wangge.base.mandate import Mandate
from wangge.inspections import queries
from wangge.inspections.answering import answering, finding_of
from wangge.inspections.lifecycle import overdue
from wangge.inspections.story import story
from wangge.interfaces.api import schemas as out
from wangge.kernel.duties.calendars import calendar_for
from wangge.kernel.duties.queries import roster_at


def item(row: queries.Listed, now: datetime) -> out.FindingItem:
    """A finding of a list."""
    return out.FindingItem(**_columns(row, now))


def detail(key: Any, by: Mandate, *, now: datetime) -> out.FindingOut:
    """One finding. Raises `NotFound`."""
    one, versions = queries.finding(key, by)
    policy = queries.policy_of(one, versions)
    held = answering(one, policy, roster_at(one.area_path, moment(policy, finding_of(one))))
    exempt = queries.exempt_of([one], versions).get(finding_of(one).key)
    told = story(one.id)
    row = queries.Listed(one, one.rect_state, one.rect_due, one.rect_round, one.contested, exempt)
    return out.FindingOut(
        **_columns(row, now),
        contest_until=contest_until(told.first.recorded_at, calendar_for(one.area_path)),
        answered=[out.AnsweredOut(each.post, [who.name for who in each.held]) for each in held],
        rounds=[
            out.RoundOut(each.id, each.version, each.number, each.state, each.post, each.organisation, each.ordered_at,
                         each.due_at, each.done_at)
            for each in told.rounds
        ],
        contests=[
            out.ContestOut(each.id, each.version, each.state, None if each.points is None else points_text(each.points))
            for each in told.contests
        ],
        story=[
            out.StoryEntry(each.subject, each.verb, each.at, each.name or None, each.post or None, each.words)
            for each in told.told
        ],
    )


def _columns(row: queries.Listed, now: datetime) -> dict[str, Any]:
    one = row.it
    return {
        "id": one.id, "source": one.source, "ref": one.ref, "area": one.area_path.split("/")[-2],
        "case_class": one.class_code, "occurred_at": one.occurred_at, "discovered_at": one.discovered_at,
        "found_points": points_text(one.found_points), "points": points_text(one.points), "void": one.void,
        "duplicate_of": _key(one.merged_into) if one.merged_into else None,
        "exempt_by": row.exempt.report if row.exempt else None, "contested": row.contested,
        "rectification": row.state, "due_at": row.due_at,
        "overdue": bool(row.state and row.due_at and overdue(row.state, row.due_at, now)
                        and not one.void and not one.merged_into_id),
        "version": one.version,
        "location": out.Location(one.lon_e7 / 1e7, one.lat_e7 / 1e7)
        if one.lon_e7 is not None and one.lat_e7 is not None else None,
    }


def _key(one: FindingRow) -> str:
    return f"{one.source}/{one.ref}"
