"""Staff report from the desk: photo, place, words; the source is their post's; then the case, to be put right there."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.interfaces.staff.test_case import Desk, send
from tests.interfaces.world import World, photo
from wangge.base.clock import now
from wangge.kernel.cases.controls import set_control
from wangge.kernel.cases.models import Case, StoredFile
from wangge.kernel.duties import mandates
from wangge.kernel.duties.catalogue import POSTS


def form(**more: object) -> dict[str, object]:
    return {"key": str(uuid4()), "description": "占道经营", "lon": "119.905", "lat": "31.605", **more}


def test_a_grid_worker_reports_what_they_see_and_puts_it_right_on_the_case_page(world: World, desk: Desk) -> None:
    client = desk("worker")
    assert 'href="/desk/report"' in client.get("/desk/").content.decode()
    given = form(case_class="E0401", photos=SimpleUploadedFile("b.jpg", photo("navy")))
    answer = client.post("/desk/report", given, follow=True)
    case = Case.objects.get()
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == f"/desk/cases/{case.number}"
    assert f"已上报，编号 {case.number}" in page
    assert (case.source, case.reporter_id, case.state) == ("grid_worker", world.persons["worker"], "reported")
    assert case.path == "320499001/320499001001/320499001001001/"
    assert "下一步：自行处置" in page
    assert "等您自行处置" not in page, "whoever takes it in is waited for, not the reporter"
    assert 'value="E0401:1" selected' in page
    assert "处置前照片" not in page, "the report has it"
    done = send(client, case.number, "dispose", 1, condition="E0401:1",
                photos=SimpleUploadedFile("a.jpg", photo()))  # fmt: skip
    assert 'class="compare"' in done.content.decode()
    case.refresh_from_db()
    assert case.self_disposed
    assert {file.role for file in StoredFile.objects.filter(case=case)} == {"before", "after"}


@pytest.mark.parametrize(
    ("username", "source", "verified"),
    [("operator", "hotline", True), ("inspector", "patrol", False), ("secretary", "leader", False)],
)
def test_the_post_says_where_the_report_comes_from(
    world: World, desk: Desk, username: str, source: str, verified: bool
) -> None:
    page = desk(username).get("/desk/report").content.decode()
    assert ("要先核实" in page) is verified
    assert ('name="contact_phone"' in page) is verified, "only of a call there is a number to keep"
    desk(username).post("/desk/report", form(lon="", lat="", address="青禾路 1 号"))
    assert Case.objects.get().source == source


def test_every_post_that_reports_has_a_source_that_is_known() -> None:
    from wangge.interfaces.staff.views.report import SOURCE_OF
    from wangge.kernel.cases.reporting import SOURCES

    assert set(SOURCE_OF) <= {code for code, post in POSTS.items() if "report" in post.verbs}
    assert set(SOURCE_OF.values()) <= set(SOURCES)


def test_the_same_form_sent_twice_is_one_report(world: World, desk: Desk) -> None:
    given = form()
    first, second = (desk("worker").post("/desk/report", given)["Location"] for _ in range(2))
    assert first == second
    assert Case.objects.count() == 1
    other = desk("secretary").post("/desk/report", given)
    assert other.status_code == 422, "another's key does not open their report"
    assert str(given["key"]) not in other.content.decode()


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"description": ""}, 422, "请写一句或附照片"),
        ({"lon": "", "lat": ""}, 422, "请说明在哪里"),
        ({"case_class": "E04"}, 422, "请选类别和立案条件"),
        ({"photos": SimpleUploadedFile("a.jpg", b"no picture")}, 422, "这个文件不能保存"),
    ],
)
def test_bad_input_is_named_and_nothing_typed_is_lost(
    world: World, desk: Desk, change: dict[str, object], status: int, words: str
) -> None:
    answer = desk("worker").post("/desk/report", form(address="") | change)
    page = answer.content.decode()
    assert answer.status_code == status
    assert words in page
    assert re.search(r'role="alert"', page)
    assert not Case.objects.exists()
    if "description" not in change:
        assert "占道经营" in page


def test_a_class_under_control_is_refused_with_its_text_and_the_photos_are_kept(world: World, desk: Desk) -> None:
    set_control(area_code="320499001001", class_prefix="E04", valid_from=now(), valid_to=now() + timedelta(days=3),
                text="青禾路改造", by=mandates.console())  # fmt: skip
    given = form(case_class="E0401", photos=SimpleUploadedFile("b.jpg", photo()))
    answer = desk("worker").post("/desk/report", given)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "青禾路改造" in page
    [kept] = re.findall(r'name="kept" value="([0-9a-f-]+)"', page)
    desk("worker").post("/desk/report", {**given, "case_class": "", "photos": "", "kept": kept})
    assert StoredFile.objects.get(id=kept).case_id == Case.objects.get().id


def test_who_may_not_report_is_refused_and_sees_no_button(world: World, desk: Desk) -> None:
    from tests.interfaces.world import SINCE
    from wangge.kernel.duties.services import assign

    duty = assign(post="auditor", area="320499001", valid_from=SINCE, person=world.persons["inspector"],
                  by=mandates.console())  # fmt: skip
    client = desk("inspector")
    client.post("/desk/me", {"do": "duty", "duty": str(duty.id)})
    assert 'href="/desk/report"' not in client.get("/desk/").content.decode()
    assert client.get("/desk/report").status_code == 403
    assert client.post("/desk/report", form()).status_code == 403
    assert not Case.objects.exists()


def test_the_page_is_complete_in_english(world: World, desk: Desk) -> None:
    page = desk("worker").get("/desk/report", headers={"accept-language": "en"}).content.decode()
    assert "Leave it to the desk" in page
    assert "Street vending" in page
