"""The worked examples of assessment, through the pure engine; each has its number in the name of its test."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.assessment.core.quarter import (
    FINDINGS,
    FIVE,
    MONEY,
    PLACES,
    at,
    charge,
    duty,
    finding,
    inputs,
    person,
    policy,
    units,
    yuan,
)
from wangge.assessment.core.amounts import apportion
from wangge.assessment.core.clauses import IndicatorScore, Ranking
from wangge.assessment.core.correcting import Published, appealed, corrections, net
from wangge.assessment.core.deposits import DepositState, charged, period_ended, refunded
from wangge.assessment.core.files import parse_policy
from wangge.assessment.core.inputs import Checks, Figures, Inputs, Place
from wangge.assessment.core.periods import parse_period
from wangge.assessment.core.results import Statement
from wangge.assessment.core.run import run
from wangge.assessment.core.telling import tell


def ticks(statement: Statement) -> str:
    return f"{(Decimal(statement.ticks) / 10_000).normalize():f}"


@pytest.mark.parametrize(
    ("rounding", "expected"), [("floor", "3"), ("ceiling", "4"), ("half_up", "4"), ("pro_rata", "3.5")]
)
def test_example_01_units_are_rounded_once_a_period(rounding: str, expected: str) -> None:
    found = run(policy(rounding=rounding), inputs())
    assert (found.total, found.excess, ticks(found)) == (2350, 350, expected)
    told = tell(found, {})
    assert [told[name] for name in ("total", "cap", "excess", "units")] == ["2.35", "2.00", "0.35", expected]


@pytest.mark.parametrize(
    ("excess", "expected"),
    [("0.04", "010"), ("0.05", "011"), ("0.10", "111"), ("0.19", "122"), ("0.00", "000")],
)
def test_example_02_rounding_at_the_edges(excess: str, expected: str) -> None:
    lost = (finding(1, "G1", str(Decimal("2.00") + Decimal(excess)), "01-10"),)
    got = [ticks(run(policy(rounding=one), inputs(lost))) for one in ("floor", "ceiling", "half_up")]
    assert "".join(got) == expected


def test_example_02_what_floats_would_get_wrong() -> None:
    assert ticks(run(policy(cap="2.50"), inputs((finding(1, "G1", "2.80", "01-10"),)))) == "3"


@pytest.mark.parametrize(
    ("allotment", "expected"),
    [
        ("largest_remainder", {"G1": "2", "G2": "1", "G3": "0"}),
        ("order_of_crossing", {"G1": "2", "G2": "0", "G3": "1"}),
    ],
)
def test_example_03_allotment_over_grids(allotment: str, expected: dict[str, str]) -> None:
    assert units(run(policy(allotment=allotment), inputs())) == expected


def test_example_04_five_liable_roles_and_the_contractor() -> None:
    found = run(policy(), inputs())
    for name in ("leader1", "worker1", "officer"):
        assert yuan(found, name) == "1000"
    assert yuan(found, "firm") == "15000"
    five = run(policy(cap="1.20"), inputs(FINDINGS[:1] + FINDINGS[2:3], FIVE))
    assert units(five) == {"G1": "2"}
    assert [yuan(five, name) for name in ("leader1", "worker1", "officer", "secretary", "chief")] == ["1000"] * 5


def test_example_04_three_people_share_one_charge() -> None:
    three = tuple(duty("officer", name, "G1") for name in ("a", "b", "c"))
    found = run(policy(holders={"officer": "split"}), inputs(duties=three))
    assert sorted(one.fen for one in found.charges) == [33333, 33333, 33334]
    assert sum(one.fen for one in run(policy(), inputs(duties=three)).charges) == 300_000
    assert apportion(100_000, [1, 1, 1]) == [33334, 33333, 33333]


def test_example_05_once_a_person_or_once_a_role() -> None:
    both = (duty("secretary", "x", "C1"), duty("grid_leader", "x", "G1"))
    lost = FINDINGS[:1] + FINDINGS[2:3]
    once = run(policy(cap="1.20"), inputs(lost, both))
    assert yuan(once, "x") == "1000"
    found = charge(once, "x")
    assert found is not None
    assert {(one.post, one.counted) for one in found.grounds} == {("secretary", False), ("grid_leader", True)}
    assert len(found.said) == 3
    summed = run(policy(cap="1.20", once_a="role"), inputs(lost, both))
    assert [one.fen for one in summed.charges] == [100_000, 100_000]


def test_example_05_one_officer_over_two_grids() -> None:
    found = run(policy(), inputs(duties=(duty("officer", "o", "G1"), duty("officer", "o", "G2"))))
    got = charge(found, "o")
    assert got is not None
    assert (got.ticks, got.fen, dict(got.areas)) == (30_000, 150_000, {"G1": 20_000, "G2": 10_000})


HANDED = (duty("grid_leader", "A", "G1", ends=at("03-01 00:00")), duty("grid_leader", "B", "G1", at("03-01 00:00")))


def test_example_06_a_handover_divides_units_or_money() -> None:
    found = run(policy(), inputs(duties=HANDED))
    assert [(yuan(found, name), charge(found, name).ticks) for name in "AB"] == [  # type: ignore[union-attr]
        ("500", 10_000), ("500", 10_000)]
    money = run(policy(handover="money"), inputs(duties=HANDED))
    assert [yuan(money, name) for name in "AB"] == ["357.14", "642.86"]


def test_example_06_the_moment_of_handover_belongs_to_the_successor() -> None:
    lost = (FINDINGS[0], FINDINGS[1], finding(3, "G1", "0.90", "03-01 00:00"), FINDINGS[3])
    assert yuan(run(policy(), inputs(lost, HANDED)), "B") == "500"


def test_example_06_a_vacant_post_charges_nobody_and_is_reported() -> None:
    found = run(policy(), inputs(duties=HANDED[:1]))
    assert yuan(found, "A") == "500"
    gaps = {(one.post, one.area): one.ticks for one in found.gaps}
    assert gaps["grid_leader", "G1"] == 10_000
    assert sum(one.fen for one in found.charges) == 50_000


def kept(statement: Statement) -> list[Published]:
    return [Published(one.key, one.holder, one.post, str(one.ticks), one.fen) for one in statement.charges]


def test_example_06_a_late_handover_is_corrected_in_the_current_period() -> None:
    before = run(policy(), inputs(duties=(duty("grid_leader", "A", "G1"),)))
    after = run(policy(), inputs(duties=HANDED))
    entries = corrections(kept(before), kept(after))
    a, b = str(person("A")), str(person("B"))
    assert sorted((one.kind, one.holder, one.fen) for one in entries) == sorted([
        ("reversal", a, -100_000), ("charge", a, 50_000), ("charge", b, 50_000),
    ])
    assert net(entries) == {a: -50_000, b: 50_000}
    assert yuan(before, "A") == "1000"


SEVEN = (*HANDED, duty("officer", "o", "G1"), duty("officer", "o", "G2"), duty("contractor", "firm", "S"))


def test_example_07_an_appeal_is_refunded() -> None:
    before = run(policy(), inputs(duties=SEVEN))
    after = run(policy(), appealed(inputs(duties=SEVEN), {"city/3": 700}))
    assert (after.excess, ticks(after)) == (150, "1")
    back = net(corrections(kept(before), kept(after)))
    assert yuan(after, "B") == "500"
    assert back == {str(person("A")): -50_000, str(person("o")): -100_000, str(person("firm")): -1_000_000}


def test_example_07_a_void_finding_refunds_everybody() -> None:
    before = run(policy(), inputs(duties=SEVEN))
    after = run(policy(), appealed(inputs(duties=SEVEN), {"city/1": 0}))
    assert (after.total, after.ticks, after.charges) == (1850, 0, ())
    owed: dict[str, int] = {}
    for one in before.charges:
        owed[one.holder] = owed.get(one.holder, 0) - one.fen
    assert net(corrections(kept(before), kept(after))) == owed


def test_example_07_an_appeal_never_raises_anyone_elses_charge() -> None:
    lost = (finding(1, "G1", "0.40", "01-10"), finding(2, "G2", "0.40", "02-03"), finding(3, "G3", "1.50", "03-01"))
    given = inputs(lost, (duty("officer", "o2", "G2"),))
    assert units(run(policy(), given)) == {"G1": "1", "G2": "0", "G3": "2"}
    plainly = run(policy(), inputs((lost[0]._replace(points=350, found_points=350), *lost[1:])))
    assert units(plainly) == {"G1": "0", "G2": "1", "G3": "1"}
    cut = run(policy(), appealed(given, {"city/1": 350}))
    assert units(cut) == {"G1": "0", "G2": "0", "G3": "1"}
    assert (ticks(cut), cut.unallotted, cut.charges) == ("2", 10_000, ())


BRACKETS = """  - kind: brackets
    manner: {manner}
    posts: [grid_leader, grid_worker, officer, secretary, leader, contractor]
    steps: [{{up_to: 3, yuan: 500}}, {{up_to: 6, yuan: 800}}, {{yuan: 1000}}]
"""


@pytest.mark.parametrize(
    ("manner", "amounts"),
    [("marginal", {3: "1500", 5: "3100", 7: "4900"}), ("slab", {3: "1500", 5: "4000", 6: "4800", 7: "7000"})],
)
def test_example_08_brackets(manner: str, amounts: dict[int, str]) -> None:
    for count, expected in amounts.items():
        lost = (finding(1, "G1", str(Decimal(2) + Decimal(count) / 10), "01-10"),)
        found = run(policy(price=BRACKETS.format(manner=manner)), inputs(lost))
        assert yuan(found, "officer") == expected
    assert "3 × 500 + 2 × 800 = 3,100" in run(
        policy(price=BRACKETS.format(manner="marginal")), inputs((finding(1, "G1", "2.50", "01-10"),))
    ).charges[0].arithmetic


def test_example_09_a_deposit_and_its_shortfall() -> None:
    state = DepositState(200_000)
    for _ in range(2):
        state = charged(state, 150_000)
    assert state == DepositState(0, 100_000)
    assert refunded(state, 150_000) == DepositState(50_000, 0)
    assert period_ended(state) == DepositState(0, 0)


def test_example_09_in_a_statement() -> None:
    both = (duty("secretary", "x", "C1"), duty("officer", "x", "C1"))
    found = run(policy(once_a="role", price=MONEY + "    deposit: 2000\n"), inputs(duties=both))
    assert [one.fen for one in found.charges] == [150_000, 150_000]
    assert [(one.balance, one.taken, one.shortfall) for one in found.deposits] == [(0, 200_000, 100_000)]


DAILY = "  - {kind: daily_limit, limit: 3, points_each: 0.1}\n"


@pytest.mark.parametrize(("count", "above"), [(3, 0), (4, 1), (7, 4)])
def test_example_10_the_daily_limit(count: int, above: int) -> None:
    lost = tuple(finding(n, "G1", "0", f"01-10 {9 + n:02d}:00", "subdistrict") for n in range(count))
    found = run(policy(more=DAILY), inputs(lost))
    assert sum(one.above for one in found.daily) == above
    assert sum(one.points for one in found.daily) == 100 * above
    assert all(one.found == count for one in found.daily)


def test_example_10_midnight_parts_two_days() -> None:
    times = ("01-10 23:57", "01-10 23:58", "01-10 23:59", "01-11 00:01")
    lost = tuple(finding(n, "G1", "0", when, "subdistrict") for n, when in enumerate(times))
    assert run(policy(more=DAILY), inputs(lost)).daily == ()
    same = tuple(finding(n, "G1", "0", f"01-10 23:5{n}", "subdistrict") for n in range(4))
    assert [(one.day, one.above) for one in run(policy(more=DAILY), inputs(same)).daily] == [("2019-01-10", 1)]


def test_example_10_the_quarter_is_the_place_s_own() -> None:
    late = (finding(1, "G1", "0.50", datetime(2026, 3, 31, 16, 30, tzinfo=UTC)),)
    assert run(policy(), inputs(late, period="2026Q1")).total == 0
    assert run(policy(), inputs(late, period="2026Q2")).total == 500


COMMUNITIES = (PLACES[0], *(Place(f"C{n}", f"C{n}", "community", f"S/C{n}/") for n in range(1, 5)))


def ranked(points: dict[str, str], checks: dict[str, int], **change: object) -> list[tuple[str, int | None, str, str]]:
    more = "  - {kind: ranking, " + ", ".join(f"{name}: {value}" for name, value in change.items()) + "}\n"
    lost = tuple(
        finding(area, "S", text, "01-10", "subdistrict")._replace(path=f"S/{area}/") for area, text in points.items()
    )
    seen = tuple(Checks("subdistrict", f"S/{area}/", at("01-10"), count) for area, count in checks.items())
    given = Inputs(parse_period("2019Q1"), "S/", COMMUNITIES, lost, (), seen)
    found = run(policy(more=more), given).ranking
    return [(one.area, one.place, one.flag, one.said.en) for one in found]


def test_example_11_equal_scores_share_a_place_and_who_is_not_inspected_is_not_rated() -> None:
    found = ranked({"C1": "1.00", "C2": "1.00", "C3": "30.00"}, {"C1": 10, "C2": 10, "C3": 10}, per_point=10)
    assert [(area, place, flag) for area, place, flag, _ in found] == [
        ("C1", 1, "steed"), ("C2", 1, "steed"), ("C3", 3, "snail"), ("C4", None, ""),
    ]
    assert "not rated" in found[-1][3]


def test_example_11_being_inspected_twice_as_often_costs_nothing() -> None:
    assert Ranking().score(2000, 10) == Ranking().score(4000, 20) == 98
    found = ranked({"C1": "2.00", "C2": "4.00"}, {"C1": 10, "C2": 20})
    assert [place for _, place, _, _ in found] == [1, 1, None, None]


def test_example_11_no_snail_where_all_are_excellent_or_inspections_are_few() -> None:
    excellent = ranked({"C1": "1.00", "C2": "2.00"}, {"C1": 10, "C2": 10})
    assert [flag for _, _, flag, _ in excellent] == ["steed", "", "", ""]
    assert "all are excellent" in excellent[1][3].lower()
    few = ranked({"C1": "1.00", "C2": "20.00"}, {"C1": 10, "C2": 4})
    assert [flag for _, _, flag, _ in few] == ["steed", "", "", ""]
    assert "too few to tell" in few[1][3]
    assert [flag for _, _, flag, _ in ranked({"C1": "1.00", "C2": "20.00"}, {"C1": 10, "C2": 5})][1] == "snail"


SCORE = """
policy: score
version: 1
title: {zh: 系统评分}
valid_from: 2019-01-01
clauses:
  - kind: indicator_score
    components:
      - {weight: 0.8, terms: [{figure: on_time, of: due}, {figure: late, of: due, factor: 0.4}]}
      - {weight: 0.1, complement: true, terms: [{figure: extended, of: due}]}
      - {weight: 0.1, complement: true, terms: [{figure: reworked, of: due}]}
"""


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((10_000, 9_991, 9, 0, 0), "99.96"), ((10_000, 9_983, 17, 9, 9), "99.90"),
        ((10_000, 10_000, 0, 210, 0), "99.79"), ((57, 54, 1, 1, 0), "96.18"), ((0, 0, 0, 0, 0), "—"),
    ],
)
def test_example_12_the_system_score(counts: tuple[int, ...], expected: str) -> None:
    figures = Figures("市政处", dict(zip(("due", "on_time", "late", "extended", "reworked"), counts, strict=True)))
    found = run(parse_policy(SCORE), inputs((), (), figures=(figures,)))
    assert [one.shown for one in found.scores] == [expected]
    clause = next(parse_policy(SCORE).every(IndicatorScore))
    assert (clause.score(figures.counts)[0] is None) == (expected == "—")
