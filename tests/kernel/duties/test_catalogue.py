"""The catalogue and the table of posts."""

from __future__ import annotations

import pytest

from wangge.kernel.duties.catalogue import CASE_VERBS, ELEVEN, MANAGE_VERBS, POSTS
from wangge.kernel.duties.models import Post


@pytest.mark.django_db
def test_the_table_of_posts_equals_the_catalogue() -> None:
    stored = {post.code: (post.name, post.name_en, post.single_seat, post.group) for post in Post.objects.all()}
    assert stored == {
        code: (post.name, post.name_en, post.single_seat, post.group) for code, post in POSTS.items()
    }


def test_the_standard_group_has_eleven_posts() -> None:
    assert [POSTS[code].name for code in ELEVEN] == [
        "网格长", "网格联络员", "专职网格员", "城管巡查员", "物业管理员", "环境清理员", "卫生保洁员", "党员督导员",
        "居民协管员", "警务协助员", "网格志愿者",
    ]


def test_who_administers_does_not_act_on_cases_and_who_acts_does_not_administer() -> None:
    for post in POSTS.values():
        assert not (post.verbs & CASE_VERBS and post.verbs & MANAGE_VERBS), post.code


def test_every_case_verb_belongs_to_some_post() -> None:
    assert frozenset().union(*(post.verbs for post in POSTS.values())) >= CASE_VERBS
