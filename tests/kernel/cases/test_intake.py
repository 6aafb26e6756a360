"""A report becomes a case: once for each key, in its grid, and nothing is acknowledged that is not kept."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from tests.town import POINTS, SINCE, Town
from wangge.base import codes
from wangge.base.errors import Forbidden, InvalidInput, KeyReused
from wangge.kernel.cases.intake import Receipt, report_case
from wangge.kernel.cases.loading import load
from wangge.kernel.cases.models import Case, Report, SearchTerms
from wangge.kernel.cases.queries import timeline
from wangge.kernel.cases.reporting import NewReport
from wangge.kernel.cases.tracking import request_digest
from wangge.kernel.duties import mandates
from wangge.kernel.journal.models import Content, Entry
from wangge.kernel.places.coding import declare_form
from wangge.kernel.places.services import create_area


def a_report(**changes: object) -> NewReport:
    given = {"description": "菜场东门又摆烧烤", "address": "青禾路菜场东门", "point": POINTS["G11"]} | changes
    return NewReport(**given)  # type: ignore[arg-type]


def keyed(key: str, body: str = "same", **changes: object) -> NewReport:
    return a_report(key=key, digest=request_digest("public", body.encode()), **changes)


def test_a_report_lands_in_its_grid(town: Town) -> None:
    receipt = report_case(report=a_report(case_class="E0417"), by=town.public())
    assert receipt.created
    assert (receipt.area_path, receipt.area_name, receipt.state) == (town.paths["G11"], "西社区第一网格", "reported")
    case = Case.objects.get(id=receipt.case_id)
    assert (case.path, case.born_path, case.version, case.area_id) == (
        town.paths["G11"],
        town.paths["G11"],
        1,
        town.areas["G11"],
    )
    assert case.number.startswith("320499")
    assert len(case.number) == 19
    assert case.stage_due_at is not None


def test_the_words_lie_in_erasable_content_only(town: Town) -> None:
    receipt = report_case(report=a_report(contact_phone="13800138000"), by=town.public())
    fields = dict(Content.objects.filter(subject_id=receipt.case_id).values_list("field", "value"))
    assert fields == {"description": "菜场东门又摆烧烤", "address": "青禾路菜场东门", "contact_phone": "13800138000"}
    entry = Entry.objects.get(subject_id=receipt.case_id)
    assert "13800138000" not in str(entry.data)
    assert set(entry.data["content"]) == set(fields)
    assert "烧烤" in SearchTerms.objects.get(case_id=receipt.case_id).terms


def test_the_contact_is_no_part_of_the_timeline(town: Town) -> None:
    receipt = report_case(report=a_report(contact_phone="13800138000"), by=town.public())
    assert "contact_phone" not in timeline(receipt.case_id)[0].content


def test_a_point_outside_every_boundary_is_answered_as_such(town: Town) -> None:
    receipt = report_case(report=a_report(point=POINTS["outside"]), by=town.public())
    assert receipt.outside
    assert receipt.area_path == town.root
    assert Entry.objects.get(subject_id=receipt.case_id).data["outside"] is True


def test_a_mere_address_goes_to_the_operators_queue(town: Town) -> None:
    receipt = report_case(report=a_report(point=None), by=town.public())
    assert (receipt.area_path, receipt.outside) == (town.root, False)
    assert load(receipt.case_id, town.by("operator")).state == "reported"


def test_a_named_area_files_the_report_there(town: Town) -> None:
    receipt = report_case(report=a_report(point=None, area_code="T-G22"), by=town.public())
    assert receipt.area_path == town.paths["G22"]


def test_intake_takes_two_statements(town: Town) -> None:
    report_case(report=a_report(), by=town.public())
    with CaptureQueriesContext(connection) as queries:
        report_case(report=a_report(case_class="P0101"), by=town.public())
    statements = [query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) <= 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"description": "", "address": "x"}, "description"),
        ({"point": None, "address": ""}, "address"),
        ({"description": "x" * 4001}, "description"),
        ({"description": "a\x00b"}, "description"),
        ({"case_class": "E9999"}, "case_class"),
        ({"case_class": "E04"}, "case_class"),
        ({"contact_phone": "call me"}, "contact_phone"),
        ({"source": "gossip"}, "source"),
        ({"point": None, "area_code": "NOWHERE"}, "area_code"),
        ({"key": ""}, "key"),
    ],
)
def test_bad_input_names_the_field_and_leaves_no_trace(town: Town, changes: dict[str, object], field: str) -> None:
    before = Entry.objects.count()
    with pytest.raises(InvalidInput) as refused:
        report_case(report=a_report(**changes), by=town.public())
    assert refused.value.field in (field, "Idempotency-Key")
    assert refused.value.expected
    assert (Entry.objects.count(), Case.objects.count()) == (before, 0)


def test_sql_and_html_are_only_words(town: Town) -> None:
    words = "'; DROP TABLE cases_case; -- <script>alert(1)</script> {{7*7}} \\x00 %s"
    receipt = report_case(report=a_report(description=words, address=words), by=town.public())
    assert Content.objects.get(subject_id=receipt.case_id, field="description").value == words


def test_a_worker_reports_across_the_border_and_it_lands_where_it_is(town: Town) -> None:
    receipt = report_case(report=a_report(point=POINTS["G22"]), by=town.by("worker"))
    assert (receipt.area_path, receipt.outside) == (town.paths["G22"], False)
    assert load(receipt.case_id, town.by("worker")).reporter == town.people["worker"]
    assert report_case(report=a_report(point=POINTS["outside"]), by=town.by("worker")).area_path == town.root


def test_who_may_not_report_is_refused(town: Town) -> None:
    with pytest.raises(Forbidden):
        report_case(report=a_report(), by=town.by("auditor"))
    create_area(code="OTHER", name="别处", kind="subdistrict", region="320498", valid_from=SINCE, by=mandates.console())
    with pytest.raises(Forbidden):
        report_case(report=a_report(point=None, area_code="OTHER"), by=town.by("worker"))


def test_the_same_key_and_body_give_the_same_case(town: Town) -> None:
    first = report_case(report=keyed("k1"), by=town.public())
    again = report_case(report=keyed("k1"), by=town.public())
    assert (first.created, again.created) == (True, False)
    assert (again.case_id, again.tracking_code) == (first.case_id, first.tracking_code)
    assert Case.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(town: Town) -> None:
    report_case(report=keyed("k1"), by=town.public())
    with pytest.raises(KeyReused):
        report_case(report=keyed("k1", body="other"), by=town.public())
    assert Report.objects.count() == 1


def test_fifty_times_at_once_with_one_key_is_one_case(committed_town: Town) -> None:
    receipts: list[Receipt] = []
    gate = threading.Barrier(50)

    def send() -> None:
        gate.wait()
        try:
            receipts.append(report_case(report=keyed("storm"), by=mandates.public(committed_town.root)))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(receipt.created for receipt in receipts) == {True: 1, False: 49}
    assert len({receipt.case_id for receipt in receipts}) == 1
    assert Case.objects.count() == 1
    assert Entry.objects.filter(subject_type="case").count() == 1


def test_a_report_decided_on_an_old_map_is_decided_again(committed_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the read and the write somebody opens a building: the guard refuses and the next try sees it."""
    from wangge.kernel.cases import intake

    town = committed_town
    tries = []
    real = intake.record

    def slow(*args: object, **more: object) -> bool:
        if not tries:
            create_area(
                code="T-B1",
                name="一号楼",
                kind="building",
                parent="T-G11",
                by=mandates.console(),
                valid_from=town.by("operator").at,
            )
        tries.append(1)
        return real(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "record", slow)
    receipt = report_case(report=a_report(), by=town.public())
    assert len(tries) == 2
    assert receipt.created
    assert Case.objects.count() == 1


@pytest.mark.parametrize(("last", "digits"), [(None, 5), (7, 7)])
def test_the_serial_of_a_case_number_is_as_long_as_the_area_says(town: Town, last: int | None, digits: int) -> None:
    if last is not None:
        declare_form(area="320499-T", kind="case", last=last, by=mandates.console())
    made = report_case(report=NewReport(description="路灯不亮", point=POINTS["G11"]), by=town.public())
    assert len(codes.read("case", made.number, last)["serial"]) == digits
