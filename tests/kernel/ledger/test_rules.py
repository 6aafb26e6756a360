"""Decimal text of amounts, and the effects that SQL and Python must agree on."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.base.errors import InvalidInput
from wangge.kernel import ledger
from wangge.kernel.duties.catalogue import LEDGER_VERBS
from wangge.kernel.ledger.rules import EFFECTS, KINDS, LARGEST, TARGETS, UNITS, Kind, from_smallest, to_smallest


@given(st.integers(-LARGEST, LARGEST), st.sampled_from(list(UNITS)))
def test_an_amount_survives_its_text(amount: int, unit: str) -> None:
    text = from_smallest(amount, unit)
    assert to_smallest(text, unit) == amount
    assert Decimal(text) * UNITS[unit] == amount


@pytest.mark.parametrize(("text", "unit", "amount"), [
    ("12.34", "cny", 1234), ("-0.01", "cny", -1), ("+5", "cny", 500), ("1.5", "points", 1500), ("0.001", "points", 1),
    ("90", "minutes", 90), ("3.50", "points", 3500), ("0", "cny", 0),
])
def test_a_decimal_number_is_an_integer_of_the_smallest_unit(text: str, unit: str, amount: int) -> None:
    assert to_smallest(text, unit) == amount


@pytest.mark.parametrize(("text", "unit"), [
    ("0.001", "cny"), ("1.5", "minutes"), ("1e3", "cny"), ("NaN", "cny"), ("", "cny"), ("1,000", "cny"),
    ("１２", "cny"), ("99999999999999.99", "points"), (" 1", "cny"), ("1.", "cny"), ("0.0001", "points"),
])
def test_what_no_integer_says_exactly_is_refused(text: str, unit: str) -> None:
    with pytest.raises(InvalidInput):
        to_smallest(text, unit)


def test_each_kind_has_an_effect_a_verb_and_a_place_in_the_trigger() -> None:
    assert set(EFFECTS) == set(Kind)
    assert set(KINDS) | {"open_account"} == LEDGER_VERBS
    trigger = (Path(ledger.__path__[0]) / "migrations/0002_ledger_rules.py").read_text(encoding="utf-8")
    taken = ", ".join(f"'{kind}'" for kind in EFFECTS if EFFECTS[kind].taken)
    assert f"p.kind IN ({taken}) THEN f.amount" in trigger
    released = ", ".join(f"'{kind}'" for kind in EFFECTS if EFFECTS[kind].pending < 0)
    assert f"p.kind IN ({released}) THEN f.amount" in trigger
    assert set(TARGETS[Kind.REVERSE]) == {Kind.POST, Kind.SETTLE}
