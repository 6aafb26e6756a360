"""Findings at the desk: typed in, read in from a sheet, listed, contested, put right in rounds, cut and merged."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from tests.interfaces import assessed
from tests.interfaces.api.counting import statements
from tests.interfaces.staff.test_case import Desk
from tests.interfaces.world import INSIDE, PASSWORD, SINCE, World
from wangge.assessment.models import FindingRow
from wangge.assessment.services import NewFinding, record_findings
from wangge.base.clock import now
from wangge.base.workbooks import Sheet, written
from wangge.inspections.models import Contest, Rectification
from wangge.inspections.rectifying import NewRectification, order_rectification
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.journal.verifying import verify
from wangge.kernel.people import services as people

G1 = "320499001001001"
LIST = "/desk/findings"


@pytest.fixture(autouse=True)
def others(world: World) -> None:
    """Who leads, assesses and audits, and the leader of the worker's grid."""
    assessed.staff(world)
    by = mandates.console()
    person = people.create_person(name="示意grid_leader", by=by)
    assign(post="grid_leader", area=G1, valid_from=SINCE, person=person, by=by)
    world.persons["grid_leader"] = person.id
    world.accounts["grid_leader"] = people.create_account(username="grid_leader", password=PASSWORD, person=person,
                                                          by=by, check_strength=False)


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def form(**given: str) -> dict[str, str]:
    """What an inspector types."""
    return {"source": "subdistrict", "area": G1, "case_class": "E0401", "discovered_at": "2026-06-01T10:00",
            "points": "0.10", "note": "店外堆物", "key": "0b7b6c9e-8a4c-4c8e-9d0a-1f2e3d4c5b6a"} | given


def found(world: World, **given: Any) -> FindingRow:
    new = {"source": "subdistrict", "ref": "1", "area_code": G1, "discovered_at": now(), "points": Decimal("0.50"),
           "class_code": "E0401"} | given
    return record_findings([NewFinding(**new)], by=world.by("inspector"))[0]


def press(client: Client, one: FindingRow, do: str, **given: Any) -> Any:
    one.refresh_from_db()
    return client.post(f"{LIST}/{one.id}/act", {"do": do, "key": one.id, "expected_version": one.version} | given,
                       follow=True)


def order(client: Client, one: FindingRow, target: str = "post:grid_worker", **given: Any) -> Any:
    told = {"target": target, "expected_version": one.version} | given
    return client.post(f"{LIST}/{one.id}/order", told, follow=True)


@pytest.mark.django_db
def test_an_inspector_types_a_finding_in_and_who_answers_reads_it(desk: Desk, world: World) -> None:
    assert "还没有检查问题" in text(desk("inspector").get(LIST))
    answer = desk("inspector").post(f"{LIST}/new", form(), follow=True)
    one = FindingRow.objects.get()
    assert answer.redirect_chain == [(f"{LIST}/{one.id}", 302)]
    assert (one.source, one.ref, one.points, one.area.code) == ("subdistrict", "20260601-0b7b6c9e", 100, G1)
    page = text(desk("worker").get(f"{LIST}/{one.id}"))
    for word in ("店外堆物", "王示范", "示意grid_leader", "空缺：不追究个人", "李样例", "可申诉至"):
        assert word in page
    assert "街道督查 20260601-0b7b6c9e" in text(desk("worker").get(LIST))
    assert desk("worker").get(f"{LIST}/subdistrict/{one.ref}").headers["Location"] == f"{LIST}/{one.id}"
    assert verify().clean


@pytest.mark.django_db
def test_sent_twice_it_is_one_and_the_point_says_where(desk: Desk) -> None:
    point = {"area": "", "lon": str(INSIDE.lon_e7 / 1e7), "lat": str(INSIDE.lat_e7 / 1e7)}
    for status in (200, 409):
        assert desk("inspector").post(f"{LIST}/new", form(**point), follow=True).status_code == status
    assert FindingRow.objects.get().area.code == G1


@pytest.mark.django_db
@pytest.mark.parametrize(("given", "field"), [
    ({"source": "self"}, "source"), ({"source": "city"}, "ref"), ({"area": ""}, "area"), ({"area": "x"}, "area"),
    ({"points": "lots"}, "points"), ({"points": "-1"}, "points"), ({"points": "0.00001"}, "points"),
    ({"discovered_at": ""}, "discovered_at"), ({"discovered_at": "soon"}, "discovered_at"),
    ({"discovered_at": "2099-01-01T00:00"}, "discovered_at"), ({"occurred_at": "2026-06-02T10:00"}, "occurred_at"),
    ({"note": "x" * 1001}, "note"), ({"lon": "x", "lat": "y"}, ""), ({"key": "x"}, ""), ({"case_class": "?"}, ""),
])
def test_what_cannot_be_recorded_comes_back_as_it_was_typed(desk: Desk, given: dict[str, str], field: str) -> None:
    answer = desk("inspector").post(f"{LIST}/new", form(**given))
    page = answer.content.decode()
    assert 400 <= answer.status_code < 500
    assert 'role="alert"' in page
    assert "店外堆物" in page or "note" in given
    if field:
        assert re.search(rf'name="{field}"[^>]*aria-invalid', page)
    assert not FindingRow.objects.exists()


@pytest.mark.django_db
def test_who_answers_for_the_place_does_not_inspect_it(desk: Desk, world: World) -> None:
    assign(post="inspector", area="320499001", valid_from=SINCE, person=world.persons["worker"], by=mandates.console())
    duty = mandates.for_person(world.persons["worker"], channel="desk", verb="record_finding").duty
    client = desk("worker")
    client.post("/desk/me", {"duty": str(duty)})
    answer = client.post(f"{LIST}/new", form())
    assert (answer.status_code, "不得由本人检查" in text(answer)) == (409, True)
    assert client.post(f"{LIST}/new", form(source="city", ref="7")).status_code == 302
    assert "录入人本身负责此地" in text(client.get(f"{LIST}/{FindingRow.objects.get().id}"))


SHEET = f"""id,source,area_code,class_code,occurred_at,discovered_at,points,note
1,city,{G1},E0401,,2026-06-01T09:00,0.50,占道
2,city,nowhere,E0401,,2026-06-01T09:00,0.50,
3,city,{G1},E0401,,yesterday,0.50,
"""


def send(client: Client, name: str, content: bytes) -> Any:
    return client.post(f"{LIST}/import", {"file": SimpleUploadedFile(name, content)}, follow=True)


@pytest.mark.django_db
def test_a_sheet_is_read_in_and_what_was_refused_can_be_mended(desk: Desk) -> None:
    client = desk("inspector")
    assert client.get(f"{LIST}/errors.xlsx").status_code == 404
    page = text(send(client, "city.csv", SHEET.encode()))
    assert "登记 1 条" in page
    assert "nowhere" in page
    book = load_workbook(BytesIO(client.get(f"{LIST}/errors.xlsx").content))
    assert [row[:2] for row in book["errors"].iter_rows(min_row=2, values_only=True)] == [
        (3, "area_code"), (4, "discovered_at")]
    rows = [list(row) for row in book["findings"].iter_rows(values_only=True)]
    rows[1][2], rows[2][5] = G1, "2026-06-01T09:00"
    told = [[str(cell or "") for cell in row] for row in rows]
    mended = written([Sheet("findings", told[0], told[1:])])
    assert "登记 2 条" in text(send(client, "errors.xlsx", mended))
    assert "3 条此前已有" not in text(send(client, "errors.xlsx", mended))
    assert FindingRow.objects.count() == 3
    assert client.get(f"{LIST}/errors.xlsx").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "content"), [
    ("x.xlsx", b"no workbook"), ("x.csv", b"a,b\n1,2\n"), ("x.csv", b"\xff\xfe"), ("x.csv", b""),
    ("x.xlsx", written([Sheet("findings", ["a"], [["1"]])])), ("x.xlsx", written([Sheet("empty", ["id"], [])])),
])
def test_a_file_that_is_none_is_refused(desk: Desk, name: str, content: bytes) -> None:
    answer = send(desk("inspector"), name, content)
    assert 400 <= answer.status_code < 500
    assert 'role="alert"' in answer.content.decode()


@pytest.mark.django_db
def test_the_list_is_narrowed_and_says_what_is_overdue(desk: Desk, world: World) -> None:
    one, other = found(world), found(world, ref="2", source="city", area_code="320499001002001")
    assert "已要求整改" in text(order(desk("inspector"), one))
    late = Rectification.objects.get()
    assert late.post_id == "grid_worker"
    page = {box: text(desk("inspector").get(f"{LIST}?box={box}")) for box in ("open", "overdue", "contested", "all")}
    assert "街道督查 1" in page["open"]
    assert "市级检查 2" not in page["open"]
    assert "没有这样的问题" in page["overdue"]
    assert "市级检查 2" in text(desk("inspector").get(f"{LIST}?source=city"))
    assert "街道督查 1" not in text(desk("inspector").get(f"{LIST}?area=320499001002"))
    assert "没有这样的问题" in text(desk("inspector").get(f"{LIST}?from=2099-01-01"))
    assert "待我整改 1" in text(desk("worker").get(f"{LIST}?box=mine"))
    assert "街道督查 1" not in text(desk("elsewhere").get(LIST))
    assert desk("elsewhere").get(f"{LIST}/{one.id}").status_code == 404
    assert desk("elsewhere").get(f"{LIST}/{other.id}").status_code == 200


@pytest.mark.django_db
def test_what_is_overdue_is_said_in_words_in_the_list_and_in_the_brief(desk: Desk, world: World) -> None:
    assert text(desk("leader").get(f"{LIST}/beside")) == ""
    one = found(world)
    long_ago = replace(world.by("inspector"), recorded_at=now() - timedelta(days=40))
    order_rectification(new=NewRectification(one.id, "grid_worker"), expected_version=1, by=long_ago)
    page = text(desk("worker").get(f"{LIST}?box=overdue"))
    assert "整改超期" in page
    assert "已超期 1" in page
    assert text(desk("leader").get(f"{LIST}/beside")) == "1 条检查问题逾期未整改"
    assert f'hx-get="{LIST}/beside"' in desk("leader").get("/desk/brief").content.decode()
    assert desk("worker").get(f"{LIST}/beside").status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("query", [
    "box=x", "source=x", "area=x", "from=x", "to=9999-12-31", "to=0001-01-01", "cursor=x", "cursor=2026-01-01~x",
    "source=%00",
])
def test_a_condition_that_cannot_be_used_is_named(desk: Desk, query: str) -> None:
    assert desk("inspector").get(f"{LIST}?{query}").status_code in (200, 422)


@pytest.mark.django_db
def test_a_long_list_goes_on_page_by_page(desk: Desk, world: World) -> None:
    at = now() - timedelta(days=1)
    rows = [NewFinding("city", str(number), G1, at, Decimal(0)) for number in range(60)]
    record_findings(rows, by=mandates.console())
    first = desk("inspector").get(LIST).content.decode()
    address = re.search(r'rel="next" href="(\?[^"]+)"', first) or pytest.fail("no next page")
    second = desk("inspector").get(LIST + address.group(1).replace("&amp;", "&")).content.decode()
    shown = [set(re.findall(rf'href="{LIST}/([0-9a-f-]{{36}})"', page)) for page in (first, second)]
    assert (len(shown[0]), len(shown[1]), len(shown[0] | shown[1])) == (50, 10, 60)


@pytest.mark.django_db
def test_a_contest_goes_its_way(desk: Desk, world: World) -> None:
    one = found(world)
    assert "由未参与的人裁定" in text(press(desk("worker"), one, "contest", words="当时已清走"))
    row = Contest.objects.get()
    assert "申诉中" in text(desk("inspector").get(f"{LIST}?box=contested"))
    assert "decide" not in desk("inspector").get(f"{LIST}/{one.id}").content.decode()
    given = {"key": row.id, "expected_version": row.version, "words": "照片为证"}
    assert press(desk("inspector"), one, "decide", **given, view="void").status_code == 409
    assert press(desk("auditor"), one, "decide", **given, view="cut", points="x").status_code == 422
    assert press(desk("auditor"), one, "decide", **given, view="cut", points="0.60").status_code == 422
    page = text(press(desk("auditor"), one, "decide", **given, view="cut", points="0.20"))
    assert "0.20（原为 0.50）" in page
    assert "照片为证" in page
    assert "当时已清走" in page
    assert verify().clean


@pytest.mark.django_db
def test_it_is_put_right_in_rounds(desk: Desk, world: World) -> None:
    one = found(world)
    order(desk("leader"), one, words="今日清理", due_at=f"{now() + timedelta(days=3):%Y-%m-%dT%H:%M}")
    row = Rectification.objects.get()
    given = {"key": row.id, "expected_version": 1}
    assert "报告已整改" in text(desk("worker").get(f"{LIST}/{one.id}"))
    assert press(desk("worker"), one, "rectify", **given).status_code == 422
    assert "已整改，待复查" in text(press(desk("worker"), one, "rectify", **given, words="已清"))
    given["expected_version"] = 2
    refused = press(desk("inspector"), one, "recheck", **given, passed="0")
    assert refused.status_code == 422
    page = text(press(desk("inspector"), one, "recheck", **given, passed="0", words="仍有堆物"))
    assert "第 2 轮" in page
    second = Rectification.objects.get(round=2)
    assert press(desk("leader"), one, "drop", key=second.id, expected_version=1, words="另行处理").status_code == 200
    assert [*Rectification.objects.order_by("round").values_list("state", flat=True)] == ["failed", "dropped"]
    assert "再次要求整改" in text(desk("leader").get(f"{LIST}/{one.id}"))
    assert verify().clean


@pytest.mark.django_db
def test_who_has_no_part_in_it_cuts_and_merges_with_words(desk: Desk, world: World) -> None:
    one, other = found(world), found(world, ref="2")
    less = press(desk("auditor"), one, "amend", view="cut", points="0.30", words="市里更正")
    assert "0.30（原为 0.50）" in text(less)
    assert press(desk("auditor"), one, "amend", view="cut", points="0.40", words="x").status_code == 422
    assert press(desk("auditor"), one, "amend", view="keep", words="x").status_code == 422
    assert press(desk("auditor"), one, "merge", into="nowhere").status_code == 404
    assert press(desk("auditor"), one, "merge", into="subdistrict/1").status_code == 422
    assert "与街道督查 1重复" in text(press(desk("auditor"), other, "merge", into="subdistrict/1"))
    assert "已撤销" in text(press(desk("auditor"), one, "amend", view="void", words="记错了地点"))
    third = found(world, ref="3")
    assert press(desk("auditor"), third, "amend", view="void", words=" ").status_code == 422
    for who, status in (("leader", 409), ("worker", 403)):  # who leads answers for the place himself
        assert press(desk(who), third, "amend", view="void", words="没有的事").status_code == status
        assert press(desk(who), third, "merge", into="subdistrict/1").status_code in (status, 422)
    assert "减分或撤销" not in text(desk("leader").get(f"{LIST}/{third.id}"))
    assert order(desk("leader"), one).status_code == 409


@pytest.mark.django_db
@pytest.mark.parametrize("given", [
    {"do": "nonsense"}, {"do": "contest", "expected_version": "x"}, {"do": "rectify", "key": "x"},
    {"do": "recheck", "passed": "7"}, {"do": "decide"}, {"do": "drop", "key": ""}, {"do": "merge", "into": "city"},
    {"do": "contest", "words": "x\x01y"}, {"do": "amend", "view": "cut", "points": "NaN"},
])
def test_bad_input_is_refused_on_the_page(desk: Desk, world: World, given: dict[str, str]) -> None:
    one = found(world)
    for who in ("worker", "inspector", "leader"):
        answer = press(desk(who), one, **given)
        assert 400 <= answer.status_code < 500, who


@pytest.mark.django_db
def test_an_order_that_cannot_be_is_refused_and_keeps_what_was_typed(desk: Desk, world: World) -> None:
    one = found(world)
    for given in ({"target": ""}, {"target": "unit:x"}, {"target": "post:auditor"}, {"due_at": "x"},
                  {"due_at": "2020-01-01T10:00"}, {"expected_version": "9"}):
        answer = order(desk("inspector"), one, **{"words": "今日清理", **given})
        assert 400 <= answer.status_code < 500, given
        assert "今日清理" in answer.content.decode()
    assert order(desk("inspector"), one, f"unit:{world.unit}").status_code == 200
    assert Rectification.objects.get().organisation_id == world.unit


@pytest.mark.django_db
def test_what_was_reported_before_is_told_with_the_case(desk: Desk, world: World) -> None:
    receipt = world.report()
    world.bring(receipt, "accept", "confirm", "register")
    one = found(world, point=INSIDE, discovered_at=now() + timedelta(seconds=1))
    page = desk("inspector").get(f"{LIST}/{one.id}").content.decode()
    assert "内部免责" in page
    assert f"/desk/cases/{receipt.number}" in page
    assert "内部免责" in text(desk("inspector").get(LIST))


@pytest.mark.django_db
def test_lines_are_shown_to_whom_they_name_and_to_who_answers_above(desk: Desk, world: World) -> None:
    assessed.notified(world)
    one = FindingRow.objects.get(source="city", ref="1")
    shown = {who: text(desk(who).get(f"{LIST}/{one.id}")).count("计入的考核单")
             for who in ("worker", "leader", "inspector")}
    assert shown == {"worker": 1, "leader": 1, "inspector": 0}


@pytest.mark.django_db
def test_the_pages_take_few_statements(desk: Desk, world: World) -> None:
    world.bring(world.report(), "accept", "confirm", "register")
    one = found(world, point=INSIDE, discovered_at=now() + timedelta(seconds=1))
    order(desk("inspector"), one)
    press(desk("worker"), one, "contest", words="当时已清走")
    for who in ("inspector", "worker", "leader", "auditor"):
        for address in (LIST, f"{LIST}?box=open", f"{LIST}/{one.id}"):
            client = desk(who)
            client.get(address)
            with statements() as sent:
                assert client.get(address).status_code == 200
            assert len(sent) <= 8, (who, address, [sql[:80] for sql in sent])
