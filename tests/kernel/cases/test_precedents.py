"""A joint meeting's ruling and the register of parts: who gets the next case."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.kernel.cases.parts.test_parts import off, part
from tests.kernel.cases.test_acts import do
from tests.kernel.cases.test_whole_life import by_unit
from tests.town import POINTS, Town
from wangge.base.clock import now
from wangge.base.geometry import Point
from wangge.kernel.cases import queries
from wangge.kernel.cases.intake import report_case
from wangge.kernel.cases.models import RoutingRule
from wangge.kernel.cases.parts.services import put_parts
from wangge.kernel.cases.reporting import NewReport
from wangge.kernel.cases.routing import Suggestion
from wangge.kernel.cases.settling import end_rule
from wangge.kernel.duties import mandates
from wangge.kernel.people.services import create_organisation

OTHER_CODE = "3204990101000002"


def cover(town: Town, point: Point) -> UUID:
    """A manhole cover reported there, registered."""
    told = NewReport(description="井盖翘起", point=point, case_class="P0101")
    case = report_case(report=told, by=town.public()).case_id
    for name in ("accept", "confirm", "register"):
        do(town, case, "operator", name)
    return case


def suggested(town: Town, case: UUID) -> Suggestion:
    found = queries.case_detail(case, town.by("operator"), now=now()).suggestion
    assert found is not None
    return found


def unit_of(found: Suggestion) -> tuple[str, UUID | None]:
    return found.reason, found.target.organisation if found.target else None


def refused_twice(town: Town, case: UUID, *units: tuple[UUID | None, str]) -> None:
    for unit, who in units:
        do(town, case, "operator", "dispatch", organisation=unit)
        do(town, case, who, "return", reason="不归我们")


@pytest.fixture
def other(town: Town) -> UUID:
    return by_unit(town)


def test_a_ruling_comes_before_the_keeper_whom_the_meeting_passed_over(town: Town, other: UUID) -> None:
    stranger = create_organisation(code="LAMP", name="路灯所", kind="department", by=mandates.console())
    here, there = POINTS["G11"], off(POINTS["G11"], 500)
    put_parts(parts=[part(town), part(town, code=OTHER_CODE, point=there, keeper=stranger.id)], by=mandates.console())
    case = cover(town, here)
    assert unit_of(suggested(town, case)) == ("keeper", town.unit)
    refused_twice(town, case, (town.unit, "clerk"), (town.unit, "clerk"))
    do(town, case, "leader", "rule", reason="按三定方案", organisation=other)
    assert RoutingRule.objects.get(precedent=case).passed_over == [town.unit]
    assert unit_of(suggested(town, cover(town, here))) == ("precedent", other)
    assert unit_of(suggested(town, cover(town, there))) == ("keeper", stranger.id), "nobody heard this keeper"
    assert unit_of(suggested(town, cover(town, off(here, 200)))) == ("precedent", other), "no part is near"


def test_what_the_register_names_later_and_what_an_administrator_ends_stand(town: Town, other: UUID) -> None:
    put_parts(parts=[part(town)], by=mandates.console())
    case = cover(town, POINTS["G11"])
    refused_twice(town, case, (town.unit, "clerk"), (town.unit, "clerk"))
    do(town, case, "leader", "rule", reason="按三定方案", organisation=other)
    rule = RoutingRule.objects.get(precedent=case)
    later = create_organisation(code="LATER", name="新管养单位", kind="enterprise", by=mandates.console())
    put_parts(parts=[part(town, keeper=later.id)], by=mandates.console())
    assert unit_of(suggested(town, cover(town, POINTS["G11"]))) == ("keeper", later.id)
    put_parts(parts=[part(town)], by=mandates.console())
    assert unit_of(suggested(town, cover(town, POINTS["G11"]))) == ("precedent", other)
    end_rule(rule_id=rule.id, by=town.by("admin"))
    assert unit_of(suggested(town, cover(town, POINTS["G11"]))) == ("keeper", town.unit)


def test_a_ruling_that_names_the_keeper_passes_nobody_over_but_who_refused(town: Town, other: UUID) -> None:
    put_parts(parts=[part(town)], by=mandates.console())
    case = cover(town, POINTS["G11"])
    refused_twice(town, case, (other, "clerk2"), (town.unit, "clerk"))
    do(town, case, "leader", "rule", reason="原养护单位继续", organisation=town.unit)
    assert RoutingRule.objects.get(precedent=case).passed_over == [other]
    assert unit_of(suggested(town, cover(town, POINTS["G11"]))) == ("keeper", town.unit)


def test_who_refused_a_case_of_no_known_part_is_passed_over_as_a_keeper_too(town: Town, other: UUID) -> None:
    case = cover(town, POINTS["G11"])
    third = by_unit(town, "clerk3")
    refused_twice(town, case, (town.unit, "clerk"), (other, "clerk2"))
    do(town, case, "leader", "rule", reason="按三定方案", organisation=third)
    assert set(RoutingRule.objects.get(precedent=case).passed_over) == {town.unit, other}
    put_parts(parts=[part(town)], by=mandates.console())
    assert unit_of(suggested(town, cover(town, POINTS["G11"]))) == ("precedent", third)
