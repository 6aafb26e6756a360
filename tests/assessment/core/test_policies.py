"""Policies: what a file may say, how a mistake is named, how two versions differ."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.assessment.core.quarter import MONEY, policy
from wangge.assessment.core.clauses import KINDS
from wangge.assessment.core.difference import difference
from wangge.assessment.core.files import parse_policy, read_policy
from wangge.assessment.core.policy import Policy
from wangge.assessment.trying import SHIPPED
from wangge.base.errors import InvalidInput, MalformedInput, WanggeError

GOOD = """
policy: p
version: 1
title: {zh: 试}
valid_from: 2019-01-01
clauses:
  - kind: city_deductions
    cap: 1.0
  - kind: joint_liability
    roles: [{post: officer}]
  - kind: money_per_unit
    yuan: {officer: 500}
"""


def refused(text: str) -> WanggeError:
    with pytest.raises(WanggeError) as caught:
        parse_policy(text)
    return caught.value


def test_numbers_are_read_as_they_are_written() -> None:
    assert str(parse_policy(GOOD.replace("cap: 1.0", "cap: 0.1000")).clauses[0].cap) == "0.1000"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("old", "new", "field", "value", "expected"),
    [
        ("cap: 1.0", "cap: 1.0\n    rounding: up", "clauses[0].rounding", "up", "one of ceiling, floor, half_up"),
        ("cap: 1.0", "cap: two", "clauses[0].cap", "two", "a decimal number"),
        ("cap: 1.0", "cap: -1", "clauses[0].cap", "-1", "0 or more"),
        ("cap: 1.0", "cap: 1.0001", "clauses[0].cap", "1.0001", "three decimals"),
        ("cap: 1.0", "cap: .nan", "clauses[0].cap", ".nan", "a decimal number"),
        ("cap: 1.0", "cap: NaN", "clauses[0].cap", "NaN", "such as 0.15"),
        ("cap: 1.0", "cap: 1.0\n    unit: 0", "clauses[0].unit", "0", "such as 0.1"),
        ("cap: 1.0", "cap: 1.0\n    sources: [self]", "clauses[0].sources[0]", "self", "one of city"),
        ("cap: 1.0", "caps: 1.0", "clauses[0]", "caps", "the keys kind, cap"),
        ("kind: city_deductions", "kind: fines", "clauses[0].kind", "fines", "one of daily_limit"),
        ("post: officer", "post: boss", "clauses[1].roles[0].post", "boss", "one of grid_leader"),
        ("{officer: 500}", "{officer: 500.001}", "clauses[2].yuan.officer", "500.001", "two decimals"),
        ("{officer: 500}", "{leader: 500}", "clauses", "officer", "an amount for officer"),
        ("{officer: 500}", "{officer: 500, leader: 1}", "clauses", "leader", "a role of joint_liability"),
        ("yuan: {officer: 500}", "yuan: {officer: 500}\n    mode: deposit", "clauses[2].basis", "deposit", "filed"),
        ("version: 1", "version: 0", "version", "0", "from 1 on"),
        ("2019-01-01", "2019-02-01", "valid_from", "2019-02-01", "first day of a quarter"),
        ("2019-01-01", "2019-13-01", "valid_from", "2019-13-01", "such as 2018-07-01"),
        ("2019-01-01", "2019-01-01\nvalid_to: 2019-02-01", "valid_to", "2019-02-01", "later"),
        ("version: 1", "version: 1\nstreak: {checks: monthly}", "streak.since", None, "such as 2018-07"),
        ("  - kind: joint", "  - kind: city_deductions\n    cap: 2\n    id: x\n  - kind: joint", "clauses", "x",
         "once"),
    ],
)
def test_a_mistake_is_named_with_its_value_and_what_would_be_right(
    old: str, new: str, field: str, value: str | None, expected: str
) -> None:
    assert old in GOOD
    error = refused(GOOD.replace(old, new, 1))
    assert isinstance(error, InvalidInput)
    assert (error.field, error.value if value is None or value in str(error.value) else error) == (
        field, None if value is None else error.value)
    assert expected in str(error.expected)


@pytest.mark.parametrize(
    "text", ["[1", GOOD + "version: 2\n", GOOD.replace("{zh: 试}", "&a {zh: 试}"), "a: " + "[" * 5000, "x" * 2_000_000]
)
def test_what_is_no_file_of_ours_is_refused_whole(text: str) -> None:
    assert isinstance(refused(text), MalformedInput)


def test_weights_and_brackets_are_checked() -> None:
    weights = GOOD + "  - kind: indicator_score\n    components: [{weight: 0.8, terms: [{figure: a, of: b}]}]\n"
    assert (refused(weights).value, refused(weights).field) == ("0.8", "clauses[3].components")
    steps = GOOD.replace("  - kind: money_per_unit\n    yuan: {officer: 500}", """  - kind: brackets
    posts: [officer]
    steps: [{up_to: 3, yuan: 5}, {up_to: 2, yuan: 8}, {yuan: 9}]""")
    assert (refused(steps).field, refused(steps).value) == ("clauses[2].steps", "3, 2, 0")


def test_the_shipped_policy_has_every_kind_but_the_other_price() -> None:
    kinds = {clause.kind for clause in read_policy(SHIPPED).clauses}
    assert kinds == KINDS.keys() - {"brackets"}


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_policy(tmp_path / "none.yaml")


def test_two_versions_differ_in_plain_words() -> None:
    old = parse_policy(GOOD)
    new = parse_policy(GOOD.replace("cap: 1.0", "cap: 1.50").replace("version: 1", "version: 2")
                       .replace("{officer: 500}", "{officer: 800}") + "  - {kind: exemption}\n")
    said = difference(old, new)
    assert [one.en for one in said][:2] == [
        "City deductions over the cap, cap in points: 1 becomes 1.5.",
        "Money for a unit, yuan for a unit, Urban-management officer: 500 becomes 800.",
    ]
    assert said[0].zh == "市考扣分超上限·上限（分）：由 1 改为 1.5。"
    assert "The clause “Exemption of what was reported before” is new" in said[2].en
    assert difference(new, old)[0].en == "The clause “Exemption of what was reported before” is gone."
    assert difference(old, old) == []


def test_a_digest_follows_the_meaning_not_the_writing() -> None:
    one: Policy = parse_policy(GOOD)
    assert one.digest == parse_policy("# a remark\n" + GOOD.replace("cap: 1.0", "cap: '1.00'")).digest
    assert one.digest == parse_policy(GOOD.replace("cap: 1.0", "rounding: floor\n    cap: 1.0")).digest
    assert one.digest != parse_policy(GOOD.replace("cap: 1.0", "cap: 1.01")).digest
    assert policy(price=MONEY).digest == policy(price=MONEY).digest
