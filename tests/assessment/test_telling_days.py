"""An area above its daily limit is told so the same day: one entry by the job, read where one begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.assessment import quarter
from tests.town import Town
from wangge.assessment.running.tellingdays import key_of, tell, told
from wangge.assessment.services import NewFinding, record_findings
from wangge.base.errors import Forbidden
from wangge.kernel.duties import mandates
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.verifying import verify
from wangge.kernel.places.queries import atlas

DAY = datetime(2026, 6, 8, 1, tzinfo=UTC)
EVENING = datetime(2026, 6, 8, 10, tzinfo=UTC)


@pytest.fixture
def town(db: None) -> Town:
    from wangge.kernel.cases import reference
    from wangge.kernel.places import queries as places

    places._atlases.clear()
    reference._snapshots.clear()
    return quarter.town()


def find(town: Town, count: int, *, start: int = 0, area: str = "T-G11", at: datetime = DAY) -> None:
    rows = [
        NewFinding("subdistrict", f"{area}-{at:%d}-{number}", area, at + timedelta(minutes=number), Decimal(0), "E0417")
        for number in range(start, start + count)
    ]
    record_findings(rows, by=quarter.by(town, "assessor", at + timedelta(hours=2)))


def sweep(at: datetime = EVENING) -> int:
    job = mandates.job("tell_days", at=at, recorded_at=at)
    return tell(atlas(), now=at, by=job)


def test_the_fourth_problem_of_a_day_is_told_once(town: Town) -> None:
    find(town, 3)
    assert sweep() == 0
    find(town, 2, start=3)
    assert sweep() == 1
    assert sweep() == 0
    entry = Entry.objects.get(subject_id=key_of(town.areas["G11"], DAY.date()))
    assert (entry.verb, entry.channel, entry.area) == ("tell_day", "job:tell_days", town.areas["G11"])
    assert entry.data == {"day": "2026-06-08", "found": 5, "above": 2, "limit": 3, "points": "0.20"}
    assert verify().clean


def test_each_area_and_each_day_is_told_by_itself(town: Town) -> None:
    find(town, 4)
    find(town, 5, area="T-G21")
    assert sweep() == 2
    next_day = DAY + timedelta(days=1)
    find(town, 4, at=next_day)
    assert sweep(next_day + timedelta(hours=9)) == 1
    assert Entry.objects.filter(verb="tell_day").count() == 3


def test_what_was_told_is_read_on_that_day_of_the_place_only(town: Town) -> None:
    find(town, 4)
    sweep()
    places = atlas()
    area, beside = (places.by_path[town.paths[name]] for name in ("G11", "G12"))
    found = told(area, places, EVENING)
    assert found is not None
    assert (found.found, found.above, found.points, found.at) == (4, 1, "0.10", EVENING)
    assert told(area, places, datetime(2026, 6, 8, 15, 59, tzinfo=UTC)) == found
    assert told(area, places, datetime(2026, 6, 8, 16, 0, tzinfo=UTC)) is None
    assert told(beside, places, EVENING) is None


def test_only_the_job_tells(town: Town) -> None:
    find(town, 4)
    with pytest.raises(Forbidden):
        tell(atlas(), now=EVENING, by=replace(town.by("leader"), at=EVENING))
    assert not Entry.objects.filter(verb="tell_day").exists()
