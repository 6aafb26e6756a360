from __future__ import annotations

import pytest

from wangge.base.errors import InvalidInput
from wangge.base.units import Limit, LimitUnit


@pytest.mark.parametrize("amount", [0, -1, 10**9, 1.5, True, "4", None])
def test_only_positive_whole_amounts_are_limits(amount: object) -> None:
    with pytest.raises(InvalidInput) as refused:
        Limit(amount, LimitUnit.WORKING_HOUR)  # type: ignore[arg-type]
    assert refused.value.field == "amount"


def test_an_unknown_unit_is_refused_and_the_known_ones_named() -> None:
    with pytest.raises(InvalidInput) as refused:
        Limit(1, "fortnight")
    assert refused.value.field == "unit"
    assert "working_day" in (refused.value.expected or "")


def test_a_unit_may_be_given_as_text() -> None:
    assert Limit(4, "working_hour") == Limit(4, LimitUnit.WORKING_HOUR)
    assert Limit(4, "working_hour").unit is LimitUnit.WORKING_HOUR


@pytest.mark.parametrize(
    ("unit", "seconds"),
    [
        ("calendar_minute", 180), ("calendar_hour", 3 * 3600), ("calendar_day", 3 * 86400),
        ("working_minute", 180), ("working_hour", 3 * 3600), ("working_day", 3 * 8 * 3600),
    ],
)  # fmt: skip
def test_only_a_working_day_depends_on_the_standard_day(unit: str, seconds: int) -> None:
    assert Limit(3, unit).seconds(8 * 3600) == seconds


def test_calendar_units_know_themselves() -> None:
    assert [unit for unit in LimitUnit if unit.is_calendar] == [
        LimitUnit.CALENDAR_MINUTE, LimitUnit.CALENDAR_HOUR, LimitUnit.CALENDAR_DAY,
    ]
