"""Several periods by one statement say what each says by itself; cases by grid; which grids are silent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from tests.kernel.indicators.making import JUNE, NOW, at, cases, closed, due
from tests.town import Town
from wangge.kernel.duties.roster import Holding
from wangge.kernel.indicators.asking import Question
from wangge.kernel.indicators.periods import parse
from wangge.kernel.indicators.queries import cases_behind, figures
from wangge.kernel.indicators.quiet import Reports, reports, silent
from wangge.kernel.indicators.series import back_from, series
from wangge.kernel.indicators.table import INDICATORS
from wangge.kernel.places.queries import AreaInfo, area_by_code

ALL = tuple(INDICATORS.values())


def test_a_series_is_what_each_period_says(town: Town) -> None:
    cases(town, [due(), closed(), closed(satisfaction=3), {"reported_at": at(3, month=5)}])
    periods = back_from(JUNE, 12)
    assert [periods[0].text, periods[-1].text, len(periods)] == ["2025-06", "2026-06", 13]
    question, by = Question(area_path=town.root), town.by("leader")
    found = series(question, periods, by=by, now=NOW, indicators=ALL)
    assert found == [figures(question, one, by=by, now=NOW).total for one in periods]
    assert found[-1]["satisfaction"].numerator == 1


def test_the_calendar_begins_somewhere() -> None:
    third = parse("0001-03", "Asia/Shanghai")
    assert [one.text for one in back_from(third, 12)] == ["0001-02", "0001-03"]


def test_a_grid_has_as_many_cases_as_the_list_behind_it(town: Town) -> None:
    grid = town.paths["G11"]
    cases(town, [{}, {"state": "void"}, {"where": "G12"}])
    question, by = Question(area_path=town.root), town.by("leader")
    found = reports(question, JUNE, cells={grid}, by=by, now=NOW)
    behind = cases_behind("unclosed", "denominator", Question(area_path=grid), JUNE, by=by, now=NOW)
    assert found[grid].cases == behind.cases == 2
    assert found[""].cases == 1
    assert found[grid].last == max(row.case.reported_at for row in behind.page.rows)


def holding(grid: AreaInfo, since: datetime, *, post: str = "grid_worker", kind: str = "regular",
            person: UUID | None = None) -> Holding:
    return Holding(person or uuid4(), "", None, post, grid.id, grid.path, kind, uuid4(), since, None)


@pytest.fixture
def grids(town: Town) -> list[AreaInfo]:
    codes = ("G11", "G12", "G21", "G22")
    return [area_by_code(f"T-{code}") for code in codes]


def test_silent_is_where_somebody_on_duty_all_that_time_reported_nothing(grids: list[AreaInfo]) -> None:
    now = datetime(2026, 6, 30, tzinfo=UTC)
    long_ago, lately = now - timedelta(days=90), now - timedelta(days=2)
    one, two, three, four = grids
    gone = uuid4()
    held = [
        holding(one, long_ago), holding(two, long_ago), holding(three, lately),
        holding(four, long_ago, person=gone), holding(four, lately, kind="leave", person=gone),
    ]  # fmt: skip
    known = {
        one.path: Reports(0, now - timedelta(days=8)), three.path: Reports(0, now - timedelta(days=40)),
        four.path: Reports(0, now - timedelta(days=40)),
    }
    found = silent(grids, known, held, now=now, days=7)
    assert [(row.grid, row.last, row.since, row.people) for row in found] == [
        (two, None, long_ago, 1), (one, known[one.path].last, known[one.path].last, 1),
    ]  # fmt: skip
    assert [row.grid for row in silent(grids, known, held, now=now, days=9)] == [two]
    inspector = [holding(two, long_ago, post="committee_member")]
    assert silent(grids, known, inspector, now=now, days=7) == []
