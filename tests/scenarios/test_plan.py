"""The plan of cases is pure: from a seed and an hour, on any day of the year, with words fit to be shown."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from random import Random

import holidays
import pytest

from tests.scenarios.conftest import NOW, SEED
from wangge.base.calendar import WorkingCalendar
from wangge.kernel.duties.catalogue import POSTS
from wangge.scenarios.nanxiashu import people, rulebook, stories
from wangge.scenarios.nanxiashu.pictures import scene
from wangge.scenarios.nanxiashu.plan import DAYS, PHOTOS, plans, texts, words

CLASSES = {row.code: row for row in rulebook.classes(["case_classes.csv", "governance_classes.csv"])}


def calendar() -> WorkingCalendar:
    """China's, as the scenario fills it."""
    table = holidays.country_holidays("CN", years=range(2024, 2028))
    workdays = frozenset(table.weekend_workdays)
    return WorkingCalendar(timezone="Asia/Shanghai", holidays=frozenset(set(table) - workdays), workdays=workdays)


@pytest.mark.parametrize(
    "now",
    [
        NOW,
        datetime(2026, 1, 1, 0, tzinfo=UTC),  # New Year, morning
        datetime(2026, 2, 20, 3, tzinfo=UTC),  # in the Spring Festival
        datetime(2026, 10, 5, 5, tzinfo=UTC),  # in the National Day week
        datetime(2026, 6, 13, 19, tzinfo=UTC),  # Sunday, three at night
        datetime(2026, 6, 15, 0, tzinfo=UTC),  # Monday, eight in the morning
    ],
    ids=str,
)
def test_on_any_day_every_story_is_lived_through_by_now(now: datetime) -> None:
    made = plans(Random(SEED), now, calendar())
    assert len(made) == sum(story.cases for story in stories.STORIES)
    for plan in made:
        assert len(plan.times) == len(plan.story.acts) + 1
        assert list(plan.times) == sorted(plan.times)
        assert plan.times[-1] < now
        assert plan.times[0] > now - timedelta(days=DAYS + 30), plan.story.name


def test_some_four_hundred_cases_in_the_order_of_their_reports() -> None:
    made = plans(Random(SEED), NOW, calendar())
    assert 380 <= len(made) <= 450
    assert [plan.times[0] for plan in made] == sorted(plan.times[0] for plan in made)
    assert sum(plan.photos for plan in made) == PHOTOS


def test_the_same_seed_gives_the_same_plan_and_another_seed_another() -> None:
    once, again, other = (plans(Random(seed), NOW, calendar()) for seed in (1, 1, 2))
    assert once == again
    assert once != other


def test_at_least_sixty_different_descriptions_of_known_classes() -> None:
    said = [text.text for text in texts()]
    assert len(set(said)) == len(said) >= 60
    for text in texts():
        assert text.condition in {item.number for item in CLASSES[text.code].conditions}, text


def test_no_description_holds_a_phone_number_an_identity_number_or_mark_up() -> None:
    everything = [text.text for text in texts()] + [word for use in ("handle", "return_unit") for word in words(use)]
    assert [text for text in everything if re.search(r"\d{5,}|[<>{}@]", text)] == []


def test_every_act_that_needs_words_has_some() -> None:
    acts = {act for story in stories.STORIES for act in story.acts}
    for act in acts & {"handle", "comment", "rework", "recall", "reject", "void", "reopen", "reopen_void",
                       "return_unit", "return_desk"}:
        assert words(act), act


def test_names_are_different_and_plainly_invented() -> None:
    drawn = people.names(320, Random(1))
    assert len(set(drawn)) == len(drawn)
    assert all(name[0] in people.SURNAMES and name[1:3] in people.GIVEN for name in drawn)


def test_routes_lead_to_posts_that_can_sign() -> None:
    units = dict.fromkeys([row["code"] for row in rulebook.table("departments.csv")] + ["cleaning", "property"])
    for rule in rulebook.rules(units):  # type: ignore[arg-type]
        assert rule.post is None or "sign" in POSTS[rule.post].verbs, rule


def test_pictures_show_one_street_before_and_after() -> None:
    before, after = scene("a street", clean=False), scene("a street", clean=True)
    assert before.startswith(b"\xff\xd8")
    assert before != after
    assert before == scene("a street", clean=False)
    assert before != scene("another street", clean=False)
