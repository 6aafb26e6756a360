"""Conflicts of interest at recording: refused for one's own inspections, marked for what others found."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.inspections.making import found
from tests.town import ROOT, SINCE, Town
from wangge.assessment.models import FindingRow
from wangge.assessment.services import NewFinding, record_findings
from wangge.base.clock import now
from wangge.base.errors import Conflict
from wangge.kernel.duties import mandates
from wangge.kernel.duties.interests import declare
from wangge.kernel.duties.services import assign
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.verifying import verify


@pytest.fixture
def both(town: Town) -> Town:
    """The grid's leader is an inspector of the whole subdistrict too."""
    assign(post="inspector", area=ROOT, valid_from=SINCE, person=town.people["grid_leader"], by=mandates.console())
    return town


@pytest.mark.parametrize("source", ["subdistrict", "sample"])
def test_nobody_inspects_a_place_that_they_answer_for(both: Town, source: str) -> None:
    with pytest.raises(Conflict, match="answer for") as caught:
        found(both, who="grid_leader", source=source)
    assert (caught.value.field, caught.value.value) == ("area_code", "T-G11")
    assert not FindingRow.objects.exists()
    assert found(both, who="grid_leader", source=source, area_code="T-G21").area_path.endswith("T-G21/")


@pytest.mark.parametrize("source", ["city", "district"])
def test_what_others_found_is_typed_in_and_marked(both: Town, source: str) -> None:
    one = found(both, who="grid_leader", source=source)
    assert Entry.objects.get(subject_id=one.id).data["recorder"] == "answers"
    assert "recorder" not in Entry.objects.get(subject_id=found(both, "2", source=source).id).data
    assert verify().clean


def test_who_declared_a_relation_keeps_away_from_where_the_organisation_works(town: Town) -> None:
    by = mandates.console()
    assert town.unit is not None
    assign(post="cleaner", area="T-C2", valid_from=SINCE, organisation=town.unit, by=by)
    declare(person=town.people["inspector"], organisation=town.unit, kind="kin", by=by)
    with pytest.raises(Conflict, match="declared a relation"):
        record_findings([NewFinding("sample", "1", "T-G21", now(), Decimal(1))], by=town.by("inspector"))
