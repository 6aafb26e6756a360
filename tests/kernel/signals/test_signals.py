"""Each signal finds what its rule says, leaves out what it says it leaves out, and names nobody who reports."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.interfaces.world import photo
from tests.kernel.signals.making import (
    ask,
    closed_in_june,
    do,
    only,
    refused,
    report,
    solved_at_once,
)
from tests.kernel.spots.making import Seen, make, sweep
from tests.town import ROOT, Town
from wangge.base.errors import Forbidden, InvalidInput, Moved, NotFound
from wangge.base.ids import new_id
from wangge.kernel.cases.files import store_file
from wangge.kernel.cases.guards import REFUSALS_TO_MEETING
from wangge.kernel.cases.models import Case, StoredFile
from wangge.kernel.indicators.periods import parse
from wangge.kernel.signals.kinds import DEFAULTS, KINDS, THRESHOLDS
from wangge.kernel.signals.models import SetThreshold
from wangge.kernel.signals.rules import month_ends
from wangge.kernel.signals.tuning import set_threshold, set_thresholds, thresholds

JUNE, END = "2026-06", datetime(2026, 7, 1, tzinfo=UTC)


def test_nothing_gives_no_signal_but_silence(town: Town) -> None:
    found = ask(town)
    assert list(found.lists) == list(KINDS)
    assert {code: one.open for code, one in found.lists.items()} == {**dict.fromkeys(KINDS, 0), "silent": 2}


def test_the_same_photo_on_two_cases_is_found_by_its_bytes(town: Town) -> None:
    first, second = report(town, photo=photo("teal")), report(town, grid="G21", photo=photo("teal"))
    report(town, photo=photo("navy"))
    one = only(town, "photo")
    assert sorted(one.data["cases"]) == sorted([first.number, second.number])
    assert (one.data["uses"], one.path) == (2, second.path)


def test_one_photo_before_and_after_of_one_case_is_a_signal_but_twice_in_one_role_is_none(town: Town) -> None:
    case = report(town, photo=photo("teal"))
    again = store_file(file_id=new_id(), content=photo("teal"), by=town.by("worker"))
    do(town, case.id, "worker", "attach", files=(again.id,))
    StoredFile.objects.filter(case=case).update(role="before")
    assert ask(town).lists["photo"].open == 0
    StoredFile.objects.filter(id=again.id).update(role="after")
    assert only(town, "photo").data == {"cases": [case.number], "uses": 2}


def test_what_was_solved_within_two_minutes_is_found_and_a_longer_one_is_not(town: Town) -> None:
    case = solved_at_once(town)
    one = only(town, "fast")
    assert one.data["number"] == case.number
    assert 0 <= one.data["seconds"] <= 120
    assert (one.post, one.organisation) == ("grid_worker", None)
    Case.objects.filter(id=case.id).update(reported_at=case.handled_at - timedelta(seconds=121))
    assert ask(town).lists["fast"].open == 0


def test_a_self_disposed_case_is_not_one_that_was_solved_at_once(town: Town) -> None:
    case = solved_at_once(town)
    Case.objects.filter(id=case.id).update(self_disposed=True)
    assert ask(town).lists["fast"].open == 0


def test_closings_at_the_end_of_a_month_are_compared_with_the_other_days(town: Town) -> None:
    closed_in_june(town, *([1] * 10), 12, 18)
    found = ask(town, period=JUNE, at=END).lists["month_end"].rows
    assert {(one.path, one.organisation) for one in found} == {(town.paths["G11"], None), (town.root, town.unit)}
    assert {tuple(sorted(one.data.items())) for one in found} == {
        (("days", 3), ("late", 10), ("month", JUNE), ("others", 27), ("rest", 2))
    }


@pytest.mark.parametrize(
    "closed", [[*([1] * 9), 12], [*([1] * 10), *(day for day in range(5, 27) for _ in range(2))]]
)
def test_few_closings_or_a_steady_month_are_no_cluster(town: Town, closed: list[float]) -> None:
    closed_in_june(town, *closed)
    assert ask(town, period=JUNE, at=END).lists["month_end"].open == 0


def test_months_ends_that_have_not_begun_are_left_out() -> None:
    quarter = parse("2026-Q2", "Asia/Shanghai")
    assert [one.text for one in month_ends(quarter, 3, END)] == ["2026-04", "2026-05", "2026-06"]
    early = month_ends(quarter, 3, datetime(2026, 6, 20, tzinfo=UTC))
    assert [(one.text, one.days, one.others) for one in early] == [("2026-04", 3, 27), ("2026-05", 3, 28)]
    assert month_ends(parse("2026-06-10", "Asia/Shanghai"), 3, END) == []


def test_a_silent_grid_is_one_of_insight_and_a_report_ends_the_silence(town: Town) -> None:
    silent = ask(town).lists["silent"].rows
    assert {one.path for one in silent} == {town.paths["G11"], town.paths["G21"]}
    report(town)
    assert only(town, "silent").path == town.paths["G21"]


def test_figures_that_hang_on_few_reporters_show_a_share_and_nobody(town: Town) -> None:
    for _ in range(17):
        report(town, "worker")
    for _ in range(3):
        report(town)
    one = only(town, "few")
    assert (one.path, one.data) == (town.paths["G11"], {"reports": 20, "percent": 80})
    told = repr(one)
    assert str(town.people["worker"]) not in told
    assert "样例" not in told


def test_anonymous_reports_are_nobodys_and_nineteen_reports_are_too_few(town: Town) -> None:
    for _ in range(20):
        report(town)
    assert ask(town).lists["few"].open == 0
    for _ in range(19):
        report(town, "worker2", grid="G21")
    assert ask(town).lists["few"].open == 0


def test_a_spot_where_cases_came_back_is_a_signal_of_its_month(town: Town) -> None:
    make(town, Seen(20), Seen(10), Seen(2, closed=False))
    assert sweep().opened == 1
    one = only(town, "rebound", period=JUNE, at=END)
    assert one.data["spot"].startswith("S")
    assert one.data["days"] == 30
    assert ask(town, period="2026-05", at=END).lists["rebound"].open == 0


def test_the_second_refusal_is_a_signal_and_calls_the_meeting(town: Town) -> None:
    case = refused(town, 1)
    assert ask(town).lists["refusal"].open == 0
    do(town, case.id, "operator", "dispatch", organisation=town.unit)
    do(town, case.id, "clerk", "return", reason="还是不归我们")
    one = only(town, "refusal")
    assert one.data == {"number": case.number, "refusals": REFUSALS_TO_MEETING, "meeting": "called"}


def test_a_reader_sees_signals_of_the_own_ground_only_and_needs_the_verb(town: Town) -> None:
    with pytest.raises(Forbidden):
        ask(town, "secretary")
    with pytest.raises(Forbidden):
        ask(town, "worker")


@pytest.mark.parametrize(("given", "field"), [({"period": "2026"}, "period"), ({"kinds": ("x",)}, "signal")])
def test_what_cannot_be_asked_is_said(town: Town, given: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        ask(town, **given)  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_a_threshold_of_the_nearest_area_holds_until_it_is_given_up(town: Town) -> None:
    solved_at_once(town)
    set_threshold(area=ROOT, name="fast.seconds", value=10, by=town.by("leader"))
    set_threshold(area="T-C1", name="fast.seconds", value=300, by=town.by("leader"))
    assert thresholds(town.root).values["fast.seconds"] == 10
    assert thresholds(town.paths["G11"]).values["fast.seconds"] == 300
    assert thresholds(town.paths["G21"]).set == {"fast.seconds"}
    set_threshold(area=ROOT, name="fast.seconds", value=None, by=town.by("leader"))
    assert thresholds(town.root) == DEFAULTS


def test_thresholds_are_set_by_who_leads_within_their_bounds(town: Town) -> None:
    with pytest.raises(Forbidden):
        set_threshold(area=ROOT, name="fast.seconds", value=10, by=town.by("auditor"))
    for name, value in (("fast.seconds", 9), ("fast.seconds", 3601), ("fast.minutes", 2)):
        with pytest.raises(InvalidInput):
            set_threshold(area=ROOT, name=name, value=value, by=town.by("leader"))
    with pytest.raises(NotFound):
        set_threshold(area=ROOT, name="fast.seconds", value=None, by=town.by("leader"))
    assert not SetThreshold.objects.exists()


def test_the_database_refuses_a_threshold_out_of_bounds(town: Town) -> None:
    row = set_threshold(area=ROOT, name="fast.seconds", value=60, by=town.by("leader"))
    for changed in ({"value": 1}, {"name": "fast.minutes"}):
        with pytest.raises(IntegrityError, match="signals_threshold_bounds"), transaction.atomic():
            SetThreshold.objects.filter(id=row.id).update(**changed)


def test_several_thresholds_are_set_as_they_were_seen(town: Town) -> None:
    seen = dict(thresholds(town.root).values)
    given = {"few.percent": 90, "few.reporters": seen["few.reporters"]}
    assert set_thresholds(area=ROOT, given=given, seen=seen, by=town.by("leader")) == 1
    with pytest.raises(Moved):
        set_thresholds(area=ROOT, given={"few.percent": 70}, seen=seen, by=town.by("leader"))
    assert thresholds(town.root).values["few.percent"] == 90


def test_each_sentence_names_exactly_its_thresholds() -> None:
    for code, kind in KINDS.items():
        values = DEFAULTS.of(code)
        assert all(str(value) in kind.told(values, english=True) for value in values.values()), code
        assert kind.told(values, english=False)
        assert kind.not_meant
        assert kind.not_meant_en
    assert {name.split(".")[0] for name in THRESHOLDS} <= set(KINDS)
