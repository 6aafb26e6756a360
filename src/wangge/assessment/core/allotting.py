"""The units of a period and how they fall on areas. What lowers points never raises anybody's units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from wangge.assessment.core.amounts import UNIT, apportion
from wangge.assessment.core.clauses import CityDeductions
from wangge.assessment.core.counting import Ground
from wangge.assessment.core.inputs import Finding


class Allotment(NamedTuple):
    """Points and ticks. `ticks_of` holds them by finding where units fall in the order of crossing, else nothing."""

    total: int
    excess: int
    ticks: int
    points: dict[str, int]
    by_area: dict[str, int]
    ticks_of: dict[str, int]
    area_of: dict[str, str]

    @property
    def unallotted(self) -> int:
        """Units that fall on nobody, because no relief may raise another's."""
        return self.ticks - sum(self.by_area.values())


def allot(clause: CityDeductions, ground: Ground, findings: Sequence[Finding]) -> Allotment:
    """Sum up, round once for the period, and allot to areas. `findings` are those that count, in order."""
    counted = [one for one in findings if one.source in clause.sources]
    points: dict[str, int] = defaultdict(int)
    area_of = {one.key: ground.at(one.path, clause.area_kind).code for one in counted}
    ticks_of: dict[str, int] = {}
    total = 0
    for one in counted:
        before = clause.units(clause.excess(total))
        total += one.points
        points[area_of[one.key]] += one.points
        if clause.allotment == "order_of_crossing":
            ticks_of[one.key] = clause.units(clause.excess(total)) - before
    excess = clause.excess(total)
    ticks = clause.units(excess)
    codes = sorted(points)
    if clause.allotment == "order_of_crossing":
        by_area = dict.fromkeys(codes, 0)
        for key, got in ticks_of.items():
            by_area[area_of[key]] += got
    else:
        by_area = dict(zip(codes, apportion(ticks, [points[code] for code in codes], step_of(clause)), strict=True))
    return Allotment(total, excess, ticks, {code: points[code] for code in codes}, by_area, ticks_of, area_of)


def held_below(now: Allotment, found: Allotment) -> Allotment:
    """The allotment now, where no area (or no finding, by order of crossing) has more than as everything was found."""
    if found.ticks_of:
        ticks_of = {key: min(got, found.ticks_of.get(key, 0)) for key, got in now.ticks_of.items()}
        by_area = dict.fromkeys(now.by_area, 0)
        for key, got in ticks_of.items():
            by_area[now.area_of[key]] += got
        return now._replace(ticks_of=ticks_of, by_area=by_area)
    return now._replace(by_area={code: min(got, found.by_area.get(code, 0)) for code, got in now.by_area.items()})


def step_of(clause: CityDeductions) -> int:
    """The smallest part of a unit that is allotted: a whole one, or pro rata a ten-thousandth."""
    return 1 if clause.rounding == "pro_rata" else UNIT
