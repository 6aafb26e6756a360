"""The drawing of a community's grids as a form carries it, and what comes of it in words."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from math import cos, radians
from typing import Any, NamedTuple

import shapely
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely.geometry.base import BaseGeometry

from wangge.base.errors import InvalidInput, MalformedInput
from wangge.base.geometry import parse_point
from wangge.interfaces.staff import seating, standing
from wangge.kernel.cases.moving import Handed
from wangge.kernel.duties.roster import Holding, Roster
from wangge.kernel.places.drawing import Drawn, Plan
from wangge.kernel.places.queries import Atlas
from wangge.kernel.places.redrawing import MOST_GRIDS, Present
from wangge.kernel.places.rules import shape_of
from wangge.kernel.places.tiling import METRES_A_DEGREE, Fault

MOST_TEXT = 2_000_000
MOST_POINTS = 2_000
FAULTS: dict[str, Promise] = {
    "gap": gettext_lazy("a gap of {n} m² between {grids}"),
    "overlap": gettext_lazy("{grids} overlap by {n} m²"),
    "outside": gettext_lazy("{grids} reach {n} m² outside the community"),
}
ANSWERS = ("grid_leader", "grid_worker")


class Hands(NamedTuple):
    """Open cases that go from one grid to another, and who answered and will answer there."""

    old: str
    new: str
    cases: int
    numbers: tuple[str, ...]
    before: str
    after: str


def text_of(drawn: Sequence[Drawn]) -> str:
    """The drawing as GeoJSON, one grid a line."""
    lines = [
        json.dumps({
            "type": "Feature",
            "properties": {"code": one.code, "name": one.name, "name_en": one.name_en},
            "geometry": json.loads(shapely.to_geojson(one.shape)),
        }, ensure_ascii=False)
        for one in sorted(drawn, key=lambda one: (not one.code, one.code))
    ]
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(lines) + "\n]}"


def drawn_of(text: str) -> list[Drawn]:
    """The drawing from GeoJSON. Raises `MalformedInput`, or `InvalidInput` naming the feature and what is wrong."""
    if len(text) > MOST_TEXT:
        raise InvalidInput("The drawing is too large.", field="grids", value=len(text), expected="at most 2 MB")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MalformedInput("This is no GeoJSON FeatureCollection.", field="grids", value=text) from error
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or not 0 < len(features) <= MOST_GRIDS:
        raise MalformedInput("This is no GeoJSON FeatureCollection.", field="grids", value=text,
                             expected=f"1 to {MOST_GRIDS} features")
    return [_grid(feature, number) for number, feature in enumerate(features, 1)]


def _grid(feature: Any, number: int) -> Drawn:
    said = feature.get("properties") if isinstance(feature, dict) else None
    said = said if isinstance(said, dict) else {}
    try:
        code, name = str(said.get("code") or ""), str(said.get("name") or "").strip()
        shape = shapely.from_wkb(shape_of(feature.get("geometry") or {}, "grid").wkb)
    except (InvalidInput, AttributeError) as error:
        raise InvalidInput("A grid of the drawing cannot be read.", field="grids",
                           value=f"{number}: {getattr(error, 'detail', error)}",
                           expected="a polygon in degrees, longitude first") from error
    if not name:
        raise InvalidInput("A grid needs a name.", field="name", value=code or number, expected="1 to 200 characters")
    return Drawn(code, name, str(said.get("name_en") or "").strip(), shape)


def points_of(text: str, field: str, least: int) -> list[tuple[float, float]]:
    """Corners, one a line: longitude, latitude. Raises `InvalidInput` naming the line."""
    lines = [line for line in text.replace(";", "\n").splitlines() if line.strip()]
    if not least <= len(lines) <= MOST_POINTS:
        raise InvalidInput("This is no list of corners.", field=field, value=f"{len(lines)} lines",
                           expected=f"{least} or more lines of longitude, latitude")
    found = []
    for line in lines:
        parts = line.replace(",", " ").split()
        if len(parts) != 2:
            raise InvalidInput("A corner is a longitude and a latitude.", field=field, value=line,
                               expected="such as 119.9503, 31.6601")
        point = parse_point(parts[0], parts[1], field=field)
        found.append((point.lon, point.lat))
    return found


def corners(drawn: Sequence[Drawn]) -> dict[str, str]:
    """The outline of each grid that has a code, one corner a line, without the repeated first."""
    told = {}
    for one in drawn:
        if one.code:
            outer = max(shapely.get_parts(one.shape), key=lambda part: part.area).exterior
            told[one.code] = "\n".join(f"{x:.7f}, {y:.7f}" for x, y in shapely.get_coordinates(outer)[:-1].tolist())
    return told


def faults_in_words(found: Sequence[Fault], names: Mapping[str, str]) -> list[str]:
    """Each fault with the grids concerned and its size."""
    return [
        str(FAULTS[one.kind]).format(n=one.square_metres, grids=_(", ").join(names.get(code, code)
                                                                            for code in one.codes) or "—")
        for one in found
    ]


def faults_on_the_map(found: Sequence[Fault]) -> str:
    """The outlines of faults as GeoJSON."""
    return json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"kind": one.kind}, "geometry": json.loads(shapely.to_geojson(one.shape))}
        for one in found[:200]
    ]})


def changes_in_words(now: Present, told: Plan) -> list[str]:
    """What the drawing changes, a line each."""
    lines = [
        _("{name} ({code}): another ground, {before} → {after} km²").format(
            name=one.name, code=one.code, before=square_km(now.grids[one.code].shape), after=square_km(one.shape))
        for one in told.rebound
    ]
    for one, origin in told.created:
        lines.append(_("{name} ({code}) is new, {size} km², mostly out of {origin}").format(
            name=one.name, code=one.code, size=square_km(one.shape),
            origin=now.grids[origin].name if origin in now.grids else "—"))
    by_code = {one.code: one.name for one in (*told.rebound, *(grid for grid, _origin in told.created))}
    for code, into in told.ended:
        lines.append(_("{name} ({code}) ends; {into} takes over").format(
            name=now.grids[code].name, code=code,
            into=by_code.get(into or "", now.grids[into].name if into in now.grids else "—")))
    lines += [
        _("{name} ({code}) is called {new}").format(name=now.grids[one.code].name, code=one.code, new=one.name)
        for one in told.renamed
    ]
    return lines


def hands(
    found: Sequence[Handed], names: Mapping[str, str], held: Sequence[Holding], places: Atlas, at: datetime
) -> list[Hands]:
    """The cases that change hands, by the grids between which they go, most first."""
    roster = Roster(held)
    pairs: dict[tuple[str, str], list[Handed]] = defaultdict(list)
    for one in found:
        pairs[one.old.code, one.new].append(one)
    counted = Counter({pair: len(cases) for pair, cases in pairs.items()})
    return [
        Hands(names.get(old, old), names.get(new, new), count,
              tuple(one.case.number for one in pairs[old, new][:12]),
              _answers(old, roster, places, at), _answers(new, roster, places, at))
        for (old, new), count in counted.most_common()
    ]


def _answers(code: str, roster: Roster, places: Atlas, at: datetime) -> str:
    """Who is in charge of a grid, or that nobody is and the community's answer."""
    area = places.by_code(code)
    rows = [row for post in ANSWERS for row in roster.on(area.path, post, at)] if area else []
    if not rows:
        return _("nobody yet: those of the community answer")
    return _(", ").join(f"{standing.post_name(row.post)} {row.name}".strip() for row in rows)


def duties_in_words(told: Plan, held: Sequence[Holding], places: Atlas) -> list[str]:
    """The duties on grids that end."""
    ends = {area.path: into for code, into in told.ended if (area := places.by_code(code))}
    return [
        _("{name}, {post} of {area}").format(name=row.name or _("(erased)"), post=standing.post_name(row.post),
                                             area=standing.area_name(places, row.area_path))
        + ("" if row.kind == "regular" else f" ({seating.KINDS[row.kind]})")
        for row in held if row.area_path in ends
    ]


def square_km(shape: BaseGeometry) -> str:
    """The size of a ground in degrees, in km² with two digits."""
    size = float(shape.area) * (METRES_A_DEGREE / 1000) ** 2 * cos(radians(shape.centroid.y))
    return f"{size:.2f}"
