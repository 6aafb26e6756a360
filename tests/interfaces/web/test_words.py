"""Deadlines, times and spans in words; every message has its Chinese."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from wangge.interfaces.web import words
from wangge.runtime.translations import parse

NOW = datetime(2026, 10, 14, 2, 20, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


@pytest.mark.parametrize(
    ("left", "kind", "said"),
    [
        (minutes(-25), "late", "超期 25 分"),
        (timedelta(days=-3, hours=-4, minutes=-5), "late", "超期 3 天 4 小时"),
        (timedelta(days=-10, hours=-4), "late", "超期 10 天"),
        (minutes(12), "soon", "还剩 12 分"),
        (minutes(100), "", "今天 12:00 前"),
        (timedelta(days=1), "", "明天 10:20 前"),
        (timedelta(days=3), "", "10-17 10:20 前"),
        (timedelta(days=100), "", "2027-01-22 10:20 前"),
    ],
)
def test_a_deadline_is_said_in_words(left: timedelta, kind: str, said: str) -> None:
    with translation.override("zh-hans"):
        assert words.due(NOW + left, now=NOW, zone=ZONE) == (kind, said)


def test_finished_work_is_in_time_or_late() -> None:
    with translation.override("zh-hans"):
        assert words.due(NOW, now=NOW, ended=NOW) == ("done", "按时办结")
        assert words.due(NOW, now=NOW, ended=NOW + minutes(61)) == ("late", "办结，超期 1 小时 1 分")
        assert words.due(None, now=NOW) == ("", "无时限")


def test_a_moment_is_said_in_the_time_of_its_place() -> None:
    late = datetime(2026, 10, 14, 16, 30, tzinfo=UTC)  # the 15th in Shanghai, the 14th in New York
    with translation.override("en"):
        assert words.moment(late, now=NOW, zone=ZONE) == "tomorrow 00:30"
        assert words.moment(late, now=late, zone=ZoneInfo("America/New_York")) == "today 12:30"


@pytest.mark.parametrize(
    ("length", "said"),
    [(minutes(0), "0:00"), (minutes(79), "1:19"), (minutes(-165), "2:45"), (timedelta(hours=40), "40:00")],
)
def test_a_sum_is_in_hours_and_minutes(length: timedelta, said: str) -> None:
    assert words.clock(length) == said


def test_limits_have_their_kind_of_time() -> None:
    with translation.override("en"):
        assert words.limit(2, "working_day") == "2 working days"
        assert words.limit(1, "calendar_hour") == "1 hour, day and night"
        assert words.limit(None, None) == ""


def test_every_message_of_the_pages_has_its_chinese() -> None:
    source = Path(words.__file__).parents[2] / "locale/zh_Hans/LC_MESSAGES/django.po"
    catalogue = parse(source.read_text(encoding="utf-8"))
    assert len(catalogue) > 400
    assert [key for key, text in catalogue.items() if key and not text.strip()] == []
    for table in (words.STATES, words.STAGES, words.BUTTONS, words.DONE, words.NEXT, words.SOURCES, words.TIERS):
        for code, message in table.items():
            with translation.override("en"):
                english = str(message)
            with translation.override("zh-hans"):
                assert str(message) != english, code
