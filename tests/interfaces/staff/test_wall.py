"""The desk's page of the screen: who clears photos, who hangs displays, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

from django.test import Client

from tests.interfaces.world import World
from tests.kernel.wall.making import closed_with_photos
from wangge.kernel.wall.models import Clearance, Display

Desk = Callable[[str], Client]
PAGE = "/desk/wall"


def test_photos_are_cleared_after_a_look_and_taken_back(world: World, desk: Desk) -> None:
    case, before, after = closed_with_photos(world)
    client = desk("operator")
    assert f"/desk/photos/{before}?size=small" in client.get(PAGE).content.decode()
    form = {"do": "clear", "case": case.number, "before": str(before), "after": str(after)}
    unseen = client.post(PAGE, form)
    assert unseen.status_code == 422
    assert "请先看过两张照片" in unseen.content.decode()
    assert not Clearance.objects.exists()
    assert client.post(PAGE, {**form, "looked": "1"}).status_code == 302
    assert Clearance.objects.get().retracted_at is None
    assert client.post(PAGE, {"do": "retract", "case": case.number}).status_code == 302
    assert Clearance.objects.get().retracted_at is not None


def test_the_page_is_for_who_clears_or_hangs_and_shows_each_their_part(world: World, desk: Desk) -> None:
    for who, status, clears, hangs in (("operator", 200, True, False), ("admin", 200, False, True),
                                       ("secretary", 200, True, False), ("worker", 403, False, False)):
        answer = desk(who).get(PAGE)
        text = answer.content.decode()
        assert (answer.status_code, "大屏用的照片" in text, "新屏幕" in text) == (status, clears, hangs), who
    assert Client().get(PAGE).status_code == 302


def test_the_link_of_a_display_is_shown_once(world: World, desk: Desk) -> None:
    client = desk("admin")
    made = client.post(PAGE, {"do": "issue", "area": "320499001", "days": "30", "label": "二楼", "language": "zh-hans"})
    [token] = re.findall(r"/screen/#(wd_[\w-]+)", made.content.decode())
    assert made["Cache-Control"] == "no-store"
    listed = client.get(PAGE).content.decode()
    assert "二楼" in listed
    assert token not in listed
    assert client.post(PAGE, {"do": "revoke", "display": str(Display.objects.get().id)}).status_code == 302
    assert Display.objects.get().revoked_at is not None


def test_bad_input_is_refused_with_words(world: World, desk: Desk) -> None:
    case, _, _ = closed_with_photos(world)
    operator, admin = desk("operator"), desk("admin")
    for client, form, status in (
        (operator, {"do": "clear", "case": case.number, "looked": "1", "before": "x", "after": "y"}, 422),
        (operator, {"do": "clear", "case": "x", "looked": "1", "before": str(uuid4()), "after": str(uuid4())}, 404),
        (operator, {"do": "retract", "case": case.number}, 404),
        (operator, {"do": "issue", "area": "320499001", "days": "1", "language": "en"}, 403),
        (admin, {"do": "issue", "area": "320499001", "days": "many", "language": "en"}, 422),
        (admin, {"do": "issue", "area": "nowhere", "days": "1", "language": "en"}, 404),
        (admin, {"do": "revoke", "display": "x"}, 422),
        (admin, {"do": "dance"}, 422),
    ):
        answer = client.post(PAGE, form)
        assert (answer.status_code, 'role="alert"' in answer.content.decode()) == (status, True), form
    assert not Display.objects.exists()
