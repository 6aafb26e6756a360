"""Public parts of the demo: lamps, covers, bins and trees along the streets, and what reported parts are about.

All invented, laid by geometry alone: the same plans give the same parts. Each is kept by the department to which
the shipped table sends its class.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from shapely.geometry import LineString
from shapely.geometry import Point as Spot

from wangge.base.geometry import Point, e7
from wangge.kernel.cases.parts.rules import NewPart
from wangge.scenarios.nanxiashu import ground
from wangge.scenarios.nanxiashu.layout import LINES, REGION
from wangge.scenarios.nanxiashu.plan import Plan
from wangge.scenarios.nanxiashu.rulebook import table

LAID: tuple[tuple[str, float, float], ...] = (
    ("P0137", 80, 7),  # lamps
    ("P0101", 240, -3), ("P0102", 240, 3), ("P0103", 160, -5), ("P0111", 400, 4),  # covers: water, sewage, rain, gas
    ("P0305", 200, 8), ("P0402", 120, -8),  # bins, trees
)  # fmt: skip
"""Class, metres from one to the next along a street, metres to the side of its middle."""
STREETS = ("NXS-L1", "NXS-L2", "NXS-L3")
BUILT = date(2019, 5, 1)
_BESIDE = 300
"""A reported part stands some 3 m from where the reporter stood, in 1e-7 degree."""


def parts(plans: Sequence[Plan], units: Mapping[str, UUID]) -> list[NewPart]:
    """Every part; codes count up within a class."""
    kept = keepers(units)
    found: list[NewPart] = []
    serials: dict[str, int] = {}
    for code, point in (*_along_streets(), *_reported(plans)):
        if code not in kept:
            continue
        serials[code] = serials.get(code, 0) + 1
        keeper = kept[code]
        found.append(
            NewPart(f"{REGION}{code[1:]}{serials[code]:06d}", point, owner=units["municipal_works"], keeper=keeper,
                    supervisor=units["urban_enforcement"], initial_on=BUILT)
        )  # fmt: skip
    return found


def keepers(units: Mapping[str, UUID]) -> dict[str, UUID]:
    """By class the department that the shipped table sends it to; classes that go to a post have none."""
    rows = [row for row in table("routing_defaults.csv") if row["kind"] == "part"]
    majors = {row["major_code"]: row for row in rows if row["minor_code"] == "*"}
    own = {(row["major_code"], row["minor_code"]): row for row in rows}
    found: dict[str, UUID] = {}
    for row in table("case_classes.csv"):
        if row["kind"] == "part":
            key = (row["major_code"], row["minor_code"])
            route = own.get(key) or majors[row["major_code"]]
            if route["target_kind"] == "department":
                found["P" + "".join(key)] = units[route["target"]]
    return found


def _along_streets() -> Iterator[tuple[str, Point]]:
    inside = ground.tiling().root.buffer(-0.0002)
    for line in (one for one in LINES if one.code in STREETS):
        track = LineString(line.points)
        for code, step, aside in LAID:
            edge = track.offset_curve(aside / 1000)
            for number in range(1, int(edge.length * 1000 / step)):
                spot = edge.interpolate(number * step / 1000)
                lon, lat = ground.degrees((spot.x, spot.y))
                if inside.contains(Spot(lon, lat)):
                    yield code, Point(e7(f"{lon:.7f}"), e7(f"{lat:.7f}"))


def _reported(plans: Sequence[Plan]) -> Iterator[tuple[str, Point]]:
    for plan in plans:
        if plan.text.code.startswith("P") and plan.place.point is not None and plan.place.grid is not None:
            yield plan.text.code, Point(plan.place.point.lon_e7, plan.place.point.lat_e7 + _BESIDE)
