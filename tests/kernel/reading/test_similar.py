"""Reports of one thing are found near by and lately, as far as the mandate sees, and never once erased."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.town import POINTS, Town
from wangge.base import clock
from wangge.base.geometry import Point
from wangge.base.masking import bigrams
from wangge.kernel.cases.intake import Receipt, report_case
from wangge.kernel.cases.reporting import NewReport
from wangge.kernel.duties import mandates
from wangge.kernel.journal.services import erase
from wangge.kernel.reading.similar import Similar, likeness, shared, similar_reports, terms_of

HERE = POINTS["G11"]
CLOSE = Point(HERE.lon_e7 + 5_000, HERE.lat_e7)  # some 48 m east
FAR = Point(HERE.lon_e7 + 90_000, HERE.lat_e7)  # some 860 m
WORDS = "桥头有人占道烧烤，油烟很大，影响居民休息"


def report(town: Town, words: str = WORDS, point: Point = CLOSE, **more: str) -> Receipt:
    return report_case(report=NewReport(description=words, point=point, **more), by=town.public())  # type: ignore[arg-type]


def alike(town: Town, who: str = "operator", near: Point | str = HERE, **more: object) -> list[Similar]:
    since = clock.now() - timedelta(days=1)
    text = str(more.pop("text", "桥头烧烤的人占道，油烟很大"))
    return similar_reports(text, by=town.by(who), near=near, **({"since": since} | more))  # type: ignore[arg-type]


def test_a_report_of_the_same_is_found_with_score_distance_and_words(town: Town) -> None:
    same = report(town)
    report(town, "路灯不亮，晚上很黑，请尽快修理")
    [found] = alike(town)
    assert (found.case_id, found.number, found.state) == (same.case_id, same.number, "reported")
    assert found.score > 0.4
    assert 40 < (found.metres or 0) < 60
    assert {"烧烤", "占道", "油烟很大"} & set(found.words)


def test_far_old_other_and_left_out_cases_are_not_found(town: Town) -> None:
    report(town, point=FAR)
    assert alike(town) == []
    assert len(alike(town, near=town.paths["G11"])) == 1
    same = report(town)
    assert alike(town, since=clock.now() + timedelta(minutes=1)) == []
    assert alike(town, but=same.case_id) == []
    assert alike(town, case_class="E0417") == []
    classed = report(town, case_class="E0417")
    assert [one.case_id for one in alike(town, case_class="E0417")] == [classed.case_id]


def test_only_what_the_mandate_sees_is_found(town: Town) -> None:
    report(town)
    assert len(alike(town, "worker")) == 1
    assert alike(town, "worker2") == []
    assert alike(town, "clerk") == []


def test_an_erased_case_is_not_found(town: Town) -> None:
    same = report(town)
    erase(subject_id=same.case_id, reason_code="request", by=mandates.console())
    assert alike(town) == []


def test_numbers_alone_make_nothing_alike(town: Town) -> None:
    same = report(town, "3204992026 甲")
    assert alike(town, text=same.number) == []
    assert alike(town, text="请打 13800000000") == []


@given(st.text("路灯不亮烧烤油烟", max_size=30), st.text("路灯不亮烧烤油烟", max_size=30))
def test_likeness_is_mutual_and_full_for_the_same(one: str, other: str) -> None:
    left, right = bigrams(one), bigrams(other)
    assert likeness(left, right) == likeness(right, left)
    assert 0 <= likeness(left, right) <= 1
    assert likeness(left, left) == (1.0 if left else 0.0)


@pytest.mark.parametrize(
    ("one", "other", "pieces"),
    [("桥头烧烤油烟大", "油烟大，桥头边", ("油烟大", "桥头")), ("路灯", "烧烤", ()), ("abab", "ab", ("ab",))],
)
def test_what_both_say_is_named(one: str, other: str, pieces: tuple[str, ...]) -> None:
    assert shared(terms_of(one), terms_of(other)) == pieces
