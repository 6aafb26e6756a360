"""Working calendars of places."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kernel.duties.conftest import G1, People
from wangge.base.errors import Conflict, Forbidden, InvalidInput
from wangge.base.mandate import Mandate
from wangge.base.units import Limit, LimitUnit
from wangge.kernel.duties import mandates
from wangge.kernel.duties.calendars import calendar_for, unknown_years
from wangge.kernel.duties.hours import confirm_year, create_calendar, fill_calendar, set_day, set_hours
from wangge.kernel.duties.models import CalendarDay
from wangge.kernel.journal.models import Entry
from wangge.kernel.places.queries import places_version

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_chinese_make_up_days_are_workdays_and_holidays_are_not(people: People, by: Mandate) -> None:
    calendar = create_calendar(area="S", by=by)
    assert fill_calendar(calendar=calendar, years=[2025, 2026], by=by) > 20
    held = calendar_for(G1)
    assert held.is_workday(date(2025, 9, 28))
    assert not held.is_workday(date(2025, 10, 8))
    assert held.is_workday(date(2025, 10, 9))
    start = datetime(2025, 9, 30, 17, 50, tzinfo=SHANGHAI)
    assert held.due(start, Limit(4, LimitUnit.WORKING_HOUR)) == datetime(2025, 10, 9, 11, 50, tzinfo=SHANGHAI)


def test_the_nearest_calendar_wins_and_every_change_is_seen_at_once(people: People, by: Mandate) -> None:
    assert calendar_for(G1).windows == ((480, 720), (840, 1080))
    create_calendar(area="S", source="US-MD", timezone="America/New_York", by=by)
    assert calendar_for(G1).timezone == "America/New_York"
    nearer = create_calendar(area="A", windows=[(540, 1020)], source="", by=by)
    assert calendar_for(G1).windows == ((540, 1020),)
    assert calendar_for("S/").timezone == "America/New_York"
    set_hours(calendar=nearer, windows=[(0, 1440)], by=by)
    assert calendar_for(G1).windows == ((0, 1440),)
    set_day(calendar=nearer, day=date(2026, 5, 4), kind="holiday", name="社区节", by=by)
    assert not calendar_for(G1).is_workday(date(2026, 5, 4))
    set_day(calendar=nearer, day=date(2026, 5, 4), kind=None, by=by)
    assert calendar_for(G1).is_workday(date(2026, 5, 4))


def test_a_known_version_costs_no_statement(people: People, by: Mandate) -> None:
    create_calendar(area="S", by=by)
    version = places_version()
    calendar_for(G1, version)
    with CaptureQueriesContext(connection) as asked:
        assert calendar_for(G1, version) is calendar_for("S/", version)
    assert len(asked) == 0


def test_days_set_by_hand_outlive_a_refill(people: People, by: Mandate) -> None:
    calendar = create_calendar(area="S", by=by)
    set_day(calendar=calendar, day=date(2026, 1, 1), kind="workday", by=by)
    fill_calendar(calendar=calendar, years=[2026], by=by)
    assert fill_calendar(calendar=calendar, years=[2026], by=by) == 0
    assert CalendarDay.objects.get(day=date(2026, 1, 1)).kind == "workday"
    assert [entry.verb for entry in Entry.objects.filter(subject_id=calendar.id).order_by("seq")] == [
        "create", "set_day", "fill", "fill",
    ]


def test_a_year_whose_make_up_days_are_not_known_is_warned_of_from_november(people: People, by: Mandate) -> None:
    calendar = create_calendar(area="S", by=by)
    assert [(gap.year, gap.reason) for gap in unknown_years(date(2026, 6, 1))] == [(2026, "empty")]
    fill_calendar(calendar=calendar, years=[2026, 2099], by=by)
    assert unknown_years(date(2026, 10, 31)) == []
    assert [(gap.area_code, gap.year, gap.reason) for gap in unknown_years(date(2026, 11, 1))] == [
        ("S", 2027, "empty"),
    ]
    assert [gap.reason for gap in unknown_years(date(2098, 12, 1))] == ["empty", "no-make-up-days"]


def test_one_make_up_day_by_hand_does_not_end_the_remark_until_the_year_is_confirmed(
    people: People, by: Mandate
) -> None:
    calendar = create_calendar(area="S", by=by)
    fill_calendar(calendar=calendar, years=[2025, 2026, 2099], by=by)
    with pytest.raises(InvalidInput, match="No day of this year"):
        confirm_year(calendar=calendar, year=2098, by=by)
    with pytest.raises(Forbidden):
        confirm_year(calendar=calendar, year=2099, by=mandates.public("S/"))
    december = date(2098, 12, 1)
    set_day(calendar=calendar, day=date(2099, 2, 14), kind="workday", name="调休", by=by)
    set_day(calendar=calendar, day=date(2098, 2, 14), kind="holiday", by=by)
    assert [(gap.year, gap.reason) for gap in unknown_years(december)] == [
        (2098, "no-make-up-days"), (2099, "unconfirmed"),
    ]  # fmt: skip
    confirm_year(calendar=calendar, year=2099, by=by)
    assert [gap.year for gap in unknown_years(december)] == [2098]
    entry = Entry.objects.filter(subject_id=calendar.id).order_by("-seq")[0]
    assert (entry.verb, entry.data["year"]) == ("confirm_year", 2099)


def test_the_librarys_own_make_up_days_need_no_confirmation(people: People, by: Mandate) -> None:
    calendar = create_calendar(area="S", by=by)
    fill_calendar(calendar=calendar, years=[2025, 2026], by=by)
    assert unknown_years(date(2025, 12, 1)) == []


def test_what_is_wrong_with_a_calendar_is_refused(people: People, by: Mandate) -> None:
    with pytest.raises(InvalidInput, match="No holidays are known"):
        create_calendar(area="S", source="XX", by=by)
    with pytest.raises(InvalidInput):
        create_calendar(area="S", windows=[(700, 600)], by=by)
    with pytest.raises(InvalidInput):
        create_calendar(area="S", timezone="Mars/Base", by=by)
    with pytest.raises(Forbidden):
        create_calendar(area="S", by=mandates.public("S/"))
    calendar = create_calendar(area="S", by=by)
    with pytest.raises(Conflict):
        create_calendar(area="S", by=by)
    with pytest.raises(InvalidInput, match="kind of day"):
        set_day(calendar=calendar, day=date(2026, 1, 1), kind="feast", by=by)
