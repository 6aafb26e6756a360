"""The other cases of a case's place: the same class within the metres of the rule, as far as the mandate sees them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from tests.kernel.spots.making import Seen, make
from tests.town import Town
from wangge.base.mandate import Mandate
from wangge.kernel.cases.loading import load_with
from wangge.kernel.cases.models import Case
from wangge.kernel.duties import mandates
from wangge.kernel.spots.queries import Former, nth_within, of_place, seen_of_place
from wangge.kernel.spots.rules import Rule
from wangge.kernel.spots.ruling import set_rule


def asked(case: UUID, by: Mandate) -> tuple[list[Former], int]:
    sql, values = of_place(by)
    state, [value] = load_with(case, by, [sql], values)
    found = seen_of_place(value, state)
    return found, nth_within(found, state, timedelta(days=90))


def numbers(*cases: UUID) -> list[str]:
    known = dict(Case.objects.values_list("id", "number"))
    return [known[case] for case in cases]


def test_they_are_the_counted_ones_of_the_class_within_the_metres_and_the_year_before(town: Town) -> None:
    early, first, far, _void, _other, this, later, _old = make(
        town, Seen(200), Seen(20), Seen(15, 49), Seen(14, void=True), Seen(13, code="P0101"), Seen(10),
        Seen(1, closed=False), Seen(400),
    )
    make(town, Seen(12, 52), Seen(12, grid="G12"))
    found, nth = asked(this, town.by("operator"))
    assert [one.number for one in found] == numbers(later, far, first, early)
    assert [(one.metres, one.before, one.ended) for one in found] == [
        (0, False, ""), (49, True, "closed"), (0, True, "closed"), (0, True, "closed")
    ]
    assert nth == 3  # the early one lies more than ninety days back, the later one behind it


@pytest.mark.parametrize(("metres", "seen"), [(40, 0), (60, 1)])
def test_how_near_says_the_rule_of_the_area(town: Town, metres: int, seen: int) -> None:
    this, _near = make(town, Seen(10), Seen(20, 55))
    assert asked(this, town.by("operator"))[0] == []
    set_rule(area_code="320499-T", rule=Rule(metres=500), by=mandates.console())
    set_rule(area_code="T-C1", rule=Rule(metres=metres), by=mandates.console())
    assert len(asked(this, town.by("operator"))[0]) == seen


def test_only_what_the_mandate_sees_is_named(town: Town) -> None:
    this, _other = make(town, Seen(10), Seen(20))
    assert len(asked(this, town.by("operator"))[0]) == 1
    Case.objects.filter(id=this).update(reporter=town.people["worker2"])
    assert asked(this, town.by("worker2"))[0] == []  # reads its own report and nothing else there


def test_a_case_without_a_class_has_no_place(town: Town) -> None:
    this, _other = make(town, Seen(10), Seen(20))
    Case.objects.filter(id=this).update(case_class=None)
    assert asked(this, town.by("operator")) == ([], 1)
