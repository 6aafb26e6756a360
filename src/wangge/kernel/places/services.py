"""Writes of places. Each is one transaction with one journal entry for each area; names are erasable content."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from wangge.base import events
from wangge.base.clock import to_us
from wangge.base.errors import Conflict, InvalidInput, NotFound
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.journal.services import Act, append
from wangge.kernel.places.coding import check_codes
from wangge.kernel.places.events import AreasEnded, Move
from wangge.kernel.places.models import Area, Boundary
from wangge.kernel.places.rules import Ground, NewArea, Shape, check_area, shape_of

VERB = "manage_areas"
MOST_RESIDENTS = 50_000_000


def create_area(
    *, code: str, name: str, kind: str, valid_from: datetime, by: Mandate, parent: str | None = None,
    layer: str = "administrative", name_en: str = "", boundary: Ground | None = None,
    timezone: str | None = None, region: str | None = None,
) -> Area:
    """One new area below the area with the code `parent`. Raises `InvalidInput`, `Forbidden`, `Conflict`."""
    row = NewArea(code, name, kind, valid_from, parent, layer, name_en, boundary, timezone, region)
    return create_areas([row], by=by)[0]


def create_areas(rows: Iterable[NewArea], *, by: Mandate) -> list[Area]:
    """Many new areas, set-wise, in the order given; a parent may come anywhere among them.

    All or none: raises `InvalidInput` naming the field, `Forbidden`, or `Conflict` for a code that was ever used.
    """
    checked = [check_area(row) for row in rows]
    with transaction.atomic():
        return create_checked(checked, by=by, predecessors={})


def create_checked(rows: Sequence[NewArea], *, by: Mandate, predecessors: dict[str, UUID]) -> list[Area]:
    """Create rows that `check_area` has passed; `predecessors` gives by new code whose place it takes."""
    wanted = {row.code: row for row in rows}
    if len(wanted) != len(rows):
        raise InvalidInput("A code appears twice.", field="code", expected="each code once")
    above = {row.parent for row in rows if row.parent and row.parent not in wanted}
    known = {area.code: area for area in Area.objects.filter(code__in=above).select_for_update(of=("self",))}
    made: dict[str, Area] = {}
    shapes: dict[str, Shape] = {}
    for row in rows:
        _make(row, wanted, known, made)
    for row in rows:
        by.require(VERB, made[row.code].path)
        if row.boundary is not None:
            shapes[row.code] = shape_of(row.boundary, row.kind)
    check_codes(made[row.code] for row in rows)
    append([_creation(made[row.code], shapes.get(row.code), predecessors.get(row.code)) for row in rows], by=by)
    ordered = sorted(made.values(), key=lambda area: area.path.count("/"))
    try:
        with transaction.atomic():
            Area.objects.bulk_create(ordered, batch_size=2000)
    except IntegrityError as error:
        raise _taken(error, wanted) from error
    Boundary.objects.bulk_create(
        [Boundary(area=made[code], geometry=shape.wkb, valid_from=made[code].valid_from, repaired=shape.repaired)
         for code, shape in shapes.items()],
        batch_size=2000,
    )
    return [made[row.code] for row in rows]


def _make(row: NewArea, wanted: dict[str, NewArea], known: dict[str, Area], made: dict[str, Area]) -> Area:
    """The area of a row, its parents first. A circle of parents is refused."""
    if row.code in made:
        return made[row.code]
    line = [row]
    while line[-1].parent in wanted and line[-1].parent not in made:
        line.append(wanted[str(line[-1].parent)])
        if len(line) > len(wanted):
            raise InvalidInput("These areas are each other's parents.", field="parent", value=row.parent,
                               expected="a tree")
    for one in reversed(line):
        made[one.code] = _area_of(one, _parent_of(one, known, made))
    return made[row.code]


def _parent_of(row: NewArea, known: dict[str, Area], made: dict[str, Area]) -> Area | None:
    if row.parent is None:
        return None
    parent = made.get(row.parent) or known.get(row.parent)
    if parent is None:
        raise InvalidInput("There is no such parent area.", field="parent", value=row.parent,
                           expected="the code of an area")
    if parent.valid_from > row.valid_from or (parent.valid_to and parent.valid_to <= row.valid_from):
        raise InvalidInput(f"The parent {parent.code} does not exist at that time.", field="valid_from",
                           value=row.valid_from.isoformat(), expected=f"from {parent.valid_from.isoformat()} on")
    return parent


def _area_of(row: NewArea, parent: Area | None) -> Area:
    timezone, region = row.timezone, row.region
    if parent is None:
        timezone = timezone or settings.TIME_ZONE
        region = region or (row.code[:6] if row.code[:6].isdigit() and len(row.code) >= 6 else None)
    return Area(
        id=new_id(), version=1, code=row.code, name=row.name.strip(), name_en=row.name_en.strip(), kind=row.kind,
        layer=row.layer, parent=parent, path=f"{parent.path if parent else ''}{row.code}/",
        valid_from=row.valid_from, timezone=timezone, region=region,
    )


def _creation(area: Area, shape: Shape | None, predecessor: UUID | None) -> Act:
    data: dict[str, Any] = {
        "code": area.code, "kind": area.kind, "layer": area.layer, "path": area.path,
        "valid_from": to_us(area.valid_from), "timezone": area.timezone, "region": area.region,
        "boundary": shape.digest if shape else None, "repaired": bool(shape and shape.repaired),
    }
    if predecessor:
        data["predecessor"] = str(predecessor)
    return Act(area.id, "area", "create", area.id, data, _names(area))


def _names(area: Area) -> dict[str, str]:
    return {"name": area.name, "name_en": area.name_en} if area.name_en else {"name": area.name}


def _taken(error: IntegrityError, wanted: dict[str, NewArea]) -> Conflict:
    used = sorted(Area.objects.filter(code__in=list(wanted)).values_list("code", flat=True))
    if not used:
        raise error
    return Conflict("A code of an area is used once, for ever.", field="code", value=", ".join(used[:5]),
                    expected="a code that was never used")


def locked(code: str, *, by: Mandate) -> Area:
    """The area with this code, locked until the transaction ends. Raises `NotFound`, `Forbidden`."""
    return _required(Area.objects.select_for_update(of=("self",)).filter(code=code).first(), code, by)


def found(code: str, *, by: Mandate) -> Area:
    """The same without a lock."""
    return _required(Area.objects.filter(code=code).first(), code, by)


def _required(area: Area | None, code: str, by: Mandate) -> Area:
    if area is None:
        raise NotFound("There is no area with this code.", field="area", value=code,
                       expected="the code of an area")
    by.require(VERB, area.path)
    return area


def advance(
    area: Area, verb: str, data: dict[str, Any], *, by: Mandate, content: dict[str, str] | None = None
) -> None:
    """Write the entry of an act upon a locked area and save the area with the new version."""
    [written] = append([Act(area.id, "area", verb, area.id, data, content or {}, area.version)], by=by)
    area.version = written.seq
    area.save(force_update=True)


def set_boundary(*, area: str, boundary: Ground | None, valid_from: datetime, by: Mandate) -> Area:
    """From `valid_from` on the area (its code) has this ground, or none. What it had before stays on record."""
    with transaction.atomic():
        place = locked(area, by=by)
        shape = shape_of(boundary, place.kind) if boundary is not None else None
        if valid_from < place.valid_from or (place.valid_to and valid_from >= place.valid_to):
            raise InvalidInput("The area does not exist at that time.", field="valid_from",
                               value=valid_from.isoformat(), expected=f"from {place.valid_from.isoformat()} on")
        last = Boundary.objects.filter(area=place).order_by("valid_from").last()
        if last and (last.valid_from >= valid_from or (last.valid_to and last.valid_to > valid_from)):
            raise InvalidInput("The boundary on record begins later than that.", field="valid_from",
                               value=valid_from.isoformat(), expected=f"after {last.valid_from.isoformat()}")
        if last and last.valid_to is None:
            Boundary.objects.filter(id=last.id).update(valid_to=valid_from)
        if shape:
            Boundary.objects.create(area=place, geometry=shape.wkb, valid_from=valid_from, repaired=shape.repaired)
        data = {"valid_from": to_us(valid_from), "boundary": shape.digest if shape else None,
                "repaired": bool(shape and shape.repaired)}
        advance(place, "rebound", data, by=by)
    return place


def rename_area(*, area: str, name: str, by: Mandate, name_en: str = "") -> Area:
    """Another name for the area; its code stays."""
    with transaction.atomic():
        place = locked(area, by=by)
        check_area(NewArea(place.code, name, place.kind, place.valid_from, name_en=name_en))
        place.name, place.name_en = name.strip(), name_en.strip()
        advance(place, "rename", {}, by=by, content=_names(place))
    return place


def count_residents(*, area: str, residents: int, by: Mandate) -> Area:
    """So many people live in the area (its code) by the latest count. Raises `InvalidInput`, `Forbidden`."""
    if not 0 <= residents <= MOST_RESIDENTS:
        raise InvalidInput("This is no number of residents.", field="residents", value=residents,
                           expected=f"0 to {MOST_RESIDENTS}")
    with transaction.atomic():
        place = locked(area, by=by)
        place.residents = residents
        advance(place, "count", {"residents": residents}, by=by)
    return place


def end_area(*, area: str, at: datetime, by: Mandate) -> Area:
    """The area (its code) ceases to exist at `at`. Raises `InvalidInput` while areas below it stand."""
    with transaction.atomic():
        place = locked(area, by=by)
        inside = Area.objects.filter(parent=place, valid_to__isnull=True).count()
        if inside:
            raise InvalidInput(f"{inside} areas still stand below {area}.", field="area", value=area,
                               expected="end or move them first")
        end_locked(place, at=at, successor=None, by=by)
        events.publish(AreasEnded((Move(place.id, place.path, None, None),), at, by))
    return place


def end_locked(place: Area, *, at: datetime, successor: Area | None, by: Mandate) -> None:
    """End a locked area and its boundary, and name what stands in its place."""
    if place.valid_to is not None:
        raise InvalidInput(f"{place.code} ended already.", field="area", value=place.code,
                           expected="an area that stands")
    if at <= place.valid_from:
        raise InvalidInput(f"{place.code} began only later.", field="at", value=at.isoformat(),
                           expected=f"after {place.valid_from.isoformat()}")
    Boundary.objects.filter(area=place, valid_to__isnull=True).update(valid_to=at)
    place.valid_to, place.successor = at, successor
    data = {"valid_to": to_us(at), "successor": str(successor.id) if successor else None}
    advance(place, "reparent" if successor else "end", data, by=by)
