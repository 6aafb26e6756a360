"""The small map of the brief and the grids that are unusually quiet: SVG made on the server, no script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from shapely.geometry.base import BaseGeometry

from wangge.interfaces.staff import standing
from wangge.interfaces.web.sketching import Sheet, sheet
from wangge.kernel.indicators.quiet import USUAL_DAYS, WINDOW, Silent
from wangge.kernel.places.queries import AreaInfo, Atlas, ancestors
from wangge.kernel.spots.queries.returns import Return

WIDTH, HEIGHT = 360, 260
"""The map's own pixels: those of a phone."""
MOST_GRIDS = 150
"""Where there are more grids, the communities are coloured."""
MOST_NAMES = 16
WIDEST = 14
"""The widest label, in letters."""
STEPS = (1, 5, 10)
"""From so many open cases on a grid is drawn in the next shade."""
MUCH = 4
"""A pin of so many cases is drawn as late."""
DAYS = USUAL_DAYS
"""Days without a report that are unusual."""
SHOWN = 3
E7 = 10_000_000


class Cell(NamedTuple):
    """A grid: its shape, its shade (0 none, 1 to 3), and in words how many are open."""

    path: str
    shade: int
    title: str


class Label(NamedTuple):
    """The name of a community, in the middle of its ground."""

    x: float
    y: float
    name: str


class Pin(NamedTuple):
    """A place where something came back, with its number of cases in 90 days."""

    x: float
    y: float
    cases: int
    kind: str
    title: str


class Map(NamedTuple):
    """What is drawn. `legend` are the shades with their counts and how many grids have each; `said` is it in words."""

    cells: list[Cell]
    edges: list[str]
    labels: list[Label]
    pins: list[Pin]
    legend: list[tuple[int, str, int]]
    said: str


class Quiet(NamedTuple):
    """A silent grid in words, and where somebody is sent to look."""

    name: str
    words: str
    look: str


def drawn(
    by_path: Mapping[str, int], back: Sequence[Return], root: AreaInfo, places: Atlas, now: datetime
) -> Map | None:
    """The map of what is open; None where nothing has a ground."""
    shapes = {area.path: (area, shape) for area, shape in places.grounds(root.path, root.layer, now)}
    cells = _cells(shapes.values(), root)
    if not cells:
        return None
    bounds = [shapes[path][1].bounds for path in shapes]
    west, south, east, north = zip(*bounds, strict=True)
    on = sheet((min(west), min(south), max(east), max(north)), WIDTH, HEIGHT)
    counts = _counts(by_path, cells)
    told = [
        Cell(on.path(shapes[path][1]), _shade(counts[path]),
             _("{place}: {n} open").format(place=standing.ground_name(places, path), n=counts[path]))
        for path in cells
    ]
    branches = [(area, shape) for area, shape in shapes.values() if area.kind in ("community", "village")]
    labels = [_label(on, area, shape, places) for area, shape in branches] if len(branches) <= MOST_NAMES else []
    shades = [cell.shade for cell in told]
    return Map(told, [on.path(shape) for _area, shape in branches], labels, [_pin(on, one, places) for one in back],
               [(shade, said, shades.count(shade)) for shade, said in _legend()], _said(counts, places))


def _cells(shapes: Iterable[tuple[AreaInfo, BaseGeometry]], root: AreaInfo) -> list[str]:
    found = list(shapes)
    for kinds in (("grid",), ("community", "village")):
        paths = [area.path for area, _shape in found if area.kind in kinds]
        if 0 < len(paths) <= MOST_GRIDS:
            return paths
    return [area.path for area, _shape in found if area.path == root.path]


def _counts(by_path: Mapping[str, int], cells: Sequence[str]) -> dict[str, int]:
    """Open cases by the nearest of these paths at or above theirs."""
    counts = dict.fromkeys(cells, 0)
    for path, n in by_path.items():
        cell = next((one for one in reversed(ancestors(path)) if one in counts), None)
        if cell is not None:
            counts[cell] += n
    return counts


def _shade(count: int) -> int:
    return sum(count >= step for step in STEPS)


def _legend() -> list[tuple[int, str]]:
    one, two, three = STEPS
    return [(1, f"{one}–{two - 1}"), (2, f"{two}–{three - 1}"), (3, _("{n} and more").format(n=three))]


def _label(on: Sheet, area: AreaInfo, shape: BaseGeometry, places: Atlas) -> Label:
    middle = shape.representative_point()
    name = standing.area_name(places, area.path)
    for ending in ("社区", " Community", " Village"):
        name = name.removesuffix(ending) or name
    return Label(*on.point(middle.x, middle.y), _clipped(name))


def _clipped(name: str) -> str:
    """As much of a name as fits; a Chinese character is as wide as two letters."""
    wide = 0
    for at, letter in enumerate(name):
        wide += 2 if ord(letter) > 0x2E7F else 1
        if wide > WIDEST:
            return name[: at - 1].rstrip() + "…"
    return name


def _pin(on: Sheet, one: Return, places: Atlas) -> Pin:
    x, y = on.point(one.lon_e7 / E7, one.lat_e7 / E7)
    kind = "late" if one.cases >= MUCH else "soon"
    return Pin(x, y, one.cases, kind, standing.ground_name(places, one.path))


def _said(counts: Mapping[str, int], places: Atlas) -> str:
    """The map in a sentence, for who does not see it."""
    worst = max(counts, key=lambda path: counts[path])
    if not counts[worst]:
        return _("Map: nothing is open.")
    return _("Map of open cases; most are open in {place}: {n}.").format(
        place=standing.ground_name(places, worst), n=counts[worst])


def quiet(found: Sequence[Silent], places: Atlas, now: datetime) -> list[Quiet]:
    """The silent grids, the longest silence first."""
    told = []
    for one in found[:SHOWN]:
        if one.last:
            days = (now - one.last).days
            said = ngettext("no report for {n} day", "no report for {n} days", days).format(n=days)
        else:
            said = _("no report for {n} days or more").format(n=min(WINDOW.days, max(DAYS, (now - one.since).days)))
        people = ngettext("{n} on duty", "{n} on duty", one.people).format(n=one.people)
        look = urlencode({"kind": "directive", "area": one.grid.code})
        told.append(Quiet(
            standing.ground_name(places, one.grid.path), _("{silence}, {people}").format(silence=said, people=people),
            f"{reverse('staff:task-new')}?{look}",
        ))
    return told
