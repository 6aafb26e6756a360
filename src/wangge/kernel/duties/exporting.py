"""Duties as rows, in the words that `importing` reads: what was exported and is imported again changes nothing.

A person is told by name where the name is theirs alone, else by id. Midnights of the place are written as days.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from wangge.base.mandate import Mandate
from wangge.kernel.duties.models import Assignment
from wangge.kernel.people.models import Person
from wangge.kernel.places.queries import atlas, below


def rows(root_path: str, at: datetime, *, by: Mandate, past: bool = False) -> list[dict[str, str]]:
    """The duties at and below a path that are held at a moment or later (with `past` all that ever were).

    By area and post, with the columns of `importing.COLUMNS`. Raises `Forbidden`.
    """
    if not (by.allows("see", root_path) or by.allows("manage_duties", root_path)):
        by.require("manage_duties", root_path)
    places = atlas()
    held = (
        Assignment.objects.select_related("person", "organisation", "area")
        .filter(below(root_path, "area_path"), recorded__upper_inf=True)
        .order_by("area_path", "post_id", "kind", "id")
    )
    if not past:
        held = held.exclude(valid__fully_lt=(at, None))
    count = Counter(Person.objects.values_list("name", flat=True))
    told = []
    for one in held:
        zone = ZoneInfo(places.timezone(one.area_path))
        person = one.person
        told.append({
            "post": one.post_id,
            "person": "" if person is None else person.name if person.name and count[person.name] == 1
            else str(person.id),
            "organisation": one.organisation.code if one.organisation else "",
            "kind": one.kind,
            "area_code": one.area.code,
            "valid_from": said(one.valid.lower, zone),
            "valid_to": said(one.valid.upper, zone),
        })
    return told


def said(moment: Any, zone: ZoneInfo) -> str:
    """A moment as the file says it: a day for a midnight of the place, '' for none."""
    if moment is None:
        return ""
    local: datetime = moment.astimezone(zone)
    if (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0):
        return local.date().isoformat()
    return local.isoformat()
