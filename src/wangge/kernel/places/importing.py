"""Areas from a GeoJSON file. A second run changes nothing; a row that is refused is named with its reason.

Properties of a feature: `code`, `name`, and where they differ from the defaults `name_en`, `kind`, `layer`, `parent`
(a code), `valid_from`, `timezone`, `region`, `residents` (a count). A known code with another name, boundary or count
is renamed, rebounded or counted; with another parent it is refused, because that is a re-parenting.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from django.db import transaction

from wangge.base.clock import EPOCH
from wangge.base.errors import InvalidInput, MalformedInput, WanggeError
from wangge.base.faults import Fault
from wangge.base.geometry import bd09_to_gcj02, gcj02_to_wgs84
from wangge.base.mandate import Mandate
from wangge.kernel.places.models import Area, Boundary
from wangge.kernel.places.rules import NewArea, Shape, check_area, shape_of
from wangge.kernel.places.services import count_residents, create_areas, rename_area, set_boundary

CONVERSIONS: dict[str, Callable[[float, float], tuple[float, float]] | None] = {
    "wgs84": None,
    "cgcs2000": None,
    "gcj02": gcj02_to_wgs84,
    "bd09": lambda lon, lat: gcj02_to_wgs84(*bd09_to_gcj02(lon, lat)),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a file: names of its properties, and what holds where a feature does not say.

    Without a start a boundary holds since ever (1970).
    """

    code: str = "code"
    name: str = "name"
    kind: str = "grid"
    layer: str = "administrative"
    parent: str | None = None
    valid_from: datetime = EPOCH
    crs: str = "wgs84"


@dataclass(slots=True)
class Outcome:
    """Counts, and by row (from 1) why it was refused or what was wrong with its polygon."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    repaired: list[tuple[str, str]] = field(default_factory=list)
    rejected: list[tuple[int, str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def refuse(self, row: int, code: str, error: WanggeError) -> None:
        """Name a row that is refused."""
        self.rejected.append((row, code, error.detail))
        self.faults.append(Fault(row, code, error))


def import_areas(file: Path, *, by: Mandate, reading: Reading | None = None) -> Outcome:
    """Create, rename and rebound areas from a GeoJSON FeatureCollection, in one transaction."""
    return import_features(list(enumerate(_features(file), 1)), by=by, reading=reading)


def import_features(
    features: Sequence[tuple[int, Any]], *, by: Mandate, reading: Reading | None = None
) -> Outcome:
    """The same for features with the numbers of their rows. Good rows are kept though others are refused."""
    how = reading or Reading()
    if how.crs not in CONVERSIONS:
        raise InvalidInput("This coordinate system is not known.", field="crs", value=how.crs,
                           expected="one of " + ", ".join(CONVERSIONS))
    outcome = Outcome()
    rows: dict[str, tuple[int, NewArea]] = {}
    counts: dict[str, tuple[int, Any]] = {}
    for number, feature in features:
        try:
            row = _row(feature, how)
            if row.code in rows:
                raise InvalidInput(f"This code stands in row {rows[row.code][0]} already.", field="code")
            if isinstance(row.boundary, Shape) and row.boundary.repaired:
                outcome.repaired.append((row.code, row.boundary.repaired))
            rows[row.code] = (number, row)
            if _properties(feature).get("residents") not in (None, ""):
                counts[row.code] = (number, _properties(feature)["residents"])
        except WanggeError as error:
            outcome.refuse(number, str(_properties(feature).get(how.code, "")), error)
    with transaction.atomic():
        known = {area.code: area for area in Area.objects.select_related("parent").filter(code__in=list(rows))}
        for code, area in known.items():
            _update(area, *rows.pop(code), by=by, outcome=outcome)
        _create(rows, by=by, outcome=outcome)
        _count(counts, by=by, outcome=outcome)
    outcome.rejected.sort()
    outcome.faults.sort(key=lambda fault: fault.row)
    return outcome


def _create(rows: dict[str, tuple[int, NewArea]], *, by: Mandate, outcome: Outcome) -> None:
    """All at once; where that is refused, one after the other, parents first."""
    try:
        create_areas([row for _, row in rows.values()], by=by)
        outcome.created += len(rows)
        return
    except WanggeError:
        pass

    def depth(code: str) -> int:
        seen = 0
        above = rows[code][1].parent
        while above in rows and seen <= len(rows):
            above, seen = rows[above][1].parent, seen + 1
        return seen

    for code in sorted(rows, key=depth):
        number, row = rows[code]
        try:
            create_areas([row], by=by)
            outcome.created += 1
        except WanggeError as error:
            outcome.refuse(number, code, error)


def _update(area: Area, number: int, row: NewArea, *, by: Mandate, outcome: Outcome) -> None:
    said = (row.kind, row.layer, row.parent)
    kept = (area.kind, area.layer, area.parent.code if area.parent else None)
    try:
        if said != kept:
            raise InvalidInput(f"{row.code} is {' '.join(filter(None, kept))}, not {' '.join(filter(None, said))};"
                               " kind, layer and parent of a code never change.", field="code")
        changed = False
        if (row.name.strip(), row.name_en.strip()) != (area.name, area.name_en):
            rename_area(area=area.code, name=row.name, name_en=row.name_en, by=by)
            changed = True
        if isinstance(row.boundary, Shape):
            last = Boundary.objects.filter(area=area, valid_to__isnull=True).first()
            if last is None or bytes(last.geometry) != row.boundary.wkb:
                begins = by.at if last and row.valid_from <= last.valid_from else max(row.valid_from, area.valid_from)
                set_boundary(area=area.code, boundary=row.boundary, valid_from=begins, by=by)
                changed = True
        outcome.changed += changed
        outcome.unchanged += not changed
    except WanggeError as error:
        outcome.refuse(number, row.code, error)


def _count(counts: dict[str, tuple[int, Any]], *, by: Mandate, outcome: Outcome) -> None:
    """Put counts of residents on record where they differ."""
    known = dict(Area.objects.filter(code__in=list(counts)).values_list("code", "residents"))
    for code, (number, given) in counts.items():
        if code not in known or str(given) == str(known[code]):
            continue
        try:
            if not str(given).isdecimal():
                raise InvalidInput("This is no number of residents.", field="residents", value=given,
                                   expected="a whole number")
            count_residents(area=code, residents=int(given), by=by)
        except WanggeError as error:
            outcome.refuse(number, code, error)


def _features(file: Path) -> list[Any]:
    try:
        return features_of(file.read_bytes(), file)
    except OSError as error:
        raise InvalidInput("The file cannot be read.", field="file", value=file, expected="a GeoJSON file") from error


def features_of(content: bytes, file: object = None) -> list[Any]:
    """The features of a GeoJSON FeatureCollection. Raises `MalformedInput`."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise MalformedInput(f"This is no JSON: {error}", field="file", value=file) from error
    if not isinstance(found, dict) or not isinstance(found.get("features"), list):
        raise MalformedInput("This is no GeoJSON FeatureCollection.", field="file", value=file)
    return list(found["features"])


def _properties(feature: Any) -> Mapping[str, Any]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return properties if isinstance(properties, dict) else {}


def _row(feature: Any, how: Reading) -> NewArea:
    said = _properties(feature)
    row = NewArea(
        code=str(said.get(how.code) or ""), name=str(said.get(how.name) or ""), kind=str(said.get("kind") or how.kind),
        valid_from=_moment(said.get("valid_from")) or how.valid_from, parent=said.get("parent") or how.parent,
        layer=str(said.get("layer") or how.layer), name_en=str(said.get("name_en") or ""),
        timezone=said.get("timezone"), region=said.get("region"),
    )
    if row.parent == row.code:
        row = replace(row, parent=None)
    check_area(row)
    geometry = feature.get("geometry")
    return row if geometry is None else replace(row, boundary=_shape(geometry, row.kind, how.crs))


def _shape(geometry: Any, kind: str, crs: str) -> Shape:
    convert = CONVERSIONS[crs]
    if not isinstance(geometry, dict):
        raise InvalidInput("The geometry cannot be read.", field="boundary", expected="a GeoJSON geometry")
    if convert is None:
        return shape_of(geometry, kind)

    def each(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.array([convert(*point) for point in points.tolist()]).reshape(-1, 2)

    try:
        given = shapely.force_2d(shapely.geometry.shape(geometry))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, shapely.errors.ShapelyError) as error:
        raise InvalidInput(f"The boundary cannot be read: {error}", field="boundary") from error
    return shape_of(shapely.transform(given, each), kind)


def _moment(text: Any) -> datetime | None:
    """An ISO 8601 date or time; without a zone it is UTC."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise InvalidInput("This is no time.", field="valid_from", value=text, expected="such as 2024-01-01") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
