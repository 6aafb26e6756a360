"""The worked examples again, from an empty platform through the command line alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.assessment.core.quarter import MONEY, POLICY, POSTS
from tests.assessment.core.test_worked_examples import BRACKETS, DAILY, SCORE
from tests.assessment.platform import CITY, FIVE, areas, assess, duties, findings, owed, told


@pytest.fixture
def folder(db: None, tmp_path: Path) -> Path:
    areas(tmp_path)
    return tmp_path


def text(**change: str) -> str:
    given = {"cap": "2.00", "unit": "0.1", "rounding": "floor", "allotment": "largest_remainder", "reach": "bound",
             "once_a": "person", "handover": "units", "price": MONEY, "more": "", "split": "", **change}
    roles = ", ".join(
        f"{{post: {post}, holders: {'split' if post == given['split'] else 'each'}}}" for post in POSTS
    )
    return POLICY.format(**given, roles=roles) + given["more"]


@pytest.mark.parametrize(
    ("rounding", "units"), [("floor", "3"), ("ceiling", "4"), ("half_up", "4"), ("pro_rata", "3.5")]
)
def test_example_01_units(folder: Path, rounding: str, units: str) -> None:
    findings(folder, CITY)
    facts = assess(folder, text(rounding=rounding))
    assert [facts[name] for name in ("total", "cap", "excess", "units")] == ["2.35", "2.00", "0.35", units]
    assert facts["streak"] == "0"


@pytest.mark.parametrize(
    ("total", "expected"),
    [("2.04", "010"), ("2.05", "011"), ("2.10", "111"), ("2.19", "122"), ("2.00", "000")],
)
def test_example_02_edges(folder: Path, total: str, expected: str) -> None:
    findings(folder, [(1, "G1", "2019-01-10", total)])
    got = [assess(folder, text(rounding=one))["units"] for one in ("floor", "ceiling", "half_up")]
    assert "".join(got) == expected


def test_example_02_a_difference_that_floats_miss(folder: Path) -> None:
    findings(folder, [(1, "G1", "2019-01-10", "2.80")])
    assert assess(folder, text(cap="2.50"))["units"] == "3"


@pytest.mark.parametrize(
    ("way", "expected"), [("largest_remainder", ["2", "1", "0"]), ("order_of_crossing", ["2", "0", "1"])]
)
def test_example_03_allotment(folder: Path, way: str, expected: list[str]) -> None:
    findings(folder, CITY)
    by_area = assess(folder, text(allotment=way))["by_area"]
    assert [by_area[code]["units"] for code in ("G1", "G2", "G3")] == expected
    assert [by_area[code]["points"] for code in ("G1", "G2", "G3")] == ["1.40", "0.80", "0.15"]


def test_example_04_five_roles_and_the_contractor(folder: Path) -> None:
    findings(folder, [row for row in CITY if row[1] == "G1"])
    duties(folder, list(FIVE))
    facts = assess(folder, text(cap="1.20"))
    assert owed(facts) == {"甲组长": 100_000, "甲网格员": 100_000, "甲队员": 100_000, "甲书记": 100_000,
                           "甲领导": 100_000, "甲经办": 1_000_000}
    findings(folder, CITY)
    facts = assess(folder, text())
    assert owed(facts)["甲经办"] == 1_500_000
    [leader] = [one for one in facts["charges"] if one["person"] == "甲组长"]
    assert (leader["post"], leader["area"], leader["units"], leader["fen"]) == ("grid_leader", "G1", "2", "100000")
    assert any("2 × 500 = 1,000" in sentence for sentence in leader["sentences"])


def test_example_04_three_people_share(folder: Path) -> None:
    findings(folder, CITY)
    duties(folder, [("officer", name, "G1") for name in ("甲", "乙", "丙")])
    facts = assess(folder, text(split="officer"))
    assert sorted(owed(facts).values()) == [33_333, 33_333, 33_334]


def test_example_05_once_a_person_and_one_officer_over_two_grids(folder: Path) -> None:
    findings(folder, CITY)
    duties(folder, [("grid_leader", "甲", "G1"), ("secretary", "甲", "C1"), ("officer", "丁", "G1"),
                    ("officer", "丁", "G2")])
    facts = assess(folder, text())
    assert owed(facts) == {"甲": 150_000, "丁": 150_000}
    [both] = [one for one in facts["charges"] if one["person"] == "甲"]
    assert {ground["post"] for ground in both["grounds"]} == {"grid_leader", "secretary"}
    assert owed(assess(folder, text(once_a="role")))["甲"] == 250_000
    assert [one["units"] for one in facts["charges"] if one["person"] == "丁"] == ["3"]


HANDED = [("grid_leader", "甲", "G1", "2018-01-01", "2019-03-01"), ("grid_leader", "乙", "G1", "2019-03-01")]


def test_example_06_handover_and_vacancy(folder: Path) -> None:
    findings(folder, CITY)
    duties(folder, HANDED[:1])
    vacant = assess(folder, text())
    assert owed(vacant) == {"甲": 50_000}
    assert ("grid_leader", "G1", "1") in {(one["post"], one["area"], one["units"]) for one in vacant["gaps"]}
    duties(folder, HANDED)
    assert owed(assess(folder, text())) == {"甲": 50_000, "乙": 50_000}
    assert owed(assess(folder, text(handover="money"))) == {"甲": 35_714, "乙": 64_286}


def test_example_06_a_late_handover_is_corrected(folder: Path) -> None:
    findings(folder, CITY)
    duties(folder, [("grid_leader", "甲", "G1", "2018-01-01")])
    published = assess(folder, text())
    kept = folder / "published.json"
    kept.write_text(json.dumps(published), encoding="utf-8")
    duties(folder, HANDED)
    facts = assess(folder, text(), "--previous", str(kept))
    assert sorted((one["kind"], one["person"], one["fen"]) for one in facts["corrections"]) == sorted([
        ("reversal", "甲", "-100000"), ("charge", "甲", "50000"), ("charge", "乙", "50000"),
    ])
    assert owed(published) == {"甲": 100_000}


def test_example_07_appeals(folder: Path) -> None:
    findings(folder, CITY)
    duties(folder, [*HANDED, ("officer", "丁", "G1"), ("officer", "丁", "G2"), ("contractor", "戊", "S")])
    cut = assess(folder, text(), "--appeal", "city/3=0.70")
    assert (cut["excess"], cut["units"]) == ("0.15", "1")
    refunds = {one["person"]: one["fen"] for one in cut["refunds"]}
    assert refunds == {"甲": "50000", "丁": "100000", "戊": "1000000"}
    assert owed(cut)["乙"] == 50_000
    void = assess(folder, text(), "--appeal", "city/1=0")
    assert (void["total"], void["charges"]) == ("1.85", [])
    assert {one["person"] for one in void["refunds"]} == {"甲", "乙", "丁", "戊"}


def test_example_07_an_appeal_raises_nobody(folder: Path) -> None:
    findings(folder, [
        (1, "G1", "2019-01-10", "0.40"), (2, "G2", "2019-02-03", "0.40"), (3, "G3", "2019-03-01", "1.50"),
    ])
    duties(folder, [("officer", "丁", "G2")])
    before = assess(folder, text())
    assert [before["by_area"][code]["units"] for code in ("G1", "G2", "G3")] == ["1", "0", "2"]
    after = assess(folder, text(), "--appeal", "city/1=0.35")
    assert [after["by_area"][code]["units"] for code in ("G1", "G2", "G3")] == ["0", "0", "1"]
    assert (after["unallotted"], after["charges"]) == ("1", [])


@pytest.mark.parametrize(("manner", "fen"), [("marginal", 310_000), ("slab", 400_000)])
def test_example_08_brackets(folder: Path, manner: str, fen: int) -> None:
    findings(folder, [(1, "G1", "2019-01-10", "2.50")])
    duties(folder, [("officer", "丁", "G1")])
    assert owed(assess(folder, text(price=BRACKETS.format(manner=manner)))) == {"丁": fen}


def test_example_09_a_deposit(folder: Path) -> None:
    findings(folder, CITY)
    duties(folder, [("officer", "丁", "C1"), ("secretary", "丁", "C1")])
    facts = assess(folder, text(once_a="role", price=MONEY + "    deposit: 2000\n"))
    [deposit] = facts["deposits"]
    assert (deposit["person"], deposit["balance"], deposit["shortfall"]) == ("丁", "0", "100000")


@pytest.mark.parametrize(("count", "above"), [(3, 0), (4, 1), (7, 4)])
def test_example_10_the_daily_limit(folder: Path, count: int, above: int) -> None:
    findings(folder, [(n, "G1", f"2019-01-10T{10 + n}:00", "") for n in range(count)], "subdistrict")
    facts = assess(folder, text(more=DAILY))
    assert [one["extra"] for one in facts["daily"]] == ([str(above)] if above else [])


def test_example_10_midnight_and_the_quarter(folder: Path) -> None:
    findings(folder, [(n, "G1", when, "") for n, when in enumerate(
        ("2019-01-10T23:57", "2019-01-10T23:58", "2019-01-10T23:59", "2019-01-11T00:01"))], "subdistrict")
    assert assess(folder, text(more=DAILY))["daily"] == []
    findings(folder, [(9, "G1", "2026-03-31T16:30Z", "0.50")])
    assert assess(folder, text(), period="2026Q1")["total"] == "0.00"
    assert assess(folder, text(), period="2026Q2")["total"] == "0.50"


RANKING = "  - {kind: ranking, of: [community]}\n"


def test_example_11_ranking_by_inspection(folder: Path) -> None:
    findings(folder, [(1, "C1", "2019-01-10", "2.00"), (2, "C2", "2019-01-11", "40.00")], "subdistrict")
    checks = folder / "checks.csv"
    checks.write_text("source,area_code,at,checks\nsubdistrict,C1,2019-01-10,10\nsubdistrict,G3,2019-01-11,20\n")
    found = assess(folder, text(more=RANKING), "--inspections", str(checks))["ranking"]
    assert [(one["area"], one["place"], one["score"], one["flag"]) for one in found] == [
        ("C1", "1", "98.00", "steed"), ("C2", "2", "80.00", "snail"), ("C3", None, None, ""),
    ]
    checks.write_text("source,area_code,at,checks\nsubdistrict,C1,2019-01-10,10\nsubdistrict,C2,2019-01-11,200\n")
    found = assess(folder, text(more=RANKING), "--inspections", str(checks))["ranking"]
    assert [(one["place"], one["flag"]) for one in found] == [("1", "steed"), ("1", "steed"), (None, "")]


def test_example_12_the_system_score(folder: Path) -> None:
    rows = {"甲处": (57, 54, 1, 1, 0), "乙处": (0, 0, 0, 0, 0), "丙处": (10_000, 9_991, 9, 0, 0)}
    figures = folder / "figures.csv"
    figures.write_text("subject,figure,value\n" + "\n".join(
        f"{name},{figure},{count}" for name, counts in rows.items()
        for figure, count in zip(("due", "on_time", "late", "extended", "reworked"), counts, strict=True)
    ), encoding="utf-8")
    found = assess(folder, SCORE, "--figures", str(figures))["scores"]
    assert {one["subject"]: one["score"] for one in found} == {"甲处": "96.18", "乙处": "—", "丙处": "99.96"}


def test_the_shipped_policy_runs_and_says_so(folder: Path) -> None:
    findings(folder, CITY)
    duties(folder, list(FIVE))
    facts = told("assess", "2019Q1", "--dry-run")
    assert [facts[name] for name in ("total", "cap", "excess", "units")] == ["2.35", "1.00", "1.35", "13"]
    assert facts["policy"]["in_force"]
    assert not facts["money"]["payable"]
    assert facts == told("assess", "2019Q1", "--dry-run")
