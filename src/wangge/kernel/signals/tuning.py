"""The thresholds of an area: read for a place, set, and given up again."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import uuid5

from django.db import connection, transaction

from wangge.base.errors import InvalidInput, Moved, NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.journal.services import Act, append
from wangge.kernel.places.paths import ancestors
from wangge.kernel.places.queries import area_by_code
from wangge.kernel.signals.kinds import DEFAULTS, THRESHOLDS, Thresholds
from wangge.kernel.signals.models import THRESHOLD_SUBJECT, SetThreshold

VERB = "tune_signals"


def thresholds(path: str) -> Thresholds:
    """Those in force at a place: the nearest area's above it, else the default. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.name, t.value FROM signals_threshold t JOIN places_area a ON a.id = t.area"
            " WHERE t.active AND a.path = ANY(%s) ORDER BY length(a.path)",
            [ancestors(path)],
        )
        found = dict(cursor.fetchall())
    return Thresholds({**DEFAULTS.values, **found}, frozenset(found))


@transaction.atomic
def set_threshold(*, area: str, name: str, value: int | None, by: Mandate) -> SetThreshold:
    """From now on this threshold holds on the area and below; None: that of the area above, else the default.

    Needs `tune_signals` there. Raises `NotFound`, `Forbidden`, `InvalidInput`.
    """
    place = area_by_code(area)
    by.require(VERB, place.path)
    one = THRESHOLDS.get(name)
    if one is None:
        raise InvalidInput("There is no such threshold.", field="threshold", value=name,
                           expected="one of " + ", ".join(THRESHOLDS))
    if value is not None and not one.least <= value <= one.most:
        raise InvalidInput("A threshold lies within its bounds.", field=name, value=value,
                           expected=f"{one.least} to {one.most}")
    key = uuid5(place.id, name)
    row = SetThreshold.objects.select_for_update(of=("self",)).filter(id=key).first()
    if row is None and value is None:
        raise NotFound("This area sets no such threshold.", field="threshold", value=name,
                       expected="one that the area sets")
    fresh = row is None
    row = row or SetThreshold(id=key, version=0, area_id=place.id, name=name)
    changed: dict[str, object] = {"active": value is not None} | ({} if value is None else {"value": value})
    for column, given in changed.items():
        setattr(row, column, given)
    told = {"area": str(place.id), "name": name, **changed} if fresh else changed
    [written] = append([Act(key, THRESHOLD_SUBJECT, VERB, place.id, {"set": told}, version=row.version)], by=by)
    row.version = written.seq
    row.save(force_insert=fresh, force_update=not fresh)
    return row


def set_thresholds(*, area: str, given: Mapping[str, int], seen: Mapping[str, int], by: Mandate) -> int:
    """Set those that differ from what was seen; returns how many. Raises `Moved` where one changed meanwhile."""
    present = thresholds(area_by_code(area).path)
    for name in given:
        if present.values.get(name) != seen.get(name):
            raise Moved("Somebody changed this meanwhile.", field=name, value=given[name],
                        expected=str(present.values.get(name)))
    changed = {name: value for name, value in given.items() if present.values.get(name) != value}
    with transaction.atomic():
        for name, value in changed.items():
            set_threshold(area=area, name=name, value=value, by=by)
    return len(changed)
