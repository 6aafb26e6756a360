"""Insight in words: what changed between periods, a line over months, maps of grids and spots, silent grids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from shapely.geometry.base import BaseGeometry

from wangge.interfaces.staff import charting, figuring, spotwords, standing
from wangge.interfaces.staff.charting import Line
from wangge.interfaces.staff.figuring import Cell, Params
from wangge.interfaces.web import words
from wangge.interfaces.web.sketching import Sheet, sheet
from wangge.kernel.indicators.periods import Period
from wangge.kernel.indicators.queries import Figure, Figures, Table
from wangge.kernel.indicators.quiet import Reports, Silent
from wangge.kernel.indicators.table import Indicator
from wangge.kernel.places.queries import AreaInfo, Atlas
from wangge.kernel.spots.queries import SpotRow
from wangge.kernel.wall.density import Densities, densities

WIDTH, HEIGHT = 640, 440
"""A map's own pixels; it grows and shrinks with the page."""
E7 = 10_000_000
LONG = 30
"""Days of silence that fill the bar."""
LEVELS: tuple[Promise, ...] = (
    gettext_lazy("nothing reported"), gettext_lazy("few"), gettext_lazy("below the mean"),
    gettext_lazy("above the mean"), gettext_lazy("twice the mean or more"),
)  # fmt: skip
"""What the levels of `wall.density` say."""


class Change(NamedTuple):
    """The figure of another period, and what changed since, with whether that is `good`, `bad` or neither ('')."""

    cell: Cell
    words: str
    tone: str


@dataclass(frozen=True, slots=True)
class Compared:
    """An indicator now and in the other periods. `line` leads to its line over the months."""

    name: str
    line: str
    current: bool
    now: Cell
    changes: list[Change]


class Step(NamedTuple):
    """A period of the line, with its figure."""

    period: str
    short: str
    cell: Cell


class GridRow(NamedTuple):
    """A grid of the map: its shape, how loud it is, its cases and where their list is."""

    name: str
    path: str
    level: int
    level_words: Promise
    cases: int
    density: str
    address: str


class SpotMark(NamedTuple):
    """A recurring spot on the map and in the table."""

    title: str
    place: str
    state: str
    pie: str
    cases: int
    x: float
    y: float
    r: float
    address: str


class SilentRow(NamedTuple):
    """A silent grid in words; `bar` is the length of the silence, 100 for a month and more."""

    name: str
    words: str
    last: str
    people: str
    days: int
    bar: int
    address: str


def narrowed(params: Params) -> dict[str, str]:
    """The conditions on the cases that every list behind a number takes along."""
    return {name: params[name] for name in ("class", "unit") if params.get(name)}


def cells(figures: Figures, wanted: Sequence[Indicator], params: Params, period: str) -> list[Cell]:
    """The figures of a period with the addresses of their cases."""
    asked = {**narrowed(params), "period": period, "area": params["area"], "by": ""}
    return figuring.total_of(Table(figures, {}), wanted, asked, None).cells


def compared(
    wanted: Sequence[Indicator], params: Params, now: tuple[Period, Figures], others: Sequence[tuple[Period, Figures]]
) -> list[Compared]:
    """Each indicator of the period beside the same one of others."""
    here = cells(now[1], wanted, params, now[0].text)
    there = [cells(figures, wanted, params, period.text) for period, figures in others]
    return [
        Compared(
            figuring.name_of(one), figuring.address(params, "staff:insight", line=one.code) + "#trend",
            params["line"] == one.code, here[number],
            [Change(there[k][number], *difference(one, now[1][one.code], figures[one.code]))
             for k, (_period, figures) in enumerate(others)],
        )
        for number, one in enumerate(wanted)
    ]  # fmt: skip


def difference(one: Indicator, now: Figure, then: Figure) -> tuple[str, str]:
    """What changed, in words, and whether it is good, bad or neither. Shares differ by percentage points."""
    if one.numerator is None:
        if now.seconds is None or then.seconds is None:
            return _("nothing to compare"), ""
        sign = (now.seconds // 60 > then.seconds // 60) - (now.seconds // 60 < then.seconds // 60)
        span = words.span(timedelta(minutes=abs(now.seconds // 60 - then.seconds // 60)))
        said = (_("{span} longer") if sign > 0 else _("{span} shorter")).format(span=span)
    else:
        if now.value is None or then.value is None:
            return _("nothing to compare"), ""
        sign = (now.value > then.value) - (now.value < then.value)
        points = f"{abs(now.value - then.value) * 100:.2f}"
        said = (_("{n} points higher") if sign > 0 else _("{n} points lower")).format(n=points)
    if not sign:
        return pgettext("figure", "the same"), ""
    if one.good == "none":
        return said, ""
    good = (sign > 0) == (one.good == "high")
    return (_("{change}: better") if good else _("{change}: worse")).format(change=said), "good" if good else "bad"


def headline(told: Sequence[Compared], number: int, now: str, then: str) -> str:
    """“2026-11 against 2026-10: 3 better, 1 worse, 2 neither.”"""
    tones = [row.changes[number].tone for row in told]
    return _("{now} against {then}: {good} better, {bad} worse, {rest} neither.").format(
        now=now, then=then, good=tones.count("good"), bad=tones.count("bad"), rest=tones.count("")
    )


def trend(one: Indicator, periods: Sequence[Period], found: Sequence[Figures]) -> Line | None:
    """The line of an indicator, None where no period counted anything."""
    values = [figures[one.code] for figures in found]
    if one.numerator is None:
        return charting.line([figure.seconds for figure in values], share=False)
    return charting.line([None if figure.value is None else float(figure.value) for figure in values], share=True)


def scale_end(one: Indicator, value: float) -> str:
    """An end of the line's scale in words."""
    return words.span(timedelta(seconds=value)) if one.numerator is None else f"{value * 100:.0f} %"


def steps(one: Indicator, periods: Sequence[Period], found: Sequence[Figures], params: Params) -> list[Step]:
    """The periods of the line."""
    return [
        Step(period.text, period.text[2:], cells(figures, [one], params, period.text)[0])
        for period, figures in zip(periods, found, strict=True)
    ]


class Ground(NamedTuple):
    """The grids of a place, or the place itself where it has none: their shapes, extents and the sheet they fit."""

    shapes: Mapping[str, BaseGeometry]
    extents: Mapping[str, float]
    sheet: Sheet | None


def ground_of(shapes: Mapping[str, BaseGeometry], extents: Mapping[str, float]) -> Ground:
    """The sheet that holds all shapes; None where nothing is drawn."""
    bounds = [shape.bounds for shape in shapes.values() if not shape.is_empty]
    if not bounds:
        return Ground(shapes, extents, None)
    west, south, east, north = zip(*bounds, strict=True)
    return Ground(shapes, extents, sheet((min(west), min(south), max(east), max(north)), WIDTH, HEIGHT))


def grid_rows(
    ground: Ground, known: Mapping[str, Reports], params: Params, places: Atlas
) -> tuple[list[GridRow], Densities]:
    """The grids, the densest first."""
    counted = {path: one.cases for path, one in known.items()}
    found = densities(counted, ground.extents)
    dense = {path: counted.get(path, 0) / extent if extent else 0.0 for path, extent in ground.extents.items()}
    return [
        GridRow(
            standing.ground_name(places, path), ground.sheet.path(ground.shapes[path]) if ground.sheet else "",
            found.levels[path], LEVELS[found.levels[path]], counted.get(path, 0), f"{dense[path]:.1f}",
            figuring.address(
                {**narrowed(params), "period": params["period"], "area": places.by_path[path].code},
                "staff:behind", code="unclosed", part="denominator",
            ),
        )
        for path in sorted(ground.extents, key=lambda path: (-dense[path], path))
    ], found  # fmt: skip


def legend(found: Densities) -> list[tuple[int, str]]:
    """The levels of the map with their bounds in cases a square kilometre; none where nothing was reported."""
    if not any(found.bounds):
        return []
    one, two, three = (f"{bound:g}" for bound in found.bounds)
    told = (_("none"), f"< {one}", f"{one} – {two}", f"{two} – {three}", f"≥ {three}")
    return list(enumerate(told))


def spot_marks(found: Sequence[SpotRow], ground: Ground, places: Atlas) -> list[SpotMark]:
    """The spots, those with most cases first; a mark's ground grows with its cases."""
    marks = []
    for row in sorted(found, key=lambda row: (-row.cases, row.number)):
        x, y = ground.sheet.point(row.lon_e7 / E7, row.lat_e7 / E7) if ground.sheet else (0.0, 0.0)
        marks.append(
            SpotMark(
                spotwords.title(row), standing.ground_name(places, row.path), str(spotwords.STATES[row.state]),
                spotwords.PIES[row.state], row.cases, x, y, round(min(5 + 2 * row.cases**0.5, 24), 1),
                reverse("staff:spot", args=[row.number]),
            )
        )  # fmt: skip
    return marks


def silent_rows(found: Sequence[Silent], places: Atlas, now: datetime) -> list[SilentRow]:
    """The silent grids, the longest silence first."""
    told = []
    for one in found:
        days = (now - one.since).days
        if one.last:
            said = ngettext("no report for {n} day", "no report for {n} days", days)
        else:
            said = ngettext("no report ever, on duty for {n} day", "no report ever, on duty for {n} days", days)
        query = urlencode({"area": one.grid.code, "state": "any", "order": "newest"})
        told.append(
            SilentRow(
                standing.ground_name(places, one.grid.path), said.format(n=days),
                words.moment(one.last, now=now) if one.last else _("never"),
                ngettext("{n} on duty", "{n} on duty", one.people).format(n=one.people), days,
                min(100, 100 * days // LONG), f"{reverse('staff:queue')}?{query}",
            )
        )  # fmt: skip
    return told


def grids_at(area: AreaInfo, places: Atlas, now: datetime) -> list[AreaInfo]:
    """The grids at and below a place that exist now."""
    return [one for one in places.below(area.path, at=now) if one.kind == "grid"]
