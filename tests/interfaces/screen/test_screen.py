"""The door of the screen: who is let in, what is sent, and that it is sent once."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

import pytest
from django.test import Client

from tests.interfaces.api.counting import statements
from tests.interfaces.screen.conftest import Hung
from tests.interfaces.world import PEOPLE, World
from tests.kernel.wall.making import closed_with_photos
from wangge.base.clock import now
from wangge.kernel.duties import mandates
from wangge.kernel.wall.clearing import clear_photos, retract_photos
from wangge.kernel.wall.displays import displays, issue_display, revoke_display
from wangge.kernel.wall.sharing import SHELF

Desk = Callable[[str], Client]
READS = ("/screen/figures.json", "/screen/areas.json", "/screen/replay.json?day=2026-01-01")


def test_a_display_is_let_in_by_its_token_and_by_nothing_else(world: World, hung: Hung) -> None:
    stranger = Client()
    page = stranger.get("/screen/")
    assert page.status_code == 200
    assert "data-shut" in page.content.decode()
    assert {stranger.get(address).status_code for address in READS} == {401}
    assert stranger.post("/screen/enter", {"token": "wd_nothing"}).status_code == 401
    display = hung()
    assert {display.get(address).status_code for address in READS} == {200}
    assert "栀里街道" in display.get("/screen/").content.decode()


def test_the_cookie_is_for_this_door_and_for_no_script(world: World) -> None:
    made, plain = issue_display(area_code="320499001", days=1, by=mandates.console())
    cookie = Client().post("/screen/enter", {"token": plain}).cookies["display"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/screen/", True, "Strict")
    assert cookie["expires"]
    assert made.expires_at.strftime("%d %b %Y") in cookie["expires"]


def test_no_log_holds_the_token(world: World, caplog: pytest.LogCaptureFixture) -> None:
    _, plain = issue_display(area_code="320499001", days=1, by=mandates.console())
    client = Client()
    with caplog.at_level(logging.DEBUG):
        client.post("/screen/enter", {"token": plain})
        client.get("/screen/figures.json")
        client.get("/screen/")
    assert caplog.records
    assert plain not in " ".join(str(record.__dict__) for record in caplog.records)


def test_a_revoked_display_sees_nothing_more(world: World, hung: Hung) -> None:
    display = hung()
    [one] = displays(by=mandates.console(), now=now())
    revoke_display(display_id=one.id, by=mandates.console())
    assert {display.get(address).status_code for address in READS} == {401}
    assert "data-shut" in display.get("/screen/").content.decode()


def test_what_has_not_changed_is_not_sent_again(world: World, hung: Hung) -> None:
    display = hung()
    first = display.get("/screen/figures.json")
    again = display.get("/screen/figures.json", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert int(again["Server-Time"]) >= int(first["Server-Time"]) > 0
    world.report("路灯不亮")
    SHELF.clear()
    changed = display.get("/screen/figures.json", headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert json.loads(changed.content)["came"]["n"] == 1


def test_a_look_costs_one_statement_as_long_as_another_display_has_just_looked(world: World, hung: Hung) -> None:
    one, other = hung(), hung()
    one.get("/screen/figures.json")
    with statements() as sent:
        assert other.get("/screen/figures.json").status_code == 200
    assert len(sent) == 1, sent
    assert other.get("/screen/figures.json").content == one.get("/screen/figures.json").content


def test_staff_look_at_their_own_ground(world: World, desk: Desk) -> None:
    assert "青禾社区" in desk("secretary").get("/screen/").content.decode()
    assert desk("operator").get("/screen/figures.json?area=320499001002").status_code == 200
    assert desk("secretary").get("/screen/figures.json?area=320499001002").status_code == 404
    assert desk("operator").get("/screen/figures.json?area=nowhere").status_code == 404
    assert desk("admin").get("/screen/figures.json").status_code == 403


def test_the_ended_link_of_a_display_does_not_shut_out_who_is_signed_in(world: World, desk: Desk) -> None:
    client = desk("operator")
    client.cookies["display"] = "wd_ended"
    assert client.get("/screen/figures.json").status_code == 200


def test_a_display_shows_no_other_area_than_its_own(world: World, hung: Hung) -> None:
    display = hung("320499001002")
    assert json.loads(display.get("/screen/figures.json").content)["area"]["name"] == "望湖社区"
    assert display.get("/screen/figures.json?area=320499001").status_code == 401


def test_a_display_speaks_its_own_language(world: World, hung: Hung) -> None:
    assert "走到哪一步" in hung().get("/screen/").content.decode()
    english = hung(language="en").get("/screen/").content.decode()
    assert 'lang="en"' in english
    assert "Where cases stand" in english


def test_nothing_that_a_display_is_sent_names_anybody(world: World, hung: Hung) -> None:
    case, before, after = closed_with_photos(world, "张家门口的占道")
    clear_photos(case=case.id, before=before, after=after, by=world.by("operator"))
    display = hung()
    today = json.loads(display.get("/screen/figures.json").content)["day"]
    sent = "".join(
        display.get(address).content.decode()
        for address in ("/screen/", "/screen/figures.json", "/screen/areas.json", f"/screen/replay.json?day={today}")
    )
    kept = [case.number, "张家", "已清", *(name for _, name, _ in PEOPLE.values()), *PEOPLE]
    assert [one for one in kept if f'"{one}"' in sent or (one not in PEOPLE and one in sent)] == []


def test_photos_are_sent_while_they_are_cleared(world: World, hung: Hung) -> None:
    case, before, after = closed_with_photos(world)
    display, address = hung(), "/screen/photos/{}/{}"
    cleared = clear_photos(case=case.id, before=before, after=after, by=world.by("operator"))
    [shown] = json.loads(display.get("/screen/figures.json").content)["ended"]
    assert shown["photos"] == str(cleared.id)
    for side in ("before", "after"):
        photo = display.get(address.format(cleared.id, side))
        assert (photo.status_code, photo["Content-Type"], photo["Cache-Control"]) == (
            200, "image/jpeg", "private, no-cache",
        )  # fmt: skip
    assert Client().get(address.format(cleared.id, "before")).status_code == 401
    assert hung("320499001002").get(address.format(cleared.id, "before")).status_code == 404
    retract_photos(case=case.id, by=world.by("operator"))
    assert display.get(address.format(cleared.id, "before")).status_code == 404
    SHELF.clear()
    assert json.loads(display.get("/screen/figures.json").content)["ended"][0]["photos"] is None


@pytest.mark.parametrize("day", ["2999-01-01", "2026-13-01", "2026-06", "x", ""])
def test_a_day_that_is_none_is_refused(world: World, hung: Hung, day: str) -> None:
    answer = hung().get("/screen/replay.json", {"day": day}, headers={"accept": "application/json"})
    assert answer.status_code == 422
    assert json.loads(answer.content)["field"] == "day"
