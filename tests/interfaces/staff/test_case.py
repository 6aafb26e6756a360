"""The case page and acting on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.interfaces.world import SINCE, World, photo
from wangge.base.clock import now
from wangge.kernel.cases import reference
from wangge.kernel.cases.models import Case, CaseClass, StoredFile
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign

Desk = Callable[[str], Client]


def send(client: Client, number: str, act: str, version: int, **more: object):  # type: ignore[no-untyped-def]
    return client.post(f"/desk/cases/{number}/act", {"act": act, "expected_version": version, **more}, follow=True)


def test_each_duty_is_offered_its_one_next_action(world: World, desk: Desk) -> None:
    case = world.bring(world.report(), "accept", "confirm")
    page = desk("acceptor").get(f"/desk/cases/{case.number}").content.decode()
    assert page.count("btn primary") == 2  # in the panel, and in the bar of the phone
    assert "核实属实，立案" in page
    other = desk("inspector").get(f"/desk/cases/{case.number}").content.decode()
    assert "现在不用您办" in other
    assert "受理员 / 派遣员" in other or "受理员" in other


def test_from_report_to_closed_by_the_buttons_of_the_pages(world: World, desk: Desk) -> None:
    receipt = world.report("菜场东门占道烧烤")
    number = receipt.number
    assert send(desk("acceptor"), number, "accept", 1).status_code == 200
    send(desk("acceptor"), number, "register", 2, condition="E0401:1")
    send(desk("operator"), number, "dispatch", 4, target="post:grid_worker")
    send(desk("worker"), number, "sign", 5)
    send(desk("worker"), number, "handle", 6, note="三户已撤", photos=SimpleUploadedFile("a.jpg", photo()))
    page = send(desk("inspector"), number, "inspect_close", 7, note="前后一致").content.decode()
    case = Case.objects.get(number=number)
    assert (case.state, case.version) == ("closed", 9)
    assert case.handler_id == world.persons["worker"]
    assert case.inspector_id == world.persons["inspector"]
    assert StoredFile.objects.filter(case=case).count() == 1
    for words in ("三户已撤", "前后一致", "王示范", "已办结", "谁负责，各压多久", "处置时限怎么算的"):
        assert words in page


def test_two_operators_on_one_case_the_second_sees_both_states_and_loses_nothing(world: World, desk: Desk) -> None:
    case = world.bring(world.report(), "accept", "confirm", "register")
    send(desk("operator"), case.number, "dispatch", case.version, target="post:grid_worker")
    answer = send(desk("operator"), case.number, "return", case.version, reason="缺少门牌号，请补充")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "别人先办了" in page
    assert "缺少门牌号，请补充" in page
    assert 'data-s="registered"' in page
    assert 'data-s="dispatched"' in page
    assert Case.objects.get(number=case.number).version == case.version + 1


def test_a_refused_act_keeps_the_words_and_the_photos(world: World, desk: Desk) -> None:
    case = world.bring(world.report(), "accept", "confirm", "register", "dispatch", "sign")
    answer = send(
        desk("worker"), case.number, "handle", case.version, note=" ", photos=SimpleUploadedFile("a.jpg", photo())
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    [kept] = re.findall(r'name="kept" value="([0-9a-f-]+)"', page)
    assert "之前的 1 张照片已保留" in page
    again = send(desk("worker"), case.number, "handle", case.version, note="现场已清", kept=kept)
    assert again.status_code == 200
    assert [str(file.id) for file in StoredFile.objects.filter(case__number=case.number)] == [kept]


@pytest.mark.parametrize(
    ("username", "act", "status"),
    [("inspector", "accept", 403), ("acceptor", "close", 409), ("acceptor", "steal", 422), ("acceptor", "reject", 422)],
)
def test_what_may_not_be_is_refused_with_its_reason(
    world: World, desk: Desk, username: str, act: str, status: int
) -> None:
    receipt = world.report()
    answer = send(desk(username), receipt.number, act, 1)
    assert answer.status_code == status
    assert Case.objects.get(number=receipt.number).version == 1


def test_anothers_case_is_not_there(world: World, desk: Desk) -> None:
    number = world.report().number
    assert desk("elsewhere").get(f"/desk/cases/{number}").status_code == 404
    assert send(desk("elsewhere"), number, "comment", 1, note="x").status_code == 404
    assert desk("operator").get("/desk/cases/nonsense").status_code == 404


@pytest.mark.parametrize("target", ["post:\0", "post:nobody", "post:网格员", "unit:\0"])
def test_a_post_or_unit_that_does_not_exist_is_refused(world: World, desk: Desk, target: str) -> None:
    case = world.bring(world.report(), "accept", "confirm", "register")
    assert send(desk("operator"), case.number, "dispatch", case.version, target=target).status_code == 422
    assert Case.objects.get().state == "registered"


def test_the_rules_suggest_whom_to_dispatch_to(world: World, desk: Desk) -> None:
    case = world.bring(world.report(), "accept", "confirm", "register")
    page = desk("operator").get(f"/desk/cases/{case.number}").content.decode()
    assert re.search(r'value="post:grid_worker" checked', page)
    assert "王示范" in page
    assert "示例路灯养护单位" in page


def test_a_case_may_go_to_a_unit_instead(world: World, desk: Desk) -> None:
    case = world.bring(world.report(), "accept", "confirm", "register")
    send(desk("operator"), case.number, "dispatch", case.version, target="post:grid_worker", unit=f"unit:{world.unit}")
    assert Case.objects.get(number=case.number).organisation_id == world.unit


def test_a_refused_dispatch_keeps_the_chosen_unit(world: World, desk: Desk) -> None:
    case = world.bring(world.report(), "accept", "confirm", "register")
    chosen = {"target": "post:grid_worker", "unit": f"unit:{world.unit}", "note": "长" * 20001}
    answer = send(desk("operator"), case.number, "dispatch", case.version, **chosen)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'value="unit:{world.unit}" selected' in page
    assert 'value="post:grid_worker" checked' not in page


def test_holders_are_named_in_the_pages_punctuation(world: World, desk: Desk) -> None:
    case = world.bring(world.report(), "accept", "confirm", "register")
    client = desk("operator")
    assert "王示范（青禾第一网格）" in client.get(f"/desk/cases/{case.number}").content.decode()
    english = client.get(f"/desk/cases/{case.number}", headers={"accept-language": "en"}).content.decode()
    assert "王示范 (Qinghe Grid 1)" in english


def test_the_reporters_contact_is_shown_only_for_a_reason(world: World, desk: Desk) -> None:
    number = world.report(contact_phone="13800000000").number
    page = desk("operator").get(f"/desk/cases/{number}").content.decode()
    assert "13800000000" not in page
    assert "联系上报人" in page
    client = desk("operator")
    shown = client.post(f"/desk/cases/{number}/contact", {"reason": "核对地点"})
    assert "13800000000" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert "messages" not in client.cookies  # that cookie is signed, not secret
    assert "13800000000" not in client.get(f"/desk/cases/{number}").content.decode()
    refused = desk("operator").post(f"/desk/cases/{number}/contact", {"reason": " "}, follow=True)
    assert refused.status_code == 422
    assert desk("inspector").post(f"/desk/cases/{number}/contact", {"reason": "好奇"}).status_code == 403


def test_a_fresh_token_stands_in_its_answer_only(world: World, desk: Desk) -> None:
    duty = assign(
        post="admin", area="320499001", valid_from=SINCE, person=world.persons["operator"], by=mandates.console()
    )
    client = desk("operator")
    client.post("/desk/me", {"do": "duty", "duty": str(duty.id)})
    answer = client.post("/desk/me", {"do": "issue", "label": "夜间汇总"})
    (plain,) = re.findall(r"wg_[\w-]+", answer.content.decode())
    assert "no-store" in answer["Cache-Control"]
    assert plain not in str(dict(client.session))
    assert plain not in client.get("/desk/me").content.decode()


def test_photos_are_sent_to_who_may_see_the_case_only(world: World, desk: Desk) -> None:
    case = world.bring(world.report(), "accept", "confirm", "register", "dispatch", "sign")
    send(desk("worker"), case.number, "handle", case.version, note="清了", photos=SimpleUploadedFile("a.jpg", photo()))
    file = StoredFile.objects.get(case__number=case.number)
    answer = desk("operator").get(f"/desk/photos/{file.id}?size=small")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer.content.startswith(b"\xff\xd8")
    again = desk("operator").get(f"/desk/photos/{file.id}?size=small", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert desk("elsewhere").get(f"/desk/photos/{file.id}").status_code == 404


def test_the_trace_says_who_held_it_and_needs_its_verb(world: World, desk: Desk) -> None:
    case = world.bring(world.report(), "accept", "confirm", "register", "dispatch", "sign", "handle")
    page = desk("operator").get(f"/desk/trace/{case.number}").content.decode()
    for words in ("各环节都在时限内", "专职网格员", "王示范", "全部记录"):
        assert words in page
    assert desk("inspector").get(f"/desk/trace/{case.number}").status_code == 403


def test_pages_hold_no_inline_script_or_style(world: World, desk: Desk) -> None:
    case = world.bring(world.report(), "accept", "confirm", "register", "dispatch", "sign", "handle")
    for address in ("/desk/", f"/desk/cases/{case.number}", f"/desk/trace/{case.number}", "/desk/map", "/desk/me"):
        answer = desk("operator").get(address)
        page = answer.content.decode()
        assert answer.status_code == 200, address
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son[a-z]+=", page), address
        assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_one_acts_under_the_duty_that_one_chose(world: World, desk: Desk) -> None:
    second = assign(
        post="secretary", area="320499001002", valid_from=SINCE, person=world.persons["worker"], by=mandates.console()
    )
    client = desk("worker")
    page = client.get("/desk/me").content.decode()
    assert "专职网格员" in page
    assert "社区书记" in page
    client.post("/desk/me", {"do": "duty", "duty": str(second.id)})
    assert "社区书记 · 望湖社区" in client.get("/desk/").content.decode()
    client.post("/desk/me", {"do": "duty", "duty": str(world.unit)})
    assert "社区书记 · 望湖社区" in client.get("/desk/").content.decode()


def test_a_units_clerk_is_named_with_the_unit(world: World, desk: Desk) -> None:
    assign(
        post="unit_clerk",
        area="320499001",
        valid_from=SINCE,
        person=world.persons["elsewhere"],
        organisation=world.unit,
        by=mandates.console(),
    )
    client = desk("elsewhere")
    page = client.get("/desk/me").content.decode()
    assert "示例路灯养护单位 部门经办人<span" in page
    assert "示例路灯养护单位 部门经办人 · 栀里街道" in page
    english = client.get("/desk/", headers={"accept-language": "en"}).content.decode()
    assert "Sample lamp keepers " in english


def test_who_holds_no_duty_is_told_so(world: World, desk: Desk) -> None:
    from wangge.kernel.people import services as people

    person = people.create_person(name="无职样本", by=mandates.console())
    account = people.create_account(username="nobody", password=None, person=person, by=mandates.console())
    client = Client(headers={"accept-language": "zh-CN"})
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/desk/").status_code == 403
    assert "您今天没有任职" in client.get("/desk/me").content.decode()


def test_the_other_cases_of_the_place_say_how_they_ended_and_after_how_long_the_next_came(
    world: World, desk: Desk
) -> None:
    way = ("accept", "confirm", "register", "dispatch", "sign", "handle", "inspect", "close")
    first, second, this = (world.bring(world.report(words), *way) for words in ("摊贩占道", "又来了", "还在"))
    for case, days in ((first, 20), (second, 9), (this, 1)):
        since = now() - timedelta(days=days)
        Case.objects.filter(id=case.id).update(reported_at=since, closed_at=since + timedelta(hours=5))
    page = read(desk("operator").get(f"/desk/cases/{this.number}"))
    assert "90 天第 3 次" in page
    for one, since in ((first, "结案后 10 天复发"), (second, "结案后 7 天复发")):
        assert re.search(rf"{one.number[10:14]}-{one.number[14:]} [^/]{{,60}} 核查通过结案 {since}", page), page
    alone = read(desk("operator").get(f"/desk/cases/{world.report(point=None).number}"))
    assert "复发" not in alone
    assert "次 " not in alone.split("这个地点")[1][:20]


def test_standard_replies_stand_before_the_phrases_of_their_act_for_whom_they_are_meant(
    world: World, desk: Desk
) -> None:
    operator = desk("operator")
    kept = (("水务先行", "dispatch", ""), ("照片清楚", "inspect", "inspector"), ("都可用", "comment", "*"))
    for text, act, share in kept:
        assert operator.post("/desk/kept", {"do": "reply", "act": act, "text": text, "share": share}).status_code == 302
    case = world.bring(world.report(), "accept", "confirm", "register")
    page = operator.get(f"/desk/cases/{case.number}").content.decode()
    assert phrases(page, "dispatch") == ["水务先行"]
    assert phrases(page, "comment") == ["都可用"]
    world.bring_row(case, "dispatch", "sign", "handle")
    page = desk("inspector").get(f"/desk/cases/{case.number}").content.decode()
    assert phrases(page, "inspect_close")[:2] == ["照片清楚", "前后一致"]
    assert "水务先行" not in page


def phrases(page: str, act: str) -> list[str]:
    """The phrases of a form."""
    form = page.split(f'id="act-{act}"')[1].split("</form>")[0]
    return re.findall(r'data-phrase="([^"]+)"', form)


def read(answer: Any) -> str:
    """The words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_reporter_is_answered_from_the_page_and_reads_it_with_the_code(world: World, desk: Desk) -> None:
    receipt = world.report("路灯不亮")
    client = desk("operator")
    assert client.post(
        f"/desk/cases/{receipt.number}/act", {"act": "tell", "note": "明天上午去修", "expected_version": 1}
    ).status_code == 302
    send(client, receipt.number, "comment", 2, note="先等仓库发货")
    page = client.get(f"/desk/cases/{receipt.number}").content.decode()
    assert "与上报人往来 2" in page  # the report and the answer
    talk = re.findall(r'<li class="talk">.*?</li>', page, re.DOTALL)
    assert ["明天上午去修" in one for one in talk] == [True, False]
    read_by_code = Client(headers={"accept-language": "zh-CN"}).get(f"/track/{receipt.tracking_code}").content.decode()
    assert "给您的答复" in read_by_code
    assert "明天上午去修" in read_by_code
    assert "仓库" not in read_by_code


def test_no_answer_is_offered_that_the_reporter_could_not_read(world: World, desk: Desk) -> None:
    receipt = world.report("路灯不亮")
    page = desk("operator").get(f"/desk/cases/{receipt.number}").content.decode()
    assert 'id="act-tell"' in page
    CaseClass.objects.update(confidentiality="restricted")
    case = world.bring(receipt, "accept", "confirm", "register")
    reference._snapshots.clear()
    page = desk("operator").get(f"/desk/cases/{case.number}").content.decode()
    assert 'id="act-comment"' in page
    assert 'id="act-tell"' not in page
