"""The policy lab: any version over past periods, beside the one that held then. Nothing is written or posted.

Shown are sums by role and by area, and how many people would gain and lose, never whom. Amounts of money are shadows:
so run the article's deposits, whatever mode of money is in force.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from wangge.assessment.core.periods import parse_period
from wangge.assessment.core.policy import Policy
from wangge.assessment.core.results import Statement
from wangge.assessment.core.run import run
from wangge.assessment.gathering import gather
from wangge.assessment.policies import queries as policies
from wangge.assessment.running.lines import OwnLine, own_lines
from wangge.assessment.trying import shipped
from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.kernel.places.queries import area_by_code, atlas

MOST = 12
"""So many periods at once, at most."""


class Sums(NamedTuple):
    """What a group of lines adds up to: thousandths of a point, ticks of units, fen."""

    points: int = 0
    ticks: int = 0
    fen: int = 0

    def plus(self, line: OwnLine) -> Sums:
        """With one line more."""
        return Sums(self.points + line.points, self.ticks + line.ticks, self.fen + line.fen)


@dataclass(slots=True)
class Side:
    """One policy over all periods: sums by post, by area of the duty, by holder."""

    by_post: dict[str, Sums] = field(default_factory=lambda: defaultdict(Sums))
    by_area: dict[str, Sums] = field(default_factory=lambda: defaultdict(Sums))
    by_holder: dict[str, Sums] = field(default_factory=lambda: defaultdict(Sums))
    total: Sums = field(default_factory=Sums)

    def add(self, lines: Iterable[OwnLine]) -> None:
        """The lines of one period."""
        for one in lines:
            self.total = self.total.plus(one)
            self.by_post[one.post] = self.by_post[one.post].plus(one)
            area = one.duty_area.split(", ")[0]
            self.by_area[area] = self.by_area[area].plus(one)
            self.by_holder[one.holder] = self.by_holder[one.holder].plus(one)


class PeriodRow(NamedTuple):
    """One period by both policies: their statements, and the name and number of the one that held."""

    code: str
    held: str
    now: Statement
    tried: Statement


class Compared(NamedTuple):
    """A version beside what held: sums of both, and how many people would lose less, more, or the same."""

    periods: tuple[PeriodRow, ...]
    now: Side
    tried: Side
    gain: int
    lose: int
    same: int


def compare(candidate: Policy, *, area: str, periods: Sequence[str], by: Mandate) -> Compared:
    """Run a policy over past periods of an area beside what held then. Needs `assess` there.

    Raises `InvalidInput` for no or too many periods, and for those that the policy does not assess.
    """
    place = area_by_code(area)
    if not 1 <= len(periods) <= MOST:
        raise InvalidInput("Choose some periods.", field="period", value=len(periods), expected=f"1 to {MOST}")
    zone, now, tried, rows = atlas().timezone(place.path), Side(), Side(), []
    for code in periods:
        held = policies.in_force(place.path, parse_period(code, zone))
        present = policies.stated(held.body) if held else shipped()
        if present.period != candidate.period:
            present = candidate
        one, other = (run(policy, gather(policy, code, by=by, area=place.code).inputs)
                      for policy in (present, candidate))
        now.add(own_lines(one))
        tried.add(own_lines(other))
        rows.append(PeriodRow(code, f"{present.policy}/{present.version}", one, other))
    gain, lose, same = _moved(now, tried)
    return Compared(tuple(rows), now, tried, gain, lose, same)


def _moved(now: Side, tried: Side) -> tuple[int, int, int]:
    gain = lose = same = 0
    for holder in now.by_holder.keys() | tried.by_holder.keys():
        was, becomes = (side.by_holder.get(holder, Sums()) for side in (now, tried))
        if (becomes.points, becomes.fen) == (was.points, was.fen):
            same += 1
        elif becomes.points <= was.points and becomes.fen <= was.fen:
            gain += 1
        else:
            lose += 1
    return gain, lose, same
