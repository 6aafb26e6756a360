"""Who answers for the units of an area: by each post, whoever held it when the points were lost.

The findings of an area fall into segments by who held the post at their times. Its units (or its money, where the
policy says so) are divided over the segments by points; a segment that nobody held is a gap and charges nobody;
of a holder's part, what exempt findings make is taken off, so that an exemption never touches anybody else.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from wangge.assessment.core.allotting import Allotment, step_of
from wangge.assessment.core.amounts import apportion, half_up
from wangge.assessment.core.clauses import CityDeductions, JointLiability, Role
from wangge.assessment.core.counting import moment
from wangge.assessment.core.inputs import Finding, Inputs
from wangge.assessment.core.policy import Policy
from wangge.assessment.core.results import Part
from wangge.kernel.duties.roster import Holding, Roster


@dataclass(slots=True)
class _Segment:
    """Findings at whose times the same people held a post; weights in milli, [exempt, counted]."""

    holders: tuple[tuple[str, str], ...]
    weights: list[int] = field(default_factory=lambda: [0, 0])
    ticks: list[int] = field(default_factory=lambda: [0, 0])
    findings: list[str] = field(default_factory=list)


class Attribution:
    """Attributes the units of an allotment; answers of the roster are kept, as many findings share them."""

    def __init__(self, policy: Policy, inputs: Inputs, exempt: set[str]) -> None:
        self.policy = policy
        self.inputs = inputs
        self.exempt = exempt
        self.roster = Roster(inputs.duties)
        self.code_of = {place.path: place.code for place in inputs.places}
        self.paths_of: dict[str, set[str]] = defaultdict(set)
        for duty in inputs.duties:
            if duty.area_path.startswith(inputs.scope):
                self.paths_of[duty.post].add(duty.area_path)
        changes = {at for duty in inputs.duties for at in (duty.valid_from, duty.valid_to) if at}
        self._changes = sorted(changes)
        self._known: dict[tuple[str, str, int], tuple[tuple[str, str], ...]] = {}

    def parts(self, liable: JointLiability, clause: CityDeductions, allotment: Allotment,
              findings: Sequence[Finding]) -> list[Part]:
        """All parts, by the order of roles, then area, then holder."""
        counted = [one for one in findings if one.source in clause.sources and one.points]
        pools: dict[str, list[Finding]] = defaultdict(list)
        for one in counted:
            pools["" if liable.reach == "everyone" else allotment.area_of[one.key]].append(one)
        ticks = {"": sum(allotment.by_area.values())} if liable.reach == "everyone" else allotment.by_area
        return [
            part for role in liable.roles for area in sorted(pools)
            for part in self._area(role, liable, clause, area, ticks.get(area, 0), pools[area], allotment)
        ]

    def _area(self, role: Role, liable: JointLiability, clause: CityDeductions, area: str, ticks: int,
              findings: Sequence[Finding], allotment: Allotment) -> Iterator[Part]:
        segments = self._segments(role.post, liable.reach, findings, allotment)
        weights = [sum(one.weights) for one in segments]
        money: list[int | None] = [None] * len(segments)
        step = step_of(clause)
        if not allotment.ticks_of:
            if liable.handover == "money":
                step = 1
            for one, got in zip(segments, apportion(ticks, weights, step), strict=True):
                one.ticks = apportion(got, one.weights, step)
        if liable.handover == "money":
            shares = [sum(one.ticks) for one in segments] if allotment.ticks_of else weights
            money = list(apportion(self._price(role, ticks), shares))
        for one, amount in zip(segments, money, strict=True):
            yield from self._segment(role, area, one, amount)

    def _segment(self, role: Role, area: str, one: _Segment, amount: int | None) -> Iterator[Part]:
        exempt, ticks = one.ticks
        found = tuple(one.findings)
        if not one.holders:
            yield Part(role.post, area, "", "", ticks, None, exempt, found)
            return
        if amount is not None and exempt + ticks:
            amount = apportion(amount, one.weights)[1]
        count = len(one.holders)
        if role.holders == "each" or count == 1:
            for holder, duty_area in one.holders:
                yield Part(role.post, area, holder, duty_area, ticks, amount, exempt, found)
            return
        whole = self._price(role, ticks) if amount is None else amount
        equal = [1] * count
        divided = [apportion(whole_of, equal) for whole_of in (ticks, whole, exempt)]
        for (holder, duty_area), got, money, free in zip(one.holders, *divided, strict=True):
            yield Part(role.post, area, holder, duty_area, got, money, free, found)

    def _segments(self, post: str, reach: str, findings: Sequence[Finding], allotment: Allotment) -> list[_Segment]:
        """In the order of their first finding."""
        found: dict[tuple[str, ...], _Segment] = {}
        for one in findings:
            held = self._held(post, reach, one)
            key = tuple(holder for holder, _ in held)
            segment = found.setdefault(key, _Segment(held))
            place = 0 if one.key in self.exempt else 1
            segment.weights[place] += one.points
            segment.ticks[place] += allotment.ticks_of.get(one.key, 0)
            segment.findings.append(one.key)
        return list(found.values())

    def _held(self, post: str, reach: str, finding: Finding) -> tuple[tuple[str, str], ...]:
        """Holders with the area of their duty, each once, by id. Between two changes of duties they stay the same."""
        at = moment(self.policy, finding)
        path = "" if reach == "everyone" else finding.path
        key = post, path, bisect_right(self._changes, at)
        if key not in self._known:
            self._known[key] = self._asked(post, path, at)
        return self._known[key]

    def _asked(self, post: str, path: str, at: datetime) -> tuple[tuple[str, str], ...]:
        rows: list[Holding]
        if path:
            rows = self.roster.holders(path, post, at)
        else:
            rows = [row for area in sorted(self.paths_of[post]) for row in self.roster.on(area, post, at)]
        held: dict[str, str] = {}
        for row in rows:
            held.setdefault(holder_of(row), self.code_of.get(row.area_path, row.area_path.split("/")[-2]))
        return tuple(sorted(held.items()))

    def _price(self, role: Role, ticks: int) -> int:
        clause = self.policy.price_of(role.post)
        return half_up(clause.price(role.post, ticks) * Fraction(role.share)) if clause else 0


def holder_of(duty: Holding) -> str:
    """Who is charged: the person, or the organisation where no person is named."""
    return str(duty.person_id or duty.organisation_id)


def lower_of(now: Sequence[Part], found: Sequence[Part]) -> list[Part]:
    """The parts now, none above what the same holder had for the same post and area as everything was found."""
    room: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for part in found:
        room[part.key][0] += part.ticks
        room[part.key][1] += part.fen or 0
    kept = []
    for part in now:
        left = room[part.key]
        ticks = min(part.ticks, left[0])
        money = part.fen if part.fen is None else min(part.fen, left[1])
        left[0] -= ticks
        left[1] -= money or 0
        kept.append(part._replace(ticks=ticks, fen=money))
    return kept
