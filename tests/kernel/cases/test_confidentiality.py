"""Whose eyes the words of a case are for, by the confidentiality of its class."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection

from tests.town import POINTS, SINCE, Town
from wangge.base.clock import now
from wangge.base.errors import Forbidden, NotFound
from wangge.base.units import Limit, LimitUnit
from wangge.kernel.cases import following, queries
from wangge.kernel.cases.access import READS, may_read, may_see, readable_sql
from wangge.kernel.cases.contacts import read_contact
from wangge.kernel.cases.files import read_file, read_public, store_file
from wangge.kernel.cases.intake import report_case
from wangge.kernel.cases.loading import read_many
from wangge.kernel.cases.models import CONFIDENTIALITY
from wangge.kernel.cases.queries import Filters
from wangge.kernel.cases.reporting import NewReport
from wangge.kernel.cases.services import Command, act
from wangge.kernel.cases.setup import ClassRow, ConditionRow, RuleRow, load_class_set, set_routing
from wangge.kernel.duties import mandates
from wangge.kernel.reading.services import _TEXTS
from wangge.kernel.reading.similar import similar_reports

WORDS = "张家和李家为漏水争吵"
READERS = {
    "public": {"operator", "acceptor", "inspector", "leader", "secretary", "grid_leader", "worker", "officer",
               "auditor"},
    "restricted": {"operator", "acceptor", "inspector", "leader", "secretary", "grid_leader", "worker"},
    "confidential": {"operator", "acceptor", "inspector", "leader"},
}


@pytest.fixture
def quarrels(town: Town) -> Town:
    """A class for each confidentiality, all routed to the unit."""
    one = ConditionRow(1, "争执", "Quarrel", "谈好", "Settled", Limit(3, LimitUnit.WORKING_DAY))
    rows = [ClassRow("G06", "矛盾纠纷", "Disputes")]
    rows += [ClassRow(code_of(level), level, level, "G06", "grid", [one], level) for level in CONFIDENTIALITY]
    load_class_set(area_id=town.areas["320499-T"], area_path=town.root, scheme="g", classes=rows, by=mandates.console())
    set_routing(area_id=town.areas["320499-T"], area_path=town.root, rules=[RuleRow("G06", organisation=town.unit)],
                valid_from=SINCE, by=mandates.console())
    return town


def code_of(level: str) -> str:
    return f"G060{CONFIDENTIALITY.index(level) + 1}"


def reported(town: Town, level: str, *, reporter: str | None = None) -> tuple[UUID, str]:
    """A case of this confidentiality in the first grid: its id and tracking code."""
    by = town.by(reporter, verb="report") if reporter else town.public()
    made = report_case(
        report=NewReport(description=WORDS, address="某幢某室", point=POINTS["G11"], case_class=code_of(level),
                         contact_phone="13900000000", source="grid_worker" if reporter else "resident"),
        by=by,
    )
    assert made.tracking_code
    return made.case_id, made.tracking_code


@pytest.mark.parametrize("level", CONFIDENTIALITY)
def test_the_words_are_read_by_those_whom_the_class_allows(quarrels: Town, level: str) -> None:
    case_id, _code = reported(quarrels, level)
    for name in sorted(READERS["public"]):
        by = quarrels.by(name, verb="see", path=quarrels.paths["G11"])
        detail = queries.case_detail(case_id, by, now=now())
        [row] = queries.queue(by, Filters(), now=now()).rows
        may = name in READERS[level]
        assert (detail.description == WORDS, detail.address is not None, detail.withheld) == (may, may, not may), name
        assert (row.description == WORDS, row.address is not None) == (may, may), name
        assert row.class_name == level
        assert len(queries.queue(by, Filters(q="漏水争吵"), now=now()).rows) == may, name
        assert queries.counts(by, {"all": Filters(q="漏水争吵")}, now=now()) == {"all": may}, name
        found = similar_reports(WORDS, by=by, near=POINTS["G11"], since=SINCE)
        assert len(found) == may, name


def test_a_number_still_finds_a_case_whose_words_one_does_not_read(quarrels: Town) -> None:
    case_id, _code = reported(quarrels, "confidential")
    by = quarrels.by("auditor")
    number = queries.case_detail(case_id, by, now=now()).case.number
    [row] = queries.queue(by, Filters(q=number), now=now()).rows
    assert row.description is None


def test_a_candidate_for_joining_is_named_without_its_words(quarrels: Town) -> None:
    reported(quarrels, "confidential")
    for name, words in (("operator", WORDS), ("auditor", None)):
        [found] = queries.candidates(point=POINTS["G11"], class_id=None, at=now(), path=quarrels.root,
                                     by=quarrels.by(name))
        assert found.description == words


def test_who_handles_it_reads_it_and_another_unit_does_not(quarrels: Town) -> None:
    case_id, _code = reported(quarrels, "confidential")
    desk = quarrels.by("operator")
    for number, name in enumerate(("accept", "confirm", "register", "dispatch"), 1):
        act(case_id=case_id, command=Command(act=name), expected_version=number, by=desk)
    assert queries.case_detail(case_id, quarrels.by("clerk"), now=now()).description == WORDS
    assert queries.case_detail(case_id, quarrels.by("officer"), now=now()).description is None


def test_who_reported_it_reads_it(quarrels: Town) -> None:
    case_id, _code = reported(quarrels, "confidential", reporter="officer")
    assert queries.case_detail(case_id, quarrels.by("officer"), now=now()).description == WORDS


@pytest.mark.parametrize(("level", "told"), [("public", True), ("restricted", True), ("confidential", False)])
def test_the_tracking_page_tells_what_the_class_allows(quarrels: Town, level: str, told: bool) -> None:
    _case, code = reported(quarrels, level)
    found = following.follow(code)
    assert found.level == level
    assert bool(found.moments) == told
    assert (WORDS in str(found.moments)) == (level == "public")
    assert found.case.state == "reported"


def test_photos_follow_the_words(quarrels: Town, settings: object, tmp_path: object) -> None:
    from io import BytesIO

    from PIL import Image

    settings.FILES_ROOT = tmp_path  # type: ignore[attr-defined]
    data = BytesIO()
    Image.new("RGB", (64, 64), "red").save(data, "JPEG")
    from wangge.base.ids import new_id

    sender = quarrels.public()
    kept = store_file(file_id=new_id(), content=data.getvalue(), by=sender)
    made = report_case(report=NewReport(description=WORDS, point=POINTS["G11"], files=(kept.id,),
                                        case_class=code_of("confidential")), by=sender)
    assert read_file(kept.id, by=quarrels.by("operator")).path
    with pytest.raises(NotFound):
        read_file(kept.id, by=quarrels.by("auditor"))
    assert made.tracking_code
    with pytest.raises(NotFound):
        read_public(kept.id, made.tracking_code)
    assert following.follow(made.tracking_code).files == ()
    assert queries.case_detail(made.case_id, quarrels.by("auditor"), now=now()).files == ()


def test_a_contact_is_not_read_where_the_words_are_not(quarrels: Town) -> None:
    case_id, _code = reported(quarrels, "confidential")
    with pytest.raises(Forbidden):
        read_contact(case_id=case_id, reason="核实", by=quarrels.by("worker"))
    assert read_contact(case_id=case_id, reason="核实", by=quarrels.by("operator"))["contact_phone"] == "13900000000"


def test_a_class_that_has_ended_keeps_its_cases_closed(quarrels: Town) -> None:
    case_id, _code = reported(quarrels, "confidential")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_class SET retired = true WHERE code LIKE 'G060%%'")
    assert queries.case_detail(case_id, quarrels.by("auditor"), now=now()).withheld


def test_the_reader_does_not_learn_from_words_that_are_not_public() -> None:
    assert "k.confidentiality = 'public'" in _TEXTS


def test_the_rule_in_sql_is_the_rule_in_python(quarrels: Town) -> None:
    desk = quarrels.by("operator")
    for level in CONFIDENTIALITY:
        reported(quarrels, level)
        sent, _code = reported(quarrels, level, reporter="officer")
        for number, name in enumerate(("accept", "register", "dispatch"), 1):
            act(case_id=sent, command=Command(act=name), expected_version=number, by=desk)
    from wangge.kernel.cases.reference import reference

    known, compared = reference(), 0
    for name in quarrels.people:
        by = quarrels.by(name)
        sql, values = readable_sql(by)
        with connection.cursor() as cursor:
            joined = "cases_case c LEFT JOIN cases_class k ON k.id = c.case_class"
            cursor.execute(f"SELECT c.id, {sql} FROM {joined}", values)
            told = dict(cursor.fetchall())
        for state in read_many("TRUE", []):
            if may_see(state, by):
                compared += 1
                assert bool(told[state.id]) == may_read(state, known.level_of(state.case_class), by), (name, state)
    assert compared > 20
    assert set(READS) | {"public"} == set(CONFIDENTIALITY)
