"""What holds for any policy, duties and findings; and the shipped policy against a slow reckoning of its own."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assessment.core import reference
from tests.assessment.core.quarter import GRIDS, MONEY, POSTS, SHANGHAI, at, duty, finding, inputs, person, policy
from tests.assessment.core.test_worked_examples import BRACKETS, DAILY
from wangge.assessment.core.correcting import appealed
from wangge.assessment.core.inputs import Earlier, Finding, Inputs
from wangge.assessment.core.policy import Policy
from wangge.assessment.core.results import Statement
from wangge.assessment.core.run import run
from wangge.assessment.trying import shipped
from wangge.kernel.duties.roster import Holding

BEGIN = datetime(2018, 12, 30, tzinfo=SHANGHAI)
HOURS = st.integers(0, 94 * 24)
FALLING = BRACKETS.replace("yuan: 800", "yuan: 100")
EXEMPT = "  - {kind: exemption}\n"


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Any mixture of what a policy may say."""
    return policy(
        cap=draw(st.sampled_from(["0", "0.55", "1.0", "2.00"])), unit=draw(st.sampled_from(["0.1", "0.25", "0.3"])),
        rounding=draw(st.sampled_from(["floor", "ceiling", "half_up", "pro_rata"])),
        allotment=draw(st.sampled_from(["largest_remainder", "order_of_crossing"])),
        reach=draw(st.sampled_from(["bound", "everyone"])), once_a=draw(st.sampled_from(["person", "role"])),
        handover=draw(st.sampled_from(["units", "money"])),
        holders=draw(st.dictionaries(st.sampled_from(POSTS), st.sampled_from(["each", "split"]))),
        price=draw(st.sampled_from([MONEY, BRACKETS.format(manner="marginal"), BRACKETS.format(manner="slab"),
                                    FALLING.format(manner="slab")])),
        more=draw(st.sampled_from(["", DAILY, DAILY + EXEMPT])),
    )


@st.composite
def duties(draw: st.DrawFn) -> tuple[Holding, ...]:
    """Duties with handovers, several posts a person, gaps and leave."""
    rows = []
    for number in range(draw(st.integers(0, 9))):
        begins = draw(st.integers(-20, 80))
        ends = draw(st.one_of(st.none(), st.integers(begins + 1, 120)))
        rows.append(duty(
            draw(st.sampled_from(POSTS)), draw(st.sampled_from("ABCDE")), draw(st.sampled_from(sorted(GRIDS))),
            BEGIN + timedelta(days=begins, minutes=number), None if ends is None else BEGIN + timedelta(days=ends),
            draw(st.sampled_from(["regular", "regular", "regular", "acting", "deputy", "leave"])),
        ))
    return tuple(rows)


@st.composite
def lost(draw: st.DrawFn) -> tuple[Finding, ...]:
    """Findings, some at equal times, some outside the quarter, some repeating others."""
    found = []
    for number in range(draw(st.integers(0, 9))):
        when = BEGIN + timedelta(hours=draw(HOURS) // 24 * 24)
        points = f"{Decimal(draw(st.integers(0, 120))) / 100}"
        source = draw(st.sampled_from(["city", "city", "city", "district", "subdistrict", "self"]))
        found.append(finding(number, draw(st.sampled_from(["G1", "G2", "G3"])), points, when, source))
    return tuple(found)


def owed(statement: Statement) -> dict[str, int]:
    sums: dict[str, int] = {}
    for one in statement.charges:
        sums[one.holder] = sums.get(one.holder, 0) + one.fen
    return sums


def added(statement: Statement, unit: str, clause: str | None = None) -> int:
    return sum(one.amount for one in statement.lines if one.unit == unit and clause in (None, one.clause))


CASES = settings(max_examples=100, deadline=None)


@CASES
@given(policies(), duties(), lost())
def test_the_lines_add_up(rules: Policy, held: tuple[Holding, ...], found: tuple[Finding, ...]) -> None:
    statement = run(rules, inputs(found, held))
    assert added(statement, "points", "city_deductions") == statement.total
    assert added(statement, "units") == statement.ticks
    assert added(statement, "fen") == sum(one.fen for one in statement.charges)
    assert sum(ticks for _, ticks in statement.by_area.values()) + statement.unallotted == statement.ticks
    assert sum(points for points, _ in statement.by_area.values()) == statement.total
    assert statement.unallotted == 0


@CASES
@given(policies(), duties(), lost(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(
    rules: Policy, held: tuple[Holding, ...], found: tuple[Finding, ...], chance: random.Random
) -> None:
    mixed, shuffled = list(found), list(held)
    chance.shuffle(mixed)
    chance.shuffle(shuffled)
    one, other = run(rules, inputs(found, held)), run(rules, inputs(tuple(mixed), tuple(shuffled)))
    assert (one.inputs.digest, one.digest) == (other.inputs.digest, other.digest)
    assert one.lines == other.lines
    assert one.digest == run(rules, inputs(found, held)).digest


@CASES
@given(policies(), duties(), lost(), st.data())
def test_merging_duplicates_never_raises_a_charge(
    rules: Policy, held: tuple[Holding, ...], found: tuple[Finding, ...], data: st.DataObject
) -> None:
    cities = [one for one in found if one.source == "city"]
    if len(cities) < 2:
        return
    repeats = data.draw(st.sets(st.sampled_from([one.key for one in cities[1:]]), min_size=1))
    before = inputs(found, held)
    after = replace(before, findings=tuple(
        one._replace(merged_into=cities[0].key) if one.key in repeats else one for one in before.findings
    ))
    _never_raised(run(rules, before), run(rules, after))


@CASES
@given(policies(), duties(), lost(), st.data())
def test_an_appeal_never_raises_a_charge(
    rules: Policy, held: tuple[Holding, ...], found: tuple[Finding, ...], data: st.DataObject
) -> None:
    if not found:
        return
    cut = {one.key: data.draw(st.integers(0, one.points)) for one in found if data.draw(st.booleans())}
    before = inputs(found, held)
    _never_raised(run(rules, before), run(rules, appealed(before, cut)))


def _never_raised(before: Statement, after: Statement) -> None:
    old, new = owed(before), owed(after)
    assert {holder: fen for holder, fen in new.items() if fen > old.get(holder, 0)} == {}
    assert all(ticks <= before.by_area[code][1] for code, (_, ticks) in after.by_area.items())


def test_relief_raises_nobody_even_where_dividing_anew_would() -> None:
    """Largest remainders move when a weight falls. Of many small quarters some would raise somebody; none does."""
    rules, would = policy(cap="0.55"), 0
    held = tuple(duty("officer", name, grid) for name, grid in zip("ABC", ("G1", "G2", "G3"), strict=True))
    for seed in range(250):
        chance = random.Random(seed)
        found = tuple(finding(n, ("G1", "G2", "G3")[n % 3], str(Decimal(chance.randrange(5, 90)) / 100), "01-10")
                      for n in range(chance.randrange(3, 6)))
        key, cut = found[0].key, chance.randrange(0, found[0].points)
        before = run(rules, inputs(found, held))
        smaller = (found[0]._replace(points=cut, found_points=cut), *found[1:])
        anew = owed(run(rules, inputs(smaller, held)))
        would += any(fen > owed(before).get(holder, 0) for holder, fen in anew.items())
        _never_raised(before, run(rules, appealed(inputs(found, held), {key: cut})))
        merged = (found[0]._replace(merged_into=found[1].key), *found[1:])
        _never_raised(before, run(rules, inputs(merged, held)))
    assert would > 3


@CASES
@given(lost(), st.sampled_from(["floor", "ceiling", "half_up", "pro_rata"]),
       st.sampled_from(["largest_remainder", "order_of_crossing"]), st.integers(-20, 80))
def test_charges_in_total_equal_units_times_rate(
    found: tuple[Finding, ...], rounding: str, allotment: str, handed: int
) -> None:
    """Where each grid has one holder of a post at any time, and roles are summed."""
    rules = policy(rounding=rounding, allotment=allotment, once_a="role")
    when = BEGIN + timedelta(days=handed)
    held = (duty("officer", "A", "S", ends=when), duty("officer", "B", "S", when), duty("contractor", "C", "S"))
    statement = run(rules, inputs(found, held))
    for post, rate in (("officer", 500), ("contractor", 5000)):
        exact = Fraction(statement.ticks * rate * 100, 10_000)
        assert abs(sum(one.fen for one in statement.charges if one.post == post) - exact) <= 1  # pro rata: to the fen


@CASES
@given(duties(), lost())
def test_an_exemption_lowers_who_is_exempt_and_touches_nobody_else(
    held: tuple[Holding, ...], found: tuple[Finding, ...]
) -> None:
    rules = policy(more=EXEMPT)
    plain_run = run(rules, inputs(found, held))
    reports = tuple(Earlier(one.key, "R", one.class_code, 12, one.discovered - timedelta(hours=1), None)
                    for one in found[:2])
    exempt = run(rules, inputs(found, held, earlier=reports))
    assert (exempt.total, exempt.ticks, exempt.streak) == (plain_run.total, plain_run.ticks, plain_run.streak)
    old = owed(plain_run)
    assert {holder for holder, fen in owed(exempt).items() if fen > old.get(holder, 0)} == set()


PARENTS = {"G1": "C1", "G2": "C1", "G3": "C1", "C1": "S", "S": ""}


def small_quarter(seed: int) -> tuple[Inputs, list[reference.Found], list[reference.Held]]:
    """A random quarter, for the engine and for the reckoning."""
    chance = random.Random(seed)
    found: list[Finding] = []
    plain: list[reference.Found] = []
    for number in range(chance.randrange(2, 26)):
        day, grid = chance.randrange(0, 90), chance.choice(["G1", "G2", "G3"])
        if chance.random() < 0.4:
            day = 20  # a busy day
        when = at("01-01 00:00") + timedelta(days=day, minutes=chance.choice([0, 1, 600, 601, 1439]))
        cents = chance.choice([0, 5, 10, 15, 40, 80])
        source = chance.choice(["city", "city", "district", "subdistrict", "sample", "self"])
        found.append(finding(f"{number:02d}", grid, str(Decimal(cents) / 100), when, source))
        plain.append(reference.Found(grid, when, Fraction(cents, 100), source, f"{number:02d}"))
    held: list[Holding] = []
    rows: list[reference.Held] = []
    for post in reference.POSTS:
        area = {"leader": "S", "contractor": "S", "secretary": "C1"}.get(post)
        for where in [area] if area else ["G1", "G2", "G3"]:
            change = at("01-01 00:00") + timedelta(days=chance.randrange(0, 95))
            first, second = chance.choice("ABCDEFG"), chance.choice("HIJKLM")
            ends = change + timedelta(days=chance.choice([0, 9, 200]))
            never = at("12-31 00:00")
            spans: list[tuple[str, datetime, datetime]] = [(first, at("01-01 00:00"), change), (second, ends, never)]
            for name, begins, until in spans:
                if begins < until and chance.random() < 0.9:
                    held.append(duty(post, name, where, begins, until))
                    rows.append(reference.Held(str(person(name)), post, where, begins, until))
    return inputs(tuple(found), tuple(held)), plain, rows


def test_the_shipped_policy_equals_a_slow_reckoning() -> None:
    rules, over = shipped(), 0
    for seed in range(400):
        given_, found, held = small_quarter(seed)
        statement = run(rules, given_)
        assert statement.ticks == reference.whole_units(found) * 10_000, seed
        assert {code: ticks // 10_000 for code, (_, ticks) in statement.by_area.items()} == reference.by_grid(found)
        assert owed(statement) == {who: 100 * got for who, got in reference.yuan(found, held, PARENTS).items()}, seed
        assert {(one.area, one.day): one.above for one in statement.daily} == reference.above_limit(found), seed
        assert statement.streak == reference.clean_months(found, (1, 2, 3)), seed
        over += bool(statement.charges)
    assert over > 100


def test_a_policy_says_the_same_however_it_is_written() -> None:
    one, other = policy(), policy(cap="2.0")
    changed = policy(cap="2.10")
    assert one.digest == other.digest != changed.digest
