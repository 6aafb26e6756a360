"""Which findings count, toward which clause, for which area; the daily limit; the streak of clean months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from wangge.assessment.core.clauses import CityDeductions, DailyLimit, Exemption, Ranking, Sentence
from wangge.assessment.core.inputs import Earlier, Finding, Inputs, Place
from wangge.assessment.core.periods import parse_month
from wangge.assessment.core.policy import Policy
from wangge.assessment.core.results import Day, Determination, Standing
from wangge.kernel.places.paths import ancestors

_SAID: dict[Standing, Sentence] = {
    "counted": Sentence("计入考核。", "counts."),
    "merged": Sentence("与另一条重复，只计一次。", "repeats another one, which counts once."),
    "self": Sentence("本人上报或自行处置，不作为扣分。", "reported or fixed by oneself: never counts against anybody."),
    "void": Sentence("申诉后撤销，不计分。", "void after an appeal: nothing is lost by it."),
    "outside": Sentence("不在本期或不属本政策来源。",
                        "lies outside the period or the place, or is of a source that does not count."),
}


class Ground:
    """The places of a run by path."""

    def __init__(self, inputs: Inputs) -> None:
        self.by_path = {place.path: place for place in inputs.places}
        self._known: dict[tuple[str, tuple[str, ...]], Place | None] = {}

    def at(self, path: str, kind: str) -> Place:
        """The nearest place of a kind at or above a path; where there is none, the place itself."""
        return self.of(path, (kind,)) or self.by_path.get(path) or Place(path.split("/")[-2], "", "", path)

    def of(self, path: str, kinds: Sequence[str]) -> Place | None:
        """The nearest place of some kinds at or above a path."""
        asked = path, tuple(kinds)
        if asked not in self._known:
            above = (self.by_path.get(one) for one in reversed(ancestors(path)))
            self._known[asked] = next((place for place in above if place and place.kind in kinds), None)
        return self._known[asked]


def moment(policy: Policy, finding: Finding) -> datetime:
    """The time of a finding that decides."""
    return finding.occurred if policy.moment == "occurred" else finding.discovered


def in_order(policy: Policy, findings: Iterable[Finding]) -> list[Finding]:
    """By the time that decides; equal times by area, source and number, however they came."""
    return sorted(findings, key=lambda one: (moment(policy, one), one.path, one.source, one.ref))


def as_found(findings: Iterable[Finding]) -> list[Finding]:
    """The findings as they were before anything was merged, cut or voided: what nobody's charge may exceed."""
    return [one._replace(points=one.found_points, merged_into="", void=False) for one in findings]


class Standings:
    """Whether findings count, by a policy, in a period of a place."""

    def __init__(self, policy: Policy, inputs: Inputs) -> None:
        self.policy = policy
        self.scope = inputs.scope
        self.starts, self.ends = inputs.period.starts, inputs.period.ends
        self.sources = {source for one in policy.clauses if isinstance(one, CityDeductions | DailyLimit | Ranking)
                        for source in one.sources}

    def of(self, finding: Finding) -> Standing:
        """What a finding is."""
        if finding.source == "self":
            return "self"
        if finding.merged_into:
            return "merged"
        if finding.void or (finding.found_points and not finding.points):
            return "void"
        inside = self.starts <= moment(self.policy, finding) < self.ends and finding.path.startswith(self.scope)
        return "counted" if inside and finding.source in self.sources else "outside"

    def counting(self, findings: Iterable[Finding]) -> list[Finding]:
        """Those that count, in their order."""
        return in_order(self.policy, [one for one in findings if self.of(one) == "counted"])


def determine(
    policy: Policy, inputs: Inputs, standings: Standings, ground: Ground, exempt: dict[str, Sentence]
) -> list[Determination]:
    """What became of each finding, in order."""
    found = []
    for one in in_order(policy, inputs.findings):
        state = standings.of(one)
        clauses = tuple(
            clause.name for clause in policy.clauses
            if state == "counted" and isinstance(clause, CityDeductions | DailyLimit | Ranking)
            and one.source in clause.sources
        )
        area = ground.at(one.path, "grid").code
        said = exempt.get(one.key) if state == "counted" else None
        words = said or Sentence(f"{one.key}：{_SAID[state].zh}", f"{one.key} {_SAID[state].en}")
        points = one.points if state == "counted" else 0
        found.append(Determination(one.key, area, state, points, clauses, said is not None, words))
    return found


def exemptions(clause: Exemption | None, inputs: Inputs, findings: Sequence[Finding]) -> dict[str, Sentence]:
    """The findings that nobody answers for inside, each with the reason."""
    return {key: clause.sentence(key, one.report, one.metres)
            for key, one in exempting(clause, inputs.earlier, findings).items()} if clause else {}


def exempting(
    clause: Exemption | None, earlier: Iterable[Earlier], findings: Iterable[Finding]
) -> dict[str, Earlier]:
    """The report by which each exempt finding is one: the first that was there before it, near enough and in time."""
    if clause is None:
        return {}
    reports: dict[str, list[Earlier]] = defaultdict(list)
    for report in earlier:
        reports[report.finding].append(report)
    found: dict[str, Earlier] = {}
    for one in findings:
        if one.source not in clause.sources:
            continue
        for report in reports[one.key]:
            if _exempts(clause, one, report):
                found[one.key] = report
                break
    return found


def _exempts(clause: Exemption, finding: Finding, report: Earlier) -> bool:
    earliest = finding.discovered - timedelta(days=clause.oldest_days)
    return (
        report.metres <= clause.within_m
        and (not clause.same_class or report.class_code == finding.class_code)
        and earliest <= report.reported < finding.discovered
        and (report.until is None or finding.discovered < report.until)
    )


def daily(policy: Policy, inputs: Inputs, ground: Ground, findings: Sequence[Finding]) -> list[tuple[Day, date]]:
    """The days of areas on which more was found than allowed, by day and area."""
    clause = policy.one(DailyLimit)
    if clause is None:
        return []
    counts: dict[tuple[date, str], int] = defaultdict(int)
    for one in findings:
        if one.source in clause.sources:
            day = inputs.period.day(moment(policy, one))
            counts[day, ground.at(one.path, clause.area_kind).code] += 1
    return [
        (Day(area, day.isoformat(), found, clause.above(found), clause.points(found)), day)
        for (day, area), found in sorted(counts.items()) if clause.above(found)
    ]


def streak(policy: Policy, inputs: Inputs) -> int:
    """Months in a row, up to the period's last, without a confirmed city deduction.

    It follows the city's own score: what is exempt inside breaks it all the same. A month without a check neither
    counts nor breaks it.
    """
    period = inputs.period
    lost: dict[int, int] = {month.number: month.lost for month in inputs.months}
    checked = {month.number for month in inputs.months if month.checked}
    for one in inputs.findings:
        at = moment(policy, one)
        if one.source == "city" and one.path.startswith(inputs.scope) and not one.merged_into and period.holds(at):
            month = period.month(at)
            checked.add(month)
            lost[month] = lost.get(month, 0) + one.points
    checked |= {period.month(one.at) for one in inputs.checks if one.source == "city" and period.holds(one.at)}
    since = min(checked, default=period.months.stop)
    if policy.streak.since:
        since = parse_month(policy.streak.since, "streak.since")
    if policy.streak.checks == "monthly":
        checked = set(range(since, period.months.stop))
    count = 0
    for month in range(period.months.stop - 1, since - 1, -1):
        if lost.get(month):
            break
        count += month in checked
    return count
