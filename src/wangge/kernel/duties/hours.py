"""Writes of working calendars: an editable table, filled from the `holidays` library and set right by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import holidays
from django.db import IntegrityError, transaction

from wangge.base.calendar import DEFAULT_WINDOWS, WorkingCalendar
from wangge.base.errors import Conflict, InvalidInput, NotFound
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.duties.models import Calendar, CalendarDay
from wangge.kernel.journal.services import Act, append
from wangge.kernel.places.models import Area

VERB = "manage_duties"
KINDS = ("holiday", "workday")
CONFIRM = "confirm_year"
"""The verb of the entry that says a year is complete."""


def create_calendar(
    *, area: str, by: Mandate, timezone: str | None = None, windows: Iterable[tuple[int, int]] = DEFAULT_WINDOWS,
    source: str = "CN",
) -> Calendar:
    """The working hours of the area with this code and all below it. Windows are minutes of the day, half-open.

    `source` is what `fill_calendar` draws on: `CN`, `US-MD`, or '' for none.
    """
    place = Area.objects.filter(code=area).first()
    if place is None:
        raise NotFound("There is no area with this code.", field="area", value=area, expected="the code of an area")
    by.require(VERB, place.path)
    zone = timezone or place.timezone
    if zone is None:
        from wangge.kernel.places.queries import atlas

        zone = atlas().timezone(place.path)
    hours = tuple((int(start), int(end)) for start, end in windows)
    WorkingCalendar(timezone=zone, windows=hours)  # refuses what is wrong with zone or windows
    _source(source, [])
    one = Calendar(id=new_id(), version=1, area=place, timezone=zone, windows=[list(pair) for pair in hours],
                   source=source)
    data = {"area": place.code, "timezone": zone, "windows": one.windows, "source": source}
    with transaction.atomic():
        append([Act(one.id, "calendar", "create", place.id, data)], by=by)
        try:
            with transaction.atomic():
                one.save(force_insert=True)
        except IntegrityError as error:
            raise Conflict("This area has a calendar already.", field="area", value=area) from error
    return one


def set_hours(*, calendar: Calendar, windows: Iterable[tuple[int, int]], by: Mandate) -> Calendar:
    """Other working windows, for everything that is decided from now on."""
    with transaction.atomic():
        known = _locked(calendar.id, by=by)
        hours = tuple((int(start), int(end)) for start, end in windows)
        WorkingCalendar(timezone=known.timezone, windows=hours)
        known.windows = [list(pair) for pair in hours]
        _advance(known, "set_hours", {"windows": known.windows}, by=by)
    return known


def fill_calendar(*, calendar: Calendar, years: Iterable[int], by: Mandate) -> int:
    """Put the known holidays and make-up workdays of these years into the table; returns how many were new.

    Days that stand there already, also those set by hand, are left as they are.
    """
    wanted = sorted(set(years))
    with transaction.atomic():
        known = _locked(calendar.id, by=by)
        there = set(CalendarDay.objects.filter(calendar=known, day__year__in=wanted).values_list("day", flat=True))
        rows = [
            CalendarDay(id=new_id(), calendar=known, day=day, kind=kind, name=name)
            for day, kind, name in _source(known.source, wanted) if day not in there
        ]
        CalendarDay.objects.bulk_create(rows)
        added = [[row.day.isoformat(), row.kind] for row in rows]
        _advance(known, "fill", {"years": wanted, "days": len(rows), "added": added}, by=by)
    return len(rows)


def set_day(*, calendar: Calendar, day: date, kind: str | None, by: Mandate, name: str = "") -> None:
    """A day by hand: `holiday`, `workday`, or None for what its weekday says."""
    if kind is not None and kind not in KINDS:
        raise InvalidInput("There is no such kind of day.", field="kind", value=kind, expected="holiday or workday")
    if len(name) > 100:
        raise InvalidInput("This name is too long.", field="name", value=name, expected="at most 100 characters")
    with transaction.atomic():
        known = _locked(calendar.id, by=by)
        if kind is None:
            CalendarDay.objects.filter(calendar=known, day=day).delete()
        else:
            CalendarDay.objects.update_or_create(
                calendar=known, day=day, defaults={"kind": kind, "name": name}, create_defaults={
                    "id": new_id(), "kind": kind, "name": name},
            )
        _advance(known, "set_day", {"day": day.isoformat(), "kind": kind}, by=by)


def confirm_year(*, calendar: Calendar, year: int, by: Mandate) -> None:
    """Say that every day off and every make-up workday of this year stands in the table, as it was announced.

    The entry alone keeps that: no row changes. Raises `InvalidInput` for a year of which no day is known yet.
    """
    with transaction.atomic():
        known = _locked(calendar.id, by=by)
        real = date.min.year <= year <= date.max.year
        if not real or not CalendarDay.objects.filter(calendar=known, day__year=year).exists():
            raise InvalidInput(
                "No day of this year is set yet.", field="year", value=year,
                expected="a year whose holidays stand in the table",
            )  # fmt: skip
        _advance(known, CONFIRM, {"year": year}, by=by)


def _source(source: str, years: list[int]) -> list[tuple[date, str, str]]:
    """(day, kind, name) of these years. The library lists make-up workdays of all years it knows."""
    if not source:
        return []
    country, _, subdivision = source.partition("-")
    language = "zh_CN" if country == "CN" else None
    try:
        table = holidays.country_holidays(country, subdiv=subdivision or None, years=years, language=language)
    except (NotImplementedError, AttributeError, KeyError) as error:
        raise InvalidInput("No holidays are known for this source.", field="source", value=source,
                           expected="a country such as CN, with a subdivision as in US-MD") from error
    found = [(day, "holiday", name) for day, name in table.items()]
    workdays = {day for day in getattr(table, "weekend_workdays", ()) if day.year in years}
    found = [row for row in found if row[0].year in years and row[0] not in workdays]
    return sorted([*found, *((day, "workday", "") for day in workdays)])


def _locked(calendar_id: UUID, *, by: Mandate) -> Calendar:
    known = Calendar.objects.select_for_update(of=("self",)).select_related("area").filter(id=calendar_id).first()
    if known is None:
        raise NotFound("There is no such calendar.", field="calendar", value=calendar_id)
    by.require(VERB, known.area.path)
    return known


def _advance(known: Calendar, verb: str, data: dict[str, Any], *, by: Mandate) -> None:
    [written] = append([Act(known.id, "calendar", verb, known.area_id, data, version=known.version)], by=by)
    known.version = written.seq
    known.save(force_update=True)
