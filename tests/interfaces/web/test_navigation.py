"""The frame of the desk shows to each post the pages that it may open, and no page that does not exist."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.interfaces.world import World
from wangge.interfaces.web import navigation
from wangge.interfaces.web.navigation import ENTRIES, GROUPS, Entry
from wangge.kernel.duties.catalogue import ALL_VERBS, POSTS

Desk = Callable[[str], Client]


def shown(room: str, post: str) -> list[str]:
    sections = navigation.navigation(room, POSTS[post].verbs).sections
    return [link.address for section in sections for link in section.links]


def test_a_post_sees_the_pages_that_its_verbs_open() -> None:
    assert reverse("staff:queue") in shown("queue", "operator")
    assert reverse("staff:classes") not in shown("queue", "operator")
    assert reverse("staff:classes") in shown("classes", "admin")
    assert reverse("staff:queue") not in shown("classes", "admin")


def test_a_page_that_does_not_exist_yet_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    before = shown("queue", "operator")
    later = Entry("later", "Later", "sun", "staff:not-built", "today", phone=1)  # type: ignore[arg-type]
    monkeypatch.setattr(navigation, "ENTRIES", (later, *ENTRIES))
    assert shown("queue", "operator") == before


def test_the_table_names_verbs_groups_and_keys_that_there_are() -> None:
    assert {entry.group for entry in ENTRIES} <= {group.code for group in GROUPS}
    assert all(entry.verbs <= ALL_VERBS for entry in ENTRIES)
    assert len({entry.key for entry in ENTRIES}) == len(ENTRIES)
    letters = [entry.go for entry in ENTRIES if entry.go]
    assert len(set(letters)) == len(letters)


def test_the_phone_has_four_pages_and_the_neighbours_are_those_of_the_group() -> None:
    seen = navigation.navigation("queue", POSTS["operator"].verbs)
    assert len(seen.phone) == navigation.PHONE_PLACES
    assert [link.address for link in seen.neighbours if link.current] == [reverse("staff:queue")]
    own = navigation.navigation("me", POSTS["admin"].verbs).neighbours
    assert [link.address for link in own] == [reverse("staff:me"), reverse("staff:styleguide")]


def test_the_visual_language_is_listed_for_who_administers_and_open_to_all(world: World, desk: Desk) -> None:
    listed = {post: reverse("staff:styleguide") in shown("me", post) for post in POSTS}
    assert [post for post, seen in listed.items() if seen] == ["admin"]
    assert desk("operator").get("/desk/styleguide").status_code == 200


def test_the_frame_marks_the_present_page(world: World, desk: Desk) -> None:
    page = desk("operator").get("/desk/map").content.decode()
    assert page.count('aria-current="page"') == 2  # in the list of all pages and in the bar of the phone
    assert 'href="/desk/classes"' not in page
    assert 'href="/desk/classes"' in desk("admin").get("/desk/me").content.decode()
