"""The desk's pages of posts, seats and places: what they show, handing over, and who may."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from tests.interfaces.staff.test_case import Desk
from tests.interfaces.world import SINCE, World
from wangge.kernel.duties import mandates, queries
from wangge.kernel.duties.models import Assignment, DeclaredInterest
from wangge.kernel.duties.services import assign, void_assignment
from wangge.kernel.people.models import Person
from wangge.kernel.places.services import count_residents

GRID = "320499001001001"
SEAT = f"/desk/posts/{GRID}/grid_worker"


def day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def duty(world: World, who: str = "worker") -> Assignment:
    return Assignment.objects.get(person_id=world.persons[who])


def test_the_table_names_who_holds_what_and_how_long_a_post_is_vacant(world: World, desk: Desk) -> None:
    assign(post="cleaner", area="320499001001", valid_from=SINCE, person=world.persons["worker"], by=mandates.console())
    page = desk("operator").get("/desk/posts").content.decode()
    assert "王示范" in page
    assert "空缺" in page
    only = desk("operator").get("/desk/posts?rows=grid&area=320499001001&only=vacant").content.decode()
    assert "青禾第二网格" in only
    assert desk("operator").get("/desk/posts?day=1999-01-01").status_code == 200
    for query in ("day=soon", "day=0000-01-01", "area=320000"):
        assert desk("operator").get(f"/desk/posts?{query}").status_code == 422


def test_the_table_is_a_workbook_too(world: World, desk: Desk) -> None:
    answer = desk("operator").get("/desk/posts.xlsx")
    book = load_workbook(BytesIO(answer.content))
    assert [page.title for page in book] == ["岗位", "空缺"]
    assert [row[1].value for row in book["岗位"].iter_rows(min_row=2)] == ["青禾社区", "望湖社区"]
    assert book["空缺"].max_row == 1 + 22


def test_a_secretary_hands_a_post_over_from_a_day_ahead(world: World, desk: Desk) -> None:
    receipt = world.report()
    world.bring(receipt, "accept", "confirm", "register", "dispatch")
    client, held = desk("secretary"), duty(world)
    page = client.get(SEAT).content.decode()
    assert "王示范" in page
    assert "路灯不亮" in page
    sent = {"do": "hand", "duty": str(held.id), "newcomer": "新来者", "on": day(3), "note": "钥匙在门卫"}
    page = client.post(SEAT, sent, follow=True).content.decode()
    assert "1 件未结案件随岗移交" in page
    assert "钥匙在门卫" in page
    at = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=3)
    path = f"320499001/320499001001/{GRID}/"
    assert [one.name for one in queries.holders(path, "grid_worker", at)] == ["新来者"]
    assert [one.name for one in queries.holders(path, "grid_worker", at - timedelta(seconds=1))] == ["王示范"]
    assert client.post("/desk/posts/320499001001/operator", {**sent, "do": "assign"}).status_code == 403


def test_what_cannot_be_is_refused_with_what_was_typed(world: World, desk: Desk) -> None:
    client, held = desk("admin"), duty(world)
    given = {"do": "hand", "duty": str(held.id), "newcomer": "新来者", "on": day(3), "note": "请看门卫"}
    for more, status in (
        ({"on": day(-1)}, 422), ({"on": "soon"}, 422), ({"duty": "x"}, 422), ({"newcomer": ""}, 422),
        ({"to": str(world.persons["worker"])}, 422), ({"newcomer": "", "to": str(world.persons["worker"])}, 422),
        ({"newcomer": "", "to": str(world.unit)}, 404), ({"note": "长" * 1001}, 422),
        ({"duty": str(duty(world, "elsewhere").id)}, 404), ({"do": "nothing"}, 422), ({"newcomer": "\0"}, 422),
    ):
        answer = client.post(SEAT, {**given, **more})
        assert answer.status_code == status, more
        if "note" not in more and more.get("do") is None and more.get("newcomer") != "\0":
            assert "请看门卫" in answer.content.decode()
    held.refresh_from_db()
    assert held.valid.upper is None
    assert not Person.objects.filter(name="新来者").exists()


def test_filling_leave_and_ending(world: World, desk: Desk) -> None:
    client = desk("admin")
    path = f"/desk/posts/{GRID}/cleaner"
    sent = {"do": "assign", "newcomer": "新来者", "kind": "regular", "on": day(0), "until": ""}
    assert client.post(path, sent).status_code == 302
    held = Assignment.objects.get(post="cleaner", area__code=GRID)
    sent = {"do": "leave", "duty": str(held.id), "on": day(1), "until": day(4), "to": str(world.persons["elsewhere"])}
    assert client.post(path, sent).status_code == 302
    shown = client.get(path).content.decode()
    assert "休假" in shown
    assert client.post(path, {"do": "end", "duty": str(held.id), "on": day(30)}).status_code == 302
    held.refresh_from_db()
    assert held.valid.upper is not None


@pytest.mark.parametrize("address", ["/desk/posts", "/desk/posts.xlsx", SEAT, "/desk/places", f"/desk/places/{GRID}",
                                     "/desk/organisations"])
def test_who_neither_sees_nor_keeps_a_ground_sees_no_posts(world: World, desk: Desk, address: str) -> None:
    console = mandates.console()
    for held in Assignment.objects.filter(person_id=world.persons["elsewhere"]):
        void_assignment(assignment=held.id, by=console)
    assign(post="contractor", area="320499001", valid_from=SINCE, person=world.persons["elsewhere"], by=console)
    assert desk("elsewhere").get(address).status_code == 403
    assert desk("operator").get(address).status_code == 200
    assert desk("admin").get(address).status_code == 200


def test_a_place_of_another_ground_is_not_found(world: World, desk: Desk) -> None:
    for address in ("/desk/places/320499001002", "/desk/posts/320499001002/cleaner", "/desk/posts/1/cleaner",
                    f"/desk/posts/{GRID}/king"):
        assert desk("worker").get(address).status_code == 404, address


def test_the_tree_says_who_leads_and_what_is_open(world: World, desk: Desk) -> None:
    world.report()
    page = desk("operator").get("/desk/places").content.decode()
    assert "青禾社区" in page
    assert "未结 1" in page
    assert "空缺" in page
    place = desk("operator").get(f"/desk/places/{GRID}").content.decode()
    assert "王示范" in place
    assert queries.holders(f"320499001/320499001001/{GRID}/", "grid_worker")


def test_a_declared_relation_marks_the_post_where_the_organisation_works(world: World, desk: Desk) -> None:
    by = mandates.console()
    assign(post="contractor", area="320499001", valid_from=SINCE, organisation=world.unit, by=by)
    assign(post="grid_leader", area="320499001001", valid_from=SINCE, person=world.persons["elsewhere"], by=by)
    path = "/desk/posts/320499001001/grid_leader"
    given = {"do": "declare", "person": str(world.persons["elsewhere"]), "unit": str(world.unit), "relation": "kin"}
    client = desk("admin")
    assert client.post(path, {**given, "relation": "x"}).status_code == 422
    assert "关系已登记" in client.post(path, given, follow=True).content.decode()
    page = desk("operator").get("/desk/posts").content.decode()
    assert "在本地作业的示例路灯养护单位有亲属" in page
    interest = DeclaredInterest.objects.get()
    sent = {"do": "undeclare", "interest": str(interest.id)}
    assert "关系已解除" in client.post(path, sent, follow=True).content.decode()
    assert "有亲属" not in desk("operator").get("/desk/posts").content.decode()


def test_residents_for_each_cadre_are_shown_where_somebody_counted_them(world: World, desk: Desk) -> None:
    assert "居民/干部" not in desk("operator").get("/desk/posts").content.decode()
    count_residents(area="320499001001", residents=3001, by=mandates.console())
    page = desk("operator").get("/desk/posts").content.decode()
    assert "居民/干部" in page
    assert "3001 人 / 2 名" in page
    assert "1500" in page
