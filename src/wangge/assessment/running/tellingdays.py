"""Telling a grid on the same day that it is above the daily limit: one entry for each area and day, by the job.

The entry has no table: it is the record that the ground was told, when, and of how many. Whoever works there reads it
on the page with which they begin. What the day costs in the end the period's run reckons, by the same rule.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction

from wangge.assessment.models import FindingRow
from wangge.assessment.running import daily
from wangge.base.mandate import Mandate
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.services import Act, append, heads
from wangge.kernel.places.queries import AreaInfo, Atlas

SUBJECT, VERB = "day_limit", "tell_day"
ROOTS = ("subdistrict", "town")


class Told(NamedTuple):
    """What an area was told of a day: how many problems, how many above the limit, what they cost, and when."""

    day: date
    found: int
    above: int
    limit: int
    points: str
    at: datetime


def key_of(area: UUID, day: date) -> UUID:
    """The subject of an area's day."""
    return uuid5(area, f"day:{day.isoformat()}")


def tell(places: Atlas, *, now: datetime, by: Mandate) -> int:
    """Tell each area that is above its limit today and was not told yet; returns how many. Running twice tells once."""
    recent = FindingRow.objects.filter(discovered_at__gt=now - timedelta(days=1), discovered_at__lte=now)
    paths = list(recent.values_list("area_path", flat=True).distinct())
    roots = [one for one in places.below("", at=now) if one.kind in ROOTS and any(
        path.startswith(one.path) for path in paths)]
    return sum(_tell_root(one, places, now, by) for one in roots)


def _tell_root(root: AreaInfo, places: Atlas, now: datetime, by: Mandate) -> int:
    found = daily.of_day(root.path, now, places)
    above = {places.by_path[row.path].id: row for row in found.rows if row.above > 0 and row.path in places.by_path}
    if found.limit is None or not above:
        return 0
    by.require(VERB, root.path)
    keys = {area: key_of(area, found.day) for area in above}
    with transaction.atomic():
        known = heads(sorted(keys.values()))
        acts = [
            Act(keys[area], SUBJECT, VERB, area, {
                "day": found.day.isoformat(), "found": row.found, "above": row.above, "limit": found.limit,
                "points": row.points,
            })
            for area, row in above.items() if keys[area] not in known
        ]
        if acts:
            append(acts, by=by)
    return len(acts)


def told(area: AreaInfo, places: Atlas, now: datetime) -> Told | None:
    """What an area was told today, None where it was told nothing. One statement."""
    day = now.astimezone(ZoneInfo(places.timezone(area.path))).date()
    entry = Entry.objects.filter(subject_id=key_of(area.id, day), subject_type=SUBJECT).order_by("seq").last()
    if entry is None:
        return None
    data = entry.data
    return Told(day, data["found"], data["above"], data["limit"], data["points"], entry.at)
