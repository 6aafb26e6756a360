"""Working calendars in force: the nearest ancestor's, kept in memory until `places_version` moves."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from threading import Lock
from typing import NamedTuple
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import IntegerField
from django.db.models.expressions import RawSQL

from wangge.base.calendar import DEFAULT_WINDOWS, WorkingCalendar
from wangge.base.clock import now
from wangge.kernel.duties.models import Calendar, CalendarDay
from wangge.kernel.places.queries import PRESENT, ancestors, atlas, places_version

WARN_FROM_MONTH = 11
"""From November on the next year must be known: its plan is announced about then."""

_lock = Lock()
_known: dict[tuple[str, int], dict[str, WorkingCalendar]] = {}
_KEPT = 3


class UnknownYear(NamedTuple):
    """A year for which deadlines may come out wrong. Reason: `empty`; where make-up days are usual, `no-make-up-days`,
    or `unconfirmed`: some were set by hand, and nobody has said that these are all."""

    calendar_id: UUID
    area_code: str
    year: int
    reason: str


def calendar_for(path: str, version: int | None = None) -> WorkingCalendar:
    """The working calendar of the nearest ancestor that has one; otherwise default hours in the place's time zone.

    Pass the `places_version` where it was read with another statement anyway; else this costs one statement.
    """
    if version is None:
        version = PRESENT.now()
    calendars = _calendars(version)
    for prefix in reversed(ancestors(path)):
        if prefix in calendars:
            return calendars[prefix]
    zone = atlas(version).timezone(path)
    return calendars.setdefault(f"zone:{zone}", WorkingCalendar(timezone=zone))


def _calendars(version: int) -> dict[str, WorkingCalendar]:
    """Calendars by path of their area. A load that overlaps a change is kept under no version."""
    name = str(connection.settings_dict["NAME"])
    known = _known.get((name, version))
    if known is None:
        known = _load()
        if places_version() == version:
            with _lock:
                _known[name, version] = known
                for old in list(_known)[:-_KEPT]:
                    del _known[old]
    return known


def _load() -> dict[str, WorkingCalendar]:
    days: dict[UUID, dict[str, set[date]]] = defaultdict(lambda: defaultdict(set))
    for calendar_id, day, kind in CalendarDay.objects.values_list("calendar_id", "day", "kind"):
        days[calendar_id][kind].add(day)
    return {
        one.area.path: WorkingCalendar(
            timezone=one.timezone,
            windows=tuple((start, end) for start, end in one.windows) or DEFAULT_WINDOWS,
            holidays=frozenset(days[one.id]["holiday"]), workdays=frozenset(days[one.id]["workday"]),
        )
        for one in Calendar.objects.select_related("area")
    }


class CalendarRow(NamedTuple):
    """A calendar as a page shows it. `windows` are minutes of the day; `days` (day, kind, name) in order.

    `complete` are the years whose make-up days came with the library's table, or that somebody has confirmed.
    """

    id: UUID
    area_code: str
    path: str
    source: str
    windows: tuple[tuple[int, int], ...]
    days: tuple[tuple[date, str, str], ...]
    complete: frozenset[int] = frozenset()


# What the library adds is a whole year's plan; entries that do not say which days were added name their years.
_COMPLETE = """
(SELECT coalesce(array_agg(DISTINCT x.year), '{}') FROM journal_entry e CROSS JOIN LATERAL (
  SELECT (e.data->>'year')::int AS year WHERE e.verb = 'confirm_year'
  UNION ALL SELECT left(d->>0, 4)::int FROM jsonb_array_elements(e.data->'added') d
    WHERE e.verb = 'fill' AND d->>1 = 'workday'
  UNION ALL SELECT y::int FROM jsonb_array_elements_text(e.data->'years') y
    WHERE e.verb = 'fill' AND NOT e.data ? 'added' AND e.data->>'days' <> '0'
) x WHERE e.subject_id = duties_calendar.id)
"""


def calendar_rows(since: date) -> list[CalendarRow]:
    """Every calendar with its special days from the year of `since` on, by two statements."""
    days: dict[UUID, list[tuple[date, str, str]]] = defaultdict(list)
    held = CalendarDay.objects.filter(day__gte=since.replace(month=1, day=1)).order_by("day")
    for calendar_id, day, kind, name in held.values_list("calendar_id", "day", "kind", "name"):
        days[calendar_id].append((day, kind, name))
    return [
        CalendarRow(
            one.id, one.area.code, one.area.path, one.source,
            tuple((start, end) for start, end in one.windows) or DEFAULT_WINDOWS, tuple(days[one.id]),
            frozenset(one.complete),
        )
        for one in Calendar.objects.select_related("area").annotate(
            complete=RawSQL(_COMPLETE, [], output_field=ArrayField(IntegerField()))  # noqa: S611 - a constant text
        ).order_by("area__path")
    ]  # fmt: skip


def gaps_in(one: CalendarRow, today: date) -> list[UnknownYear]:
    """What this calendar lacks of this year or, from November on, of the next: what an administrator must fill."""
    years = [today.year, today.year + 1] if today.month >= WARN_FROM_MONTH else [today.year]
    found = []
    for year in years:
        held = {kind for day, kind, _ in one.days if day.year == year}
        if not held:
            found.append(UnknownYear(one.id, one.area_code, year, "empty"))
        elif one.source.partition("-")[0] == "CN" and "workday" not in held and year not in one.complete:
            found.append(UnknownYear(one.id, one.area_code, year, "no-make-up-days"))
        elif one.source.partition("-")[0] == "CN" and year not in one.complete:
            found.append(UnknownYear(one.id, one.area_code, year, "unconfirmed"))
    return found


def unknown_years(today: date | None = None) -> list[UnknownYear]:
    """The gaps of every calendar."""
    day = today or now().date()
    return [gap for one in calendar_rows(day) for gap in gaps_in(one, day)]
