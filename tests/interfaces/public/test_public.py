"""Residents report and follow without an account."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.interfaces.world import SINCE, World, photo
from wangge.kernel.cases.models import Case, Report, StoredFile
from wangge.kernel.cases.services import Command, act
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.journal.erasing import erase


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "zh-CN"})


def form(**more: object) -> dict[str, object]:
    return {"key": str(uuid4()), "description": "路灯不亮", "lon": "119.905", "lat": "31.605", **more}


def test_a_report_gives_a_receipt_with_code_place_and_steps(world: World, client: Client) -> None:
    answer = client.post(
        "/report/", form(contact_phone="138 0000 0000", photos=SimpleUploadedFile("a.jpg", photo())), follow=True
    )
    page = answer.content.decode()
    case = Case.objects.get()
    assert re.fullmatch(r"/track/[0-9A-Z]{16}", answer.redirect_chain[-1][0])
    for words in ("收到了，归青禾社区管", case.number[-6:], "现在谁负责", "受理员"):
        assert words in page
    assert case.path == "320499001/320499001001/320499001001001/"
    assert StoredFile.objects.get().case_id == case.id
    assert "13800000000" not in page.replace(" ", "")


def test_the_same_form_sent_twice_is_one_report(world: World, client: Client) -> None:
    given = form()
    first, second = (client.post("/report/", given)["Location"] for _ in range(2))
    assert first == second
    assert Case.objects.count() == 1


def test_the_same_photos_sent_twice_are_kept_once(world: World, client: Client) -> None:
    given = form()
    for _ in range(2):
        client.post("/report/", given | {"photos": SimpleUploadedFile("a.jpg", photo())})
    assert StoredFile.objects.count() == 1
    assert Case.objects.count() == 1


def test_a_used_form_with_other_words_is_refused_and_gets_a_new_key(world: World, client: Client) -> None:
    given = form()
    client.post("/report/", given)
    answer = client.post("/report/", given | {"description": "别的事"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "别的事" in page
    assert str(given["key"]) not in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"description": ""}, "请写一句或附照片"),
        ({"lon": "", "lat": ""}, "请说明在哪里"),
        ({"lon": "31.6", "lat": "119.9"}, "地图位置读不出来"),
        ({"lon": "abc"}, ""),
        ({"contact_phone": "call me"}, "这不是电话号码"),
        ({"description": "很" * 5000}, "最多 4000 字"),
        ({"photos": SimpleUploadedFile("a.jpg", b"not a picture")}, "这个文件不能保存"),
        ({"key": "not a key", "description": ""}, ""),
    ],
)
def test_bad_input_is_named_and_nothing_typed_is_lost(
    world: World, client: Client, change: dict[str, object], words: str
) -> None:
    answer = client.post("/report/", form() | change)
    page = answer.content.decode()
    assert answer.status_code in (400, 413, 422)
    assert "code-error" not in answer.content.decode(), "the form for the tracking code was not sent"
    assert 'role="alert"' in page
    assert words in page
    assert not Case.objects.exists()


def test_photos_of_a_refused_form_need_not_be_chosen_again(world: World, client: Client) -> None:
    given = form(lon="", lat="", description="")
    page = client.post("/report/", given | {"photos": SimpleUploadedFile("a.jpg", photo())}).content.decode()
    [kept] = re.findall(r'name="kept" value="([0-9a-f-]+)"', page)
    client.post("/report/", given | {"address": "青禾路 1 号", "kept": kept})
    assert StoredFile.objects.get(id=kept).case_id == Case.objects.get().id


def test_a_point_outside_every_grid_is_taken_and_not_guessed(world: World, client: Client) -> None:
    client.post("/report/", form(lon="119.5", lat="31.0"))
    assert Case.objects.get().area_id is None


def test_the_story_shows_posts_never_names(world: World, client: Client) -> None:
    receipt = world.report()
    world.bring(receipt, "accept", "confirm", "register", "dispatch", "sign", "handle", "inspect", "close")
    page = client.get(f"/track/{receipt.tracking_code}").content.decode()
    assert "办好了，已核查" in page
    assert "专职网格员" in page
    for name in ("王示范", "赵模拟", "周试样", "李样例"):
        assert name not in page


def test_the_story_names_the_unit_that_worked_on_it(world: World, client: Client) -> None:
    receipt = world.report()
    world.bring(receipt, "accept", "confirm", "register")
    clerk = world.persons["elsewhere"]
    duty = assign(
        post="unit_clerk",
        area="320499001",
        valid_from=SINCE,
        person=clerk,
        organisation=world.unit,
        by=mandates.console(),
    )
    act(
        case_id=receipt.case_id,
        command=Command(act="dispatch", organisation=world.unit),
        expected_version=4,
        by=world.by("operator"),
    )
    act(
        case_id=receipt.case_id,
        command=Command(act="sign"),
        expected_version=5,
        by=mandates.for_person(clerk, channel="desk", duty=duty.id),
    )
    page = client.get(f"/track/{receipt.tracking_code}").content.decode()
    assert "示例路灯养护单位 部门经办人" in page
    assert "郑举例" not in page


def test_the_address_is_shown_to_who_typed_it_until_it_is_erased(world: World, client: Client) -> None:
    receipt = world.report(point=None)
    address = f"/track/{receipt.tracking_code}"
    assert "路灯不亮 · 青禾路 1 号" in client.get(address).content.decode()
    erase(subject_id=receipt.case_id, reason_code="request", by=mandates.console())
    page = client.get(address).content.decode()
    assert "青禾路 1 号" not in page
    assert "路灯不亮" not in page


def test_why_a_report_was_not_taken_in_is_told(world: World, client: Client) -> None:
    receipt = world.report()
    world.bring(receipt, "reject")
    page = client.get(f"/track/{receipt.tracking_code}").content.decode()
    assert "您的上报未予办理" in page
    assert "不在本街道范围" in page


def test_internal_words_stay_internal(world: World, client: Client) -> None:
    receipt = world.report()
    world.bring(receipt, "accept", "confirm", "register", "dispatch", "sign", "handle", "rework")
    page = client.get(f"/track/{receipt.tracking_code}").content.decode()
    assert "现场已清" not in page
    assert "现场未清" not in page


def test_the_code_is_read_as_people_type_it(world: World, client: Client) -> None:
    code = world.report().tracking_code
    assert code
    typed = f"{code[:4].lower()} {code[4:8]}-{code[8:]}"
    assert client.get("/track/", {"code": typed})["Location"] == f"/track/{code}"


@pytest.mark.parametrize("code", ["0000000000000000", "short", "<script>", "7KQ4M2TX9RHDCW3P' OR 1=1"])
def test_an_unknown_code_opens_nothing(world: World, client: Client, code: str) -> None:
    world.report()
    answer = client.get("/track/", {"code": code})
    assert answer.status_code in (404, 422)
    assert "没有这个查询码" in answer.content.decode()
    assert "<script>" not in answer.content.decode()


def test_the_holder_of_the_code_may_add_words_and_photos(world: World, client: Client) -> None:
    receipt = world.report()
    address = f"/track/{receipt.tracking_code}"
    page = client.post(
        f"{address}/say", {"note": "今天又出现了", "photos": SimpleUploadedFile("a.jpg", photo())}, follow=True
    )
    assert "今天又出现了" in page.content.decode()
    assert Case.objects.get().version == 2
    refused = client.post(f"{address}/say", {"note": " "})
    assert refused.status_code == 422
    assert client.post("/track/0000000000000000/say", {"note": "x"}).status_code == 404


def test_photos_open_with_their_code_only(world: World, client: Client) -> None:
    client.post("/report/", form(photos=SimpleUploadedFile("a.jpg", photo())))
    file, code = StoredFile.objects.get(), Report.objects.get().tracking_code
    assert client.get(f"/track/{code}/photos/{file.id}?size=small")["Content-Type"] == "image/jpeg"
    assert client.get(f"/track/0000000000000000/photos/{file.id}").status_code == 404


def test_before_any_area_there_is_a_clear_answer(db: None, client: Client) -> None:
    from wangge.kernel.places import queries

    queries._atlases.clear()
    assert client.get("/report/").status_code == 503


def test_english_is_complete(world: World) -> None:
    page = Client(headers={"accept-language": "en"}).get("/report/").content.decode()
    assert "See a problem, take a picture" in page
    assert not re.search("[\u4e00-\u9fff]", page.replace("中文", ""))


def test_the_language_can_be_switched(world: World, client: Client) -> None:
    answer = client.post("/language/", {"language": "en", "next": "/report/"}, follow=True)
    assert "See a problem" in answer.content.decode()
