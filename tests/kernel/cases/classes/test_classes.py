"""Class sets: own sub-classes, edits on record, verifying them, and the crosswalk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from tests import databases
from tests.town import POINTS, Town
from wangge.base.clock import now
from wangge.base.errors import Conflict, Forbidden, InvalidInput, MalformedInput, NotFound
from wangge.base.units import Limit, LimitUnit
from wangge.kernel.cases import queries
from wangge.kernel.cases.classes.crosswalk import Link, load_crosswalk, read_links, translate
from wangge.kernel.cases.classes.editing import LOWEST, add_class, edit_class, retire_class
from wangge.kernel.cases.classes.stating import SUBJECT
from wangge.kernel.cases.intake import report_case
from wangge.kernel.cases.models import CaseClass, ClassSet, RoutingRule
from wangge.kernel.cases.reference import reference
from wangge.kernel.cases.reporting import NewReport
from wangge.kernel.cases.services import Command, act
from wangge.kernel.cases.setup import ConditionRow
from wangge.kernel.duties import mandates
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.verifying import verify
from wangge.kernel.places.reorganising import reparent_area

ROOT = "320499-T"
ROW = ConditionRow(1, "堵住路口", "In the way", "移走", "Gone", Limit(4, LimitUnit.WORKING_HOUR))
GB, CJ, SWAPPED = "gbt-30428-2", "cjt-214-2007", "gbt-30428-2-swapped"


def added(town: Town, **fields: Any) -> CaseClass:
    """An own class below street order, changed as the test says."""
    given = {"area_code": ROOT, "major": "E04", "name": "单车乱停", "conditions": [ROW], "by": town.by("admin")}
    return add_class(**given | fields)


def entries() -> list[tuple[str, dict[str, Any]]]:
    """The entries of the sets of classes, in order."""
    return list(Entry.objects.filter(subject_type=SUBJECT).order_by("ordinal").values_list("verb", "data"))


def test_own_classes_count_down_from_99_and_are_used_like_the_others(town: Town) -> None:
    assert [added(town).code, added(town, name="共享电单车").code] == ["E0499", "E0498"]
    made = report_case(
        report=NewReport(description="单车堵路", point=POINTS["G11"], case_class="E0499"), by=town.public()
    )
    assert queries.case_detail(made.case_id, town.by("operator"), now=now()).class_info.name == "单车乱停"  # type: ignore[union-attr]
    verb, data = entries()[-1]
    assert (verb, data["code"]) == ("add", "E0498")
    assert data["now"] == {"tier": "grid", "confidentiality": "public", "limits": [[1, 4, "working_hour"]]}


def test_a_class_of_a_community_holds_there_and_its_number_is_used_everywhere(town: Town) -> None:
    own = added(town, area_code="T-C1")
    assert (own.code, own.scheme) == ("E0499", "test")
    known = reference()
    assert known.find_class("E0499", town.paths["G11"]).name == "单车乱停"
    with pytest.raises(InvalidInput):
        known.find_class("E0499", town.paths["G21"])
    assert added(town, area_code="T-C2").code == "E0498"


def test_a_number_is_never_given_again(town: Town) -> None:
    first = added(town)
    retire_class(area_code=ROOT, code=first.code, by=town.by("admin"))
    assert added(town).code == "E0498"
    with pytest.raises(InvalidInput, match="no class"):
        reference().find_class("E0499", town.root)
    with pytest.raises(NotFound):
        retire_class(area_code=ROOT, code=first.code, by=town.by("admin"))


def test_own_numbers_end_before_the_national_ones_begin(town: Town) -> None:
    for _ in range(99 - LOWEST + 1):
        last = added(town)
    assert last.code == f"E04{LOWEST}"
    with pytest.raises(InvalidInput, match="no number left"):
        added(town)


def test_a_class_may_bring_its_route(town: Town) -> None:
    code = added(town, post="officer").code
    assert RoutingRule.objects.get(class_prefix=code, valid_to=None).post_id == "officer"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"major": "X01"}, "major"),
        ({"major": "E0417"}, "major"),
        ({"name": " "}, "name"),
        ({"tier": "street"}, "tier"),
        ({"confidentiality": "secret"}, "confidentiality"),
        ({"conditions": []}, "conditions"),
    ],
)
def test_what_a_class_may_not_be_is_named(town: Town, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        added(town, **fields)
    assert refused.value.field == field
    assert refused.value.expected


def test_classes_need_the_verb(town: Town) -> None:
    with pytest.raises(Forbidden):
        added(town, by=town.by("operator"))
    with pytest.raises(NotFound):
        added(town, area_code="NOWHERE")


def test_an_edit_holds_from_now_on_and_says_what_was(town: Town) -> None:
    by = town.by("operator")
    old = report_case(report=NewReport(description="摊", point=POINTS["G11"], case_class="E0417",
                                       source="grid_worker"), by=town.by("worker", verb="report"))
    act(case_id=old.case_id, command=Command(act="accept"), expected_version=1, by=by)
    act(case_id=old.case_id, command=Command(act="register", condition=1), expected_version=2, by=by)
    edit_class(area_code=ROOT, code="E0417", by=town.by("admin"), name="占道", tier="community",
               limits={1: Limit(2, LimitUnit.WORKING_DAY)})
    detail = queries.case_detail(old.case_id, by, now=now())
    assert (detail.case.limit_amount, detail.case.limit_unit) == (4, "working_hour")
    assert detail.class_info is not None
    assert (detail.class_info.name, detail.class_info.tier) == ("占道", "community")
    assert detail.class_info.conditions[1].limit == Limit(2, LimitUnit.WORKING_DAY)
    verb, data = entries()[-1]
    assert verb == "edit"
    assert (data["was"]["tier"], data["now"]["tier"]) == ("grid", "community")
    assert data["was"]["limits"][0] == [1, 4, "working_hour"]
    assert set(data["content"]) == {"name", "name_before"}


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({}, InvalidInput),
        ({"limits": {9: Limit(1, LimitUnit.WORKING_DAY)}}, InvalidInput),
        ({"code": "E0400", "tier": "grid"}, NotFound),
        ({"tier": "city"}, InvalidInput),
    ],
)
def test_an_edit_that_cannot_be_made_is_refused(town: Town, fields: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        edit_class(**{"area_code": ROOT, "code": "E0417", "by": town.by("admin")} | fields)


def test_a_case_reported_under_a_class_that_ended_is_registered_under_another(town: Town) -> None:
    by = town.by("operator")
    made = report_case(report=NewReport(description="摊", point=POINTS["G11"], case_class="E0417",
                                        source="grid_worker"), by=town.by("worker", verb="report"))
    retire_class(area_code=ROOT, code="E0417", by=town.by("admin"))
    act(case_id=made.case_id, command=Command(act="accept"), expected_version=1, by=by)
    with pytest.raises(InvalidInput, match="has ended"):
        act(case_id=made.case_id, command=Command(act="register", condition=1), expected_version=2, by=by)
    with pytest.raises(InvalidInput, match="below it"):
        retire_class(area_code=ROOT, code="P01", by=town.by("admin"))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE cases_class_condition SET limit_amount = 999 WHERE number = 2",
        "UPDATE cases_class SET confidentiality = 'public', name = 'x' WHERE code = 'E0417'",
        "UPDATE cases_class SET retired = true WHERE code = 'E0417'",
        "UPDATE cases_class SET parent_id = NULL WHERE code = 'E0417'",
    ],
)
def test_verifying_names_a_class_that_was_changed_behind_the_journal(committed_town: Town, sql: str) -> None:
    added(committed_town)
    edit_class(area_code=ROOT, code="P0101", by=committed_town.by("admin"), confidentiality="restricted")
    report = verify()
    assert report.clean, report.faults
    assert report.states[SUBJECT] == 1
    with connection.cursor() as cursor:
        cursor.execute(sql)
    [fault] = verify().faults
    assert "class_list test" in fault.detail
    assert "E0417" in fault.detail
    assert "P0101" not in fault.detail


def test_a_set_from_before_is_stated_by_its_first_edit(committed_town: Town, committed_db: str) -> None:
    with databases.connect("owner", committed_db) as owner:
        owner.execute("DELETE FROM cases_class_set")
    added(committed_town)
    newest = ClassSet.objects.get()
    verbs = list(Entry.objects.filter(subject_id=newest.id).order_by("seq").values_list("verb", flat=True))
    assert verbs == ["state", "add"]


def test_a_set_moves_along_with_its_area(committed_town: Town) -> None:
    by = mandates.console()
    added(committed_town, area_code="T-C1", by=by)
    moved = reparent_area(area="T-C1", parent=ROOT, at=now(), by=by)
    assert ClassSet.objects.get(area_id=moved.id).version == 3
    assert CaseClass.objects.get(code="E0499").area_id == moved.id
    report = verify()
    assert report.clean, report.faults


@pytest.fixture
def crosswalk(town: Town) -> Town:
    load_crosswalk(links=read_links(), by=mandates.console())
    return town


@pytest.mark.parametrize(
    ("code", "source", "target", "other"),
    [
        ("E04", CJ, GB, "E05"),
        ("E05", CJ, GB, "E04"),
        ("E04", GB, CJ, "E05"),
        ("E01", CJ, GB, "E01"),
        ("P0118", CJ, GB, "P0137"),
        ("P0137", GB, CJ, "P0118"),
        ("P06", CJ, GB, "P05"),
        ("E0401", CJ, GB, "E0505"),  # 路面塌陷: by its name, not by its number
        ("E0402", CJ, GB, "E0501"),
        ("E0501", CJ, GB, "E0401"),
        ("E0507", CJ, GB, "E0136"),  # 乱堆物堆料 went to another major
        ("P0501", CJ, GB, "P0308"),
        ("E0505", GB, CJ, "E0401"),
        ("E0401", SWAPPED, GB, "E0501"),
        ("E0510", SWAPPED, GB, "E0410"),
        ("E0596", SWAPPED, GB, "E0496"),
        ("E0401", GB, SWAPPED, "E0501"),
        ("P0137", SWAPPED, GB, "P0137"),
        ("E0417", GB, GB, "E0417"),
    ],
)
def test_a_code_is_carried_over_by_the_table(crosswalk: Town, code: str, source: str, target: str, other: str) -> None:
    assert translate(code, source, target) == other


@pytest.mark.parametrize(
    ("code", "source", "target", "words"),
    [
        ("P05", GB, CJ, "several classes"),
        ("P0117", CJ, GB, "several classes"),
        ("P0207", CJ, GB, "several classes"),
        ("E0502", CJ, GB, "does not say"),  # 流浪乞讨 has no class here
        ("E0409", CJ, GB, "does not say"),
        ("E04", "own", GB, "does not know this scheme"),
    ],
)
def test_what_the_table_does_not_settle_is_refused(
    crosswalk: Town, code: str, source: str, target: str, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words) as refused:
        translate(code, source, target)
    assert refused.value.expected


def test_a_crosswalk_replaces_what_was_said_between_the_same_two(crosswalk: Town, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text(f"from_scheme,from_code,to_scheme,to_code\n{CJ},E04,{GB},E06\nown,A1,{GB},E01\n", "utf-8")
    assert load_crosswalk(links=read_links(file), by=mandates.console()) == 2
    assert translate("E04", CJ, GB) == "E06"
    assert translate("A1", "own", GB) == "E01"
    with pytest.raises(InvalidInput):
        translate("E05", CJ, GB)
    with pytest.raises(InvalidInput, match="two schemes"):
        load_crosswalk(links=[Link(GB, "E01", GB, "E02")], by=mandates.console())
    with pytest.raises(Forbidden):
        load_crosswalk(links=[], by=crosswalk.by("admin"))
    file.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(MalformedInput, match="no column"):
        list(read_links(file))


def test_the_shipped_crosswalk_names_classes_that_ship() -> None:
    from wangge.scenarios.nanxiashu.rulebook import classes

    there = {row.code for row in classes(["case_classes.csv"])}
    links = list(read_links())
    assert {link.to_code for link in links} <= there
    assert len(links) == len(set(links)) > 30
    assert ("E04", "E05") in {(link.from_code, link.to_code) for link in links}


def test_the_command_adds_edits_lists_and_ends(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("classes", "add", ROOT, "E04", "--name", "单车", "--condition", "堵路", "--closing", "移走",
                 "--limit", "4", "working_hour", "--organisation", "T-UNIT", "--confidentiality", "restricted")
    assert "E0499" in capsys.readouterr().out
    call_command("classes", "edit", ROOT, "E0499", "--limit", "1", "2", "working_day", "--tier", "community")
    call_command("classes", "list", ROOT, "--code", "E0499")
    assert "E0499  单车  community  restricted  2 working_day" in capsys.readouterr().out
    call_command("classes", "retire", ROOT, "E0499")
    call_command("classes", "crosswalk")
    call_command("classes", "translate", "E04", "--from", CJ, "--to", GB)
    assert "E05" in capsys.readouterr().out
    from django.core.management import CommandError

    with pytest.raises(CommandError, match="There is no such unit"):
        call_command("classes", "edit", ROOT, "E0417", "--limit", "1", "2", "fortnight")


def test_a_control_still_refuses_an_own_class(town: Town) -> None:
    from datetime import timedelta

    from wangge.kernel.cases.controls import set_control

    code = added(town).code
    set_control(area_code=ROOT, class_prefix=code, valid_from=now() - timedelta(days=1),
                valid_to=now() + timedelta(days=1), text="施工", by=mandates.console())
    with pytest.raises(Conflict):
        report_case(report=NewReport(description="x", point=POINTS["G11"], case_class=code), by=town.public())


def test_a_crosswalk_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "crosswalk.csv"
    file.write_bytes(bytes(range(256)))
    with pytest.raises(MalformedInput, match="not UTF-8"):
        list(read_links(file))
