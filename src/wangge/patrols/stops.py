"""Stops of a patrol (关键点): areas, public parts or points, in order; and by what each was visited.

Pure but for reading the map. A stop is kept as text: an area's path, `part:` and a code, or `point:` and two numbers in
1e-7 degree. It counts as visited when whoever walks ticks it, by a spot check at it, or by a point of the track.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from wangge.base.errors import InvalidInput
from wangge.base.geometry import Point, distance_m, e7
from wangge.kernel.cases.models import Part
from wangge.kernel.places.queries import AreaInfo, atlas, locate

NEAR_M = 50
"""So near a part or a point a track or a check must come."""
HOW = ("ticked", "check", "track")


class Seen(NamedTuple):
    """Where the patrol was: by a spot check at a place, or by a point of its track."""

    how: str
    path: str
    point: Point | None


def stop_of(given: str, ground: AreaInfo, at: datetime) -> str:
    """A stop as it is kept, from a code of an area or a part, or `lon,lat` in WGS 84.

    Raises `InvalidInput` for what is none, or lies outside the ground of the patrol.
    """
    text = given.strip()
    area = atlas().by_code(text)
    if area is not None and area.holds(at):
        kept, path = area.path, area.path
    elif "," in text:
        point = _point(text)
        kept, path = f"point:{point.lon_e7},{point.lat_e7}", locate(point, at=at).path or ""
    else:
        part = Part.objects.filter(code=text).values_list("path", flat=True).first()
        if part is None:
            raise InvalidInput("There is no such stop.", field="stops", value=given,
                               expected="the code of an area or of a public part, or lon,lat")
        kept, path = f"part:{text}", part
    if not path.startswith(ground.path):
        raise InvalidInput("A stop lies outside the area of the patrol.", field="stops", value=given,
                           expected=f"places below {ground.path}")
    return kept


def _point(text: str) -> Point:
    try:
        lon, lat = (e7(one.strip()) for one in text.split(","))
        return Point(lon, lat)
    except (ValueError, ArithmeticError, InvalidInput) as error:
        raise InvalidInput("There is no such stop.", field="stops", value=text,
                           expected="lon,lat such as 119.9,31.6") from error


def points_of(stops: Iterable[str]) -> dict[str, Point]:
    """Where those stops lie that are parts or points. One statement at most."""
    found, codes = {}, {}
    for stop in stops:
        kind, _, rest = stop.partition(":")
        if kind == "point":
            lon, lat = rest.split(",")
            found[stop] = Point(int(lon), int(lat))
        elif kind == "part":
            codes[rest] = stop
    if codes:
        rows = Part.objects.filter(code__in=list(codes)).values_list("code", "lon_e7", "lat_e7")
        found |= {codes[code]: Point(lon, lat) for code, lon, lat in rows}
    return found


def visited(
    stops: list[str], before: Mapping[str, str], seen: Iterable[Seen], points: Mapping[str, Point]
) -> dict[str, str]:
    """By the number of each stop that was visited, how: as ticked before, else by a check, else by the track."""
    looks = sorted(seen, key=lambda one: HOW.index(one.how))
    found = dict(before)
    for number, stop in enumerate(stops):
        at: Callable[[Seen], bool] = _within(stop) if stop not in points else _near(points[stop])
        how = next((one.how for one in looks if at(one)), None)
        if how and str(number) not in found:
            found[str(number)] = how
    return found


def _within(path: str) -> Callable[[Seen], bool]:
    return lambda one: bool(one.path) and one.path.startswith(path)


def _near(point: Point) -> Callable[[Seen], bool]:
    return lambda one: one.point is not None and distance_m(one.point, point) <= NEAR_M


def name_of(stop: str, named: Callable[[str], str]) -> str:
    """What a stop is called: the area's name, the part's code, the point."""
    kind, _, rest = stop.partition(":")
    if kind == "part":
        return rest
    if kind == "point":
        lon, lat = (int(one) for one in rest.split(","))
        return f"{lon / 1e7:.5f}, {lat / 1e7:.5f}"
    return named(stop)
